//! What only a browser can do: painting, decoding pictures, running the network while the pen moves.
//!
//! It compiles for the server too, where nothing calls it (effects and event handlers don't run there), so that no
//! component needs a gate.

pub mod ask;
pub mod clock;
pub mod dates;
pub mod document;
pub mod files;
pub mod frame;
pub mod keep;
pub mod leave;
pub mod load;
pub mod model;
pub mod paint;
pub mod picture;
pub mod plot;
pub mod pointer;
pub mod poll;
pub mod read;

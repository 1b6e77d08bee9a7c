//! Framing: any picture or drawing to the network's 28 x 28.

mod any_input;
mod digits;
mod pages;
mod paper;
mod strokes;

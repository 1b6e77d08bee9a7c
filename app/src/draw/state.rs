//! What the drawing page's parts share: the drawing or the picture in its place, the reading of it, the server's answer.

use std::sync::Arc;

use classifier::ModelInput;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::drawing::{Drawing, KeyboardPen, Pen};
use crate::client::Refusal;
use api::Prediction;

/// The page's own reading, at every moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Live {
    /// The network isn't there yet.
    #[default]
    Loading,
    /// It will never be: the page says so.
    Failed,
    /// Nothing is drawn.
    Waiting,
    /// There is a picture, and no stroke on it.
    Blank,
    /// A digit.
    Read(Glance),
}

/// One reading of the page's own network.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// What the network saw.
    pub seen: Arc<ModelInput>,
    /// What it says.
    pub reading: classifier::Prediction,
    /// How long framing and reading took.
    pub milliseconds: f64,
}

impl Live {
    /// The glance, once there is one.
    pub fn glance(&self) -> Option<&Glance> {
        match self {
            Self::Read(glance) => Some(glance),
            _ => None,
        }
    }
}

/// A picture that stands in the canvas in place of a drawing.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The file's name.
    pub name: String,
    /// The file as it came: what the server is sent.
    pub file: SendWrapper<web_sys::File>,
    /// The decoded picture: what the canvas shows.
    pub bitmap: SendWrapper<web_sys::ImageBitmap>,
    /// Its pixels, reduced where there are very many: what the network is framed from.
    pub pixels: Arc<crate::draw::image_file::Pixels>,
}

/// What came of asking the server.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Asked {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// The answer is on its way.
    Waiting {
        /// [`Desk::revision`] when it was asked.
        revision: u32,
    },
    /// It answered.
    Answered {
        /// Its reading.
        prediction: Prediction,
        /// The page's own reading of the same drawing.
        here: Option<Glance>,
        /// From the request to the answer.
        milliseconds: f64,
        /// [`Desk::revision`] when it was asked.
        revision: u32,
    },
    /// It refused, or never heard of it.
    Refused(Refusal),
}

/// Why a file can't stand in the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It isn't a picture at all.
    NoPicture,
    /// It says that it is one, and the browser can't read it.
    Unreadable,
    /// It is larger than a page should try to decode.
    TooLarge,
}

/// Handles to all of it; copies share the same state.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The strokes.
    pub drawing: RwSignal<Drawing>,
    /// The picture in place of the drawing.
    pub upload: RwSignal<Option<Upload>>,
    /// The pen's width for the next stroke.
    pub pen: RwSignal<Pen>,
    /// The keyboard's pen, while it is in use.
    pub keyboard: RwSignal<Option<KeyboardPen>>,
    /// The page's own reading.
    pub live: RwSignal<Live>,
    /// The server's.
    pub asked: RwSignal<Asked>,
    /// Why the last file was not taken.
    pub unusable: RwSignal<Option<Unusable>>,
    /// What a screen reader is to say at once.
    pub said: RwSignal<String>,
    /// Grows with every change of the drawing or picture.
    pub revision: RwSignal<u32>,
}

impl Desk {
    /// A desk with blank paper, shared with every component below.
    pub fn provide() -> Self {
        let desk = Self {
            drawing: RwSignal::default(),
            upload: RwSignal::new(None),
            pen: RwSignal::default(),
            keyboard: RwSignal::new(None),
            live: RwSignal::default(),
            asked: RwSignal::default(),
            unusable: RwSignal::new(None),
            said: RwSignal::default(),
            revision: RwSignal::new(0),
        };
        provide_context(desk);
        desk
    }

    /// The desk shared by [`Desk::provide`], or a blank one.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Change the drawing; `None` while a picture stands in its place.
    pub fn draw<T>(self, change: impl FnOnce(&mut Drawing) -> T) -> Option<T> {
        if self.has_upload() {
            return None;
        }
        self.unusable.set(None);
        self.revision.update(|revision| *revision += 1);
        self.drawing.try_update(change)
    }

    /// Put a picture in the drawing's place, or say why not. Undo still brings the drawing back.
    pub fn show(self, opened: Result<Upload, Unusable>) {
        match opened {
            Ok(upload) => {
                self.unusable.set(None);
                self.drawing.update(Drawing::clear);
                self.keyboard.set(None);
                self.revision.update(|revision| *revision += 1);
                self.upload.set(Some(upload));
            }
            Err(reason) => self.unusable.set(Some(reason)),
        }
    }

    /// Take the picture away, or else the drawing.
    pub fn clear(self) {
        self.unusable.set(None);
        if self.has_upload() {
            self.upload.set(None);
            self.revision.update(|revision| *revision += 1);
        } else {
            self.draw(Drawing::clear);
        }
        self.asked.set(Asked::Nothing);
    }

    /// Take back the last stroke; with a picture in the canvas, take that away.
    pub fn undo(self) {
        if self.draw(Drawing::undo).is_none() {
            self.clear();
        }
    }

    /// Whether a picture stands in the canvas; does not subscribe.
    pub fn has_upload(self) -> bool {
        self.upload.with_untracked(Option::is_some)
    }

    /// Whether the server's answer is of something that is no longer in the canvas.
    pub fn is_earlier(self) -> bool {
        let asked = self.asked.with(|asked| match asked {
            Asked::Answered { revision, .. } => Some(*revision),
            _ => None,
        });
        asked.is_some_and(|revision| revision != self.revision.get())
    }

    /// Whether there is anything to read.
    pub fn is_empty(self) -> bool {
        self.upload.with(Option::is_none) && self.drawing.with(Drawing::is_empty)
    }
}

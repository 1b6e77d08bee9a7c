//! The state that the parts of the drawing page share: the drawing or the image, the local prediction, and the request to
//! the server.

use std::sync::Arc;

use api::Notice;
use classifier::{Reading, preprocess::Picture};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    drawing::{Drawing, KeyboardPen, Tool},
    grid::GridView,
    model,
    quota::QuotaTexts,
};
use crate::{i18n::TranslatedProblem, ui::texts::FrameTexts};

/// The prediction of the classifier in the page, which follows every change.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum LivePrediction {
    /// The classifier is not loaded yet.
    #[default]
    Loading,
    /// The classifier can't be loaded.
    Failed,
    /// Nothing is drawn.
    Empty,
    /// There is an image without a stroke on it.
    Blank,
    /// There is an image, which the browser alters when the page reads it.
    Altered,
    Ready(LocalResult),
}

/// One prediction of the classifier in the page.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalResult {
    pub reading: Arc<Reading>,
    /// The version of the model that read it.
    pub model: Arc<str>,
    /// The duration of preprocessing and inference.
    pub milliseconds: f64,
}

impl LivePrediction {
    /// The result, if there is one.
    pub fn result(&self) -> Option<&LocalResult> {
        match self {
            Self::Ready(result) => Some(result),
            _ => None,
        }
    }
}

/// An image file that replaces the drawing.
#[derive(Debug, Clone)]
pub struct LoadedImage {
    pub file_name: String,
    /// The reduced image, which the canvas shows.
    pub shown: SendWrapper<web_sys::HtmlCanvasElement>,
    /// Its pixels, which the page explains; `None` where the browser alters what a page reads from a canvas.
    pub picture: Option<Arc<Picture>>,
    /// What the page reads of it: [`LivePrediction::Altered`] where the browser alters what a page reads from a canvas.
    pub reading: LivePrediction,
    /// What is sent to the server: the same pixels, or else the original file.
    pub upload: SendWrapper<web_sys::Blob>,
    /// The file name that is sent.
    pub upload_name: String,
    /// A data URL of the image, to be stored while the visitor is on another page, if it isn't too long.
    pub kept: Option<String>,
}

/// What the server read: a digit, or a number.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerAnswer {
    /// The digit or the number; `None` if there is none.
    pub numeral: Option<String>,
    pub probability: f32,
    pub cached: bool,
    pub model: String,
    pub notice: Option<Notice>,
    /// The number in the history of what can be corrected.
    pub id: Option<i64>,
}

impl From<api::Prediction> for ServerAnswer {
    fn from(prediction: api::Prediction) -> Self {
        Self {
            numeral: prediction.numeral(),
            probability: prediction.probability,
            cached: prediction.cached,
            model: prediction.model,
            notice: prediction.notice,
            id: prediction.id,
        }
    }
}

impl From<api::Number> for ServerAnswer {
    fn from(number: api::Number) -> Self {
        Self {
            numeral: number.numeral(),
            probability: number.probability,
            cached: number.cached,
            model: number.model,
            notice: number.notice,
            id: None,
        }
    }
}

/// A path and its link's text.
pub type Link = (&'static str, fn(&'static FrameTexts) -> &'static str);

/// Why the server gave no prediction.
#[derive(Debug, Clone)]
pub struct Failure {
    pub text: TranslatedProblem,
    /// Links to pages where the cause can be removed.
    pub links: [Option<Link>; 2],
}

/// The request for the server's prediction.
#[derive(Debug, Clone, Default)]
pub enum ServerRequest {
    #[default]
    Idle,
    Pending {
        /// [`DrawState::revision`] when the request was sent.
        revision: u32,
    },
    Done {
        answer: ServerAnswer,
        /// The local result for the same drawing.
        local: Option<LocalResult>,
        /// Whether the page has read what the server answers; `None` where it hasn't read the same picture, or is loading
        /// the server's model.
        agrees: Option<bool>,
        /// The time from the request to the response.
        milliseconds: f64,
        /// [`DrawState::revision`] when the request was sent.
        revision: u32,
    },
    Failed(Failure),
}

/// Why an image file can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFileError {
    /// What it is instead, if that is known.
    NotAnImage(Option<&'static str>),
    /// It shows something, in a format that the browser doesn't decode.
    OtherFormat(&'static str),
    /// It is damaged.
    Unreadable,
    /// The file is too large to decode safely.
    TooLarge,
    /// A link was dropped, without the image behind it.
    Link,
}

/// How far from a line the eraser still takes it, in page units.
const ERASER_REACH: f32 = 8.0;

/// The state of the drawing page. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct DrawState {
    pub drawing: RwSignal<Drawing>,
    /// The image that replaces the drawing, if any.
    pub image: RwSignal<Option<LoadedImage>>,
    /// What the pointer does next.
    pub tool: RwSignal<Tool>,
    /// The keyboard's pen, while it is in use.
    pub keyboard: RwSignal<Option<KeyboardPen>>,
    /// What shows the grid over the canvas, while it is in use.
    pub grid: RwSignal<Option<GridView>>,
    pub live: RwSignal<LivePrediction>,
    /// The version of the page's model.
    pub model: RwSignal<Arc<str>>,
    pub request: RwSignal<ServerRequest>,
    /// How much of the pending request has been sent, in thousandths; `None` before its start.
    pub sent: RwSignal<Option<u32>>,
    /// Whether the code that corrects an answer is loaded.
    pub can_correct: RwSignal<bool>,
    /// What is left of the quota, after the first answer.
    pub quota: RwSignal<Option<QuotaTexts>>,
    /// Why the last image file was rejected.
    pub file_error: RwSignal<Option<TranslatedProblem>>,
    /// The text of the live region for screen readers.
    pub announcement: RwSignal<String>,
    /// Incremented with every image that is chosen: only the last one is shown.
    pub chosen: StoredValue<u32>,
    /// Incremented with every change of the drawing or the image.
    pub revision: RwSignal<u32>,
}

impl DrawState {
    /// Provide the state of an empty canvas to all child components.
    pub fn provide() -> Self {
        let state = Self {
            drawing: RwSignal::default(),
            image: RwSignal::new(None),
            tool: RwSignal::default(),
            keyboard: RwSignal::new(None),
            grid: RwSignal::new(None),
            live: RwSignal::default(),
            model: RwSignal::new(model::version()),
            request: RwSignal::default(),
            sent: RwSignal::new(None),
            can_correct: RwSignal::new(false),
            quota: RwSignal::new(None),
            file_error: RwSignal::new(None),
            announcement: RwSignal::default(),
            chosen: StoredValue::new(0),
            revision: RwSignal::new(0),
        };
        provide_context(state);
        state
    }

    /// The state from the context.
    pub fn shared() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Change the drawing. Does nothing and returns `None` while an image replaces it.
    pub fn draw<T>(self, change: impl FnOnce(&mut Drawing) -> T) -> Option<T> {
        if self.has_image() {
            return None;
        }
        self.file_error.set(None);
        self.revision.update(|revision| *revision += 1);
        self.drawing.try_update(change)
    }

    /// Replace the drawing with an image, or show why that failed. The drawing is cleared, which undo reverts.
    pub fn load_image(self, image: Result<LoadedImage, TranslatedProblem>) {
        match image {
            Ok(image) => {
                self.file_error.set(None);
                self.drawing.update(Drawing::clear);
                self.keyboard.set(None);
                self.revision.update(|revision| *revision += 1);
                self.image.set(Some(image));
            }
            Err(error) => self.file_error.set(Some(error)),
        }
    }

    /// Remove the image, or else clear the drawing.
    pub fn clear(self) {
        self.file_error.set(None);
        if self.has_image() {
            self.image.set(None);
            self.revision.update(|revision| *revision += 1);
        } else {
            self.draw(Drawing::clear);
        }
        self.request.set(ServerRequest::Idle);
    }

    /// Remove the image, or else undo the last change of the drawing.
    pub fn undo(self) {
        if self.draw(Drawing::undo).is_none() {
            self.clear();
        }
    }

    /// Make the change again that was undone last.
    pub fn redo(self) {
        self.draw(Drawing::redo);
    }

    /// Erase the line at a point of the page. Returns whether there is one.
    pub fn erase(self, point: [f32; 2]) -> bool {
        let line = self
            .drawing
            .with_untracked(|drawing| drawing.line_at(point, ERASER_REACH));
        line.and_then(|line| self.draw(|drawing| drawing.erase(line))).is_some()
    }

    /// Whether an image replaces the drawing. Doesn't track the signal.
    pub fn has_image(self) -> bool {
        self.image.with_untracked(Option::is_some)
    }

    /// Whether the canvas has changed since the server's prediction was requested.
    pub fn is_stale(self) -> bool {
        let requested = self.request.with(|request| match request {
            ServerRequest::Done { revision, .. } => Some(*revision),
            _ => None,
        });
        requested.is_some_and(|revision| revision != self.revision.get())
    }

    /// Whether a request is pending that was sent at this revision. The canvas may have been cleared in the meantime, which
    /// cancels the request, or the page left. Doesn't track the signal.
    pub fn is_awaited(self, revision: u32) -> bool {
        let is_awaited = |request: &ServerRequest| matches!(request, ServerRequest::Pending { revision: pending } if *pending == revision);
        self.request.try_with_untracked(is_awaited) == Some(true)
    }

    /// Whether the server can be asked: there is something to read, and not an image without a stroke.
    pub fn can_ask(self) -> bool {
        !self.is_empty() && self.live.with(|live| !matches!(live, LivePrediction::Blank))
    }

    /// Whether there is neither a drawing nor an image.
    pub fn is_empty(self) -> bool {
        self.image.with(Option::is_none) && self.drawing.with(Drawing::is_empty)
    }
}

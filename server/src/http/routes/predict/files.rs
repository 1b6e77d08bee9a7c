//! The files of a form, one after another.

use api::file_type;
use axum::extract::{
    Multipart,
    multipart::{Field, MultipartError},
};

use super::PredictRejection;
use crate::{
    http::extract::{ContentDisposition, Form, LineEnds},
    prediction::{Upload, UploadError, UploadMemory},
};

/// Reads the files of a form.
pub(super) struct Files<'a> {
    uploads: &'a UploadMemory,
    parts: Multipart,
    line_ends: LineEnds,
}

/// A file of a form.
pub(super) struct NamedFile {
    /// The name that the client sent.
    pub(super) name: String,
    /// Its bytes, or why it can't be predicted.
    pub(super) upload: Result<Upload, PredictRejection>,
}

impl<'a> Files<'a> {
    pub(super) fn of(form: Form, uploads: &'a UploadMemory) -> Result<Self, PredictRejection> {
        Ok(Self {
            uploads,
            parts: form.parts?,
            line_ends: form.line_ends,
        })
    }

    /// The next file named `file`; `None` at the end of the form.
    ///
    /// # Errors
    ///
    /// [`PredictRejection`] of the whole form.
    pub(super) async fn next(&mut self) -> Result<Option<NamedFile>, PredictRejection> {
        let line_ends = &self.line_ends;
        let rejected = |error: MultipartError| match PredictRejection::from(error) {
            PredictRejection::NoFile if line_ends.are_bare() => PredictRejection::LineEnds,
            rejection => rejection,
        };
        while let Some(part) = self.parts.next_field().await.map_err(rejected)? {
            let disposition = ContentDisposition::of(part.headers());
            // A part without a file name is a text field.
            let (Some("file"), Some(name)) = (disposition.name.as_deref(), disposition.file_name) else {
                continue;
            };
            let upload = match read(self.uploads, &name, part).await {
                Ok(upload) => Ok(upload),
                Err(Broken::File(rejection)) => Err(rejection),
                Err(Broken::Form(rejection)) => return Err(rejection),
            };
            return Ok(Some(NamedFile { name, upload }));
        }
        Ok(None)
    }
}

/// What a rejection is about.
enum Broken {
    File(PredictRejection),
    Form(PredictRejection),
}

async fn read(uploads: &UploadMemory, name: &str, mut part: Field<'_>) -> Result<Upload, Broken> {
    if name.is_empty() {
        return Err(Broken::File(PredictRejection::NoFileSelected));
    }
    if !is_allowed(name) {
        let (name, file_type) = (name.to_owned(), file_type(&head(&mut part).await));
        return Err(Broken::File(PredictRejection::WrongType { name, file_type }));
    }
    let mut upload = uploads.upload();
    while let Some(chunk) = part.chunk().await.map_err(|error| Broken::Form(error.into()))? {
        upload.push(&chunk).map_err(|error| match error {
            UploadError::TooLarge => Broken::File(error.into()),
            UploadError::Full => Broken::Form(error.into()),
        })?;
    }
    Ok(upload)
}

/// The first bytes of a file, or fewer if it ends or breaks off.
async fn head(part: &mut Field<'_>) -> Vec<u8> {
    const LENGTH: usize = 1024;
    let mut head = Vec::new();
    while head.len() < LENGTH
        && let Ok(Some(chunk)) = part.chunk().await
    {
        head.extend_from_slice(&chunk[..chunk.len().min(LENGTH)]);
    }
    head
}

/// Whether the extension of the file name is one of the accepted ones, in any case.
fn is_allowed(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["png", "jpg", "jpeg", "gif"]
            .iter()
            .any(|allowed| extension.eq_ignore_ascii_case(allowed))
    })
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn accepted_extensions_in_any_case() {
        for name in ["a.png", "a.JPG", "a.b.jpeg", ".gif", "dígito.Png"] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["png", "a.bmp", "a.png.exe", "a.png ", "", "a."] {
            assert!(!is_allowed(name), "{name}");
        }
    }
}

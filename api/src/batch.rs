//! The response of `POST /api/predict/batch`.

use serde::{Deserialize, Serialize};

use crate::{PredictErrorBody, Prediction};

/// A line of the response of `POST /api/predict/batch`: the answer to one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchLine {
    /// The place of the file in the form, from 0.
    #[serde(rename = "indice")]
    pub index: usize,
    /// The name of the file, without what exceeds 255 characters.
    #[serde(rename = "archivo")]
    pub file_name: String,
    /// What `POST /api/predict` answers to this file.
    #[serde(flatten)]
    pub answer: FileAnswer,
}

/// The answer to one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum FileAnswer {
    /// Status 200.
    Prediction(Prediction),
    /// Any other status.
    Rejection(FileRejection),
}

/// Why there is no prediction for one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileRejection {
    /// The HTTP status that `POST /api/predict` answers with.
    pub status: u16,
    /// Its body.
    #[serde(flatten)]
    pub error: PredictErrorBody,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn both_kinds_of_lines_deserialize() {
        let line = r#"{"indice":1,"archivo":"a.txt","status":400,"code":"file_type","error":"No se permite."}"#;
        let parsed: BatchLine = serde_json::from_str(line).unwrap();
        let FileAnswer::Rejection(rejection) = &parsed.answer else {
            panic!("{parsed:?}");
        };
        assert_eq!((rejection.status, rejection.error.code), (400, ErrorCode::FileType));
        assert_eq!(serde_json::to_string(&parsed).unwrap(), line);
        let line = concat!(
            r#"{"indice":0,"archivo":"a.png","prediccion":3,"probabilidad":0.7,"cached":false,"#,
            r#""probabilidades":[0.1,0.0,0.0,0.7,0.1,0.1,0.0,0.0,0.0,0.0],"modelo":"digits-1"}"#
        );
        let parsed: BatchLine = serde_json::from_str(line).unwrap();
        assert!(matches!(&parsed.answer, FileAnswer::Prediction(prediction) if prediction.digit == 3));
        assert_eq!(serde_json::to_string(&parsed).unwrap(), line);
    }
}

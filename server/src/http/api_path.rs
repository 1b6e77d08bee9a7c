//! Which paths are the API's, whether a route matches them or not.

/// Whether a path is for programs only: its errors are JSON, whatever the request accepts.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || is_inference(path)
}

/// Whether a path is one of the Open Inference Protocol.
pub(crate) fn is_inference(path: &str) -> bool {
    path == "/v2" || path.starts_with("/v2/")
}

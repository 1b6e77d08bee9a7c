//! The id of the current request: in its log lines, in its response and in the text of an internal error.

tokio::task_local! {
    static CURRENT: String;
}

/// Runs `handled` as a part of the request `id`.
pub(crate) async fn scope<F: Future>(id: String, handled: F) -> F::Output {
    CURRENT.scope(id, handled).await
}

/// The id of the current request, of ASCII letters, digits and `-_.` only; empty outside of a request.
pub(crate) fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

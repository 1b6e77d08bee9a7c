//! The queries of Prometheus' HTTP API.

use std::{collections::BTreeMap, time::Duration};

use api::ServiceSeries;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    header::{AUTHORIZATION, HeaderValue},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tokio::time::timeout;
use url::Url;

/// The time for one answer.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The same for Prometheus, which then gives up.
const MAX_EVALUATION: &str = "4s";

/// The largest answer.
const MAX_BODY_BYTES: usize = 8_000_000;

/// A client for one Prometheus.
pub(super) struct Client {
    base: Url,
    authorization: Option<HeaderValue>,
    http: legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
}

/// Why there is no answer. The texts don't have the URL, which may have a password.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error("{0}")]
    Http(#[from] hyper::http::Error),
    #[error("{0}")]
    Connection(#[from] legacy::Error),
    #[error("the answer broke off: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    #[error("it takes too long")]
    TooSlow,
    #[error("status {0}")]
    Status(StatusCode),
    #[error("the answer is none of Prometheus: {0}")]
    Answer(#[from] serde_json::Error),
}

/// What Prometheus answers.
#[derive(Debug, Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    result: Vec<Found>,
}

/// A series of an answer. Prometheus writes numbers as text.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    pub(super) metric: BTreeMap<String, String>,
    value: Option<(f64, String)>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

impl Client {
    pub(super) fn new(base: Url) -> Result<Self, rustls::Error> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self {
            authorization: authorization(&base),
            base,
            http: legacy::Client::builder(TokioExecutor::new()).build(connector),
        })
    }

    /// The result of `query` at a Unix time.
    pub(super) async fn query(&self, query: &str, time: i64) -> Result<Vec<Found>, AskError> {
        self.get("query", query, &[("time", time)]).await
    }

    /// The results of `query` from `start` to `end`.
    pub(super) async fn query_range(
        &self,
        query: &str,
        start: i64,
        end: i64,
        step: i64,
    ) -> Result<Vec<Found>, AskError> {
        let times = [("start", start), ("end", end), ("step", step)];
        self.get("query_range", query, &times).await
    }

    async fn get(&self, path: &str, query: &str, times: &[(&str, i64)]) -> Result<Vec<Found>, AskError> {
        let mut url = self.base.clone();
        // A URL with http: or https: has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1", path]);
        }
        url.query_pairs_mut()
            .append_pair("query", query)
            .append_pair("timeout", MAX_EVALUATION)
            .extend_pairs(times.iter().map(|(name, time)| (*name, time.to_string())));
        // They are in the header.
        let is_without = url.set_username("").and_then(|()| url.set_password(None));
        if is_without.is_err() {
            return Err(AskError::Status(StatusCode::BAD_REQUEST));
        }
        let mut request = Request::get(url.as_str());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Empty::new())?;
        let answered = timeout(MAX_WAIT, async {
            let response = self.http.request(request).await?;
            if response.status() != StatusCode::OK {
                return Err(AskError::Status(response.status()));
            }
            let body = Limited::new(response.into_body(), MAX_BODY_BYTES).collect().await;
            Ok(body.map_err(AskError::Body)?.to_bytes())
        });
        let body = answered.await.map_err(|_| AskError::TooSlow)??;
        let answer: Answer = serde_json::from_slice(&body)?;
        Ok(answer.data.result)
    }
}

impl Found {
    /// The only value.
    pub(super) fn number(self) -> ServiceSeries {
        let value = self.value.as_ref().and_then(|(_, text)| number(text));
        ServiceSeries {
            labels: labels(self.metric),
            values: vec![value],
        }
    }

    /// The values at `points` times.
    pub(super) fn line(self, start: i64, step: i64, points: u32) -> ServiceSeries {
        let mut found = self.values.iter().peekable();
        let times = (0..i64::from(points)).map(|point| start + point * step);
        let value = |time: i64| {
            let is_before = |(at, _): &&(f64, String)| is_earlier(*at, time);
            while found.next_if(is_before).is_some() {}
            let (_, text) = found.next_if(|(at, _)| !is_earlier(-*at, -time))?;
            number(text)
        };
        ServiceSeries {
            values: times.map(value).collect(),
            labels: labels(self.metric),
        }
    }
}

/// Whether a time is more than half a second before another.
fn is_earlier(time: f64, other: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "Unix times stay far below 2^53")]
    let other = other as f64;
    time < other - 0.5
}

/// `None` for NaN and infinity, as where there is no value.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Without the name of the metric, which only some queries keep.
fn labels(mut metric: BTreeMap<String, String>) -> BTreeMap<String, String> {
    metric.remove("__name__");
    metric
}

/// The user name and the password of the URL, as a header.
fn authorization(url: &Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pair = format!(
        "{}:{}",
        decoded(url.username()),
        decoded(url.password().unwrap_or_default())
    );
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Found {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_line_has_a_value_at_each_time_or_a_gap() {
        let line = found(
            r#"{"metric":{"__name__":"up","job":"a"},"values":[[90,"9"],[100,"1"],[130,"NaN"],[145.001,"4"],[160,"5"]]}"#,
        );
        let line = line.line(100, 15, 4);
        assert_eq!(line.values, [Some(1.0), None, None, Some(4.0)]);
        assert_eq!(line.labels, BTreeMap::from([("job".to_owned(), "a".to_owned())]));
        let number = found(r#"{"metric":{},"value":[100,"+Inf"]}"#).number();
        assert_eq!(number.values, [None]);
        assert_eq!(
            found(r#"{"metric":{},"value":[100,"2.5"]}"#).number().values,
            [Some(2.5)]
        );
    }

    #[test]
    fn the_password_of_the_url_is_sent_in_a_header() {
        let header = |url: &str| authorization(&Url::parse(url).unwrap());
        assert_eq!(header("http://prometheus:9090/"), None);
        let value = header("https://user:p%40ss@prometheus/").unwrap();
        assert_eq!(
            value.to_str().unwrap(),
            format!("Basic {}", BASE64_STANDARD.encode("user:p@ss"))
        );
        assert!(!format!("{value:?}").contains("Basic"));
    }
}

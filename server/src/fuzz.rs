//! What is fuzzed: everything that reads what a client, a proxy, an operator or a file of weights says. Compiled for the
//! tests, which replay `fuzz/corpus/` and mutations of it, and for `make fuzz`.
//!
//! A target takes any bytes. It panics if a reader panics, or if what was read breaks a rule that holds for any input.

#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    hint::black_box,
    net::{IpAddr, Ipv4Addr},
    pin::pin,
    sync::LazyLock,
    task::{Context, Poll, Waker},
    time::Duration,
};

use api::Locale;
use app::prometheus::{MAX_SAMPLES, Scrape, Window, histogram_quantile};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, header::CONTENT_TYPE},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use classifier::{
    Backend, Classifier, ModelInput, PIXELS,
    preprocess::{Picture, Stroke, WrittenLine, candidates, drawing_lines, lines, page, preprocess_strokes},
};
use futures_util::{FutureExt, stream};
use ipnet::Ipv4Net;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use tokio::sync::mpsc;

use crate::{
    domain::quota::Quotas,
    http::{
        extract::{Form, TrustedProxies, client_ip::FORWARDED_FOR},
        layers::burst_limit::BurstLimit,
        routes::predict::{PredictRejection, receive},
    },
    limits::{LimitStorage, Limiter, RateLimitKey},
    prediction::{
        UploadMemory,
        decode::{DecodeLimits, decode, decode_small},
    },
    settings::Secret,
    tokens::{AccessTokens, Keys},
    util::Clock,
};

/// A target and its name, which is that of its folder in `fuzz/corpus/`.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 9] = [
    ("exposition", exposition),
    ("forwarded_for", forwarded_for),
    ("language", language),
    ("picture", picture),
    ("quota", quota),
    ("strokes", strokes),
    ("token", token),
    ("upload", upload),
    ("weights", weights),
];

/// A text in Prometheus' exposition format.
fn exposition(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let scrape = Scrape::parse(&text);
    assert!(scrape.samples.len() <= MAX_SAMPLES, "too many samples");
    assert!(scrape.samples.len() + scrape.skipped <= text.lines().count());
    for sample in &scrape.samples {
        let again = Scrape::parse(&format!("{}{} {}", sample.name, sample.labels, sample.value));
        let [found] = &again.samples[..] else {
            assert_eq!(again.samples.len(), 1, "{sample:?} is written as no sample");
            return;
        };
        assert_eq!((&found.name, &found.labels), (&sample.name, &sample.labels));
        assert!(found.value.total_cmp(&sample.value).is_eq() || found.value.is_nan() && sample.value.is_nan());
    }
    let mut window = Window::new(900.0, 3);
    for time in [0.0, 15.0, 30.0, 45.0] {
        window.push(time, &scrape);
    }
    for sample in scrape.samples.iter().take(4) {
        let buckets = window.all_buckets(&sample.name, |_| true);
        black_box(histogram_quantile(0.95, &buckets));
        black_box(window.rate(&sample.name, 60.0, |_| true));
        black_box(window.changes(&sample.name, 60.0));
    }
}

/// Lines of `X-Forwarded-For`.
fn forwarded_for(bytes: &[u8]) {
    const TRUSTED: [u8; 4] = [10, 0, 0, 1];
    const STRANGER: [u8; 4] = [203, 0, 113, 7];
    let proxies = TrustedProxies::new(&[Ipv4Net::new_assert(Ipv4Addr::from(TRUSTED), 8).into()]);
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(FORWARDED_FOR, value);
        }
    }
    let client = |peer: [u8; 4], headers: &HeaderMap| proxies.client(peer.into(), headers).ip;
    assert_eq!(client(STRANGER, &headers), IpAddr::from(STRANGER));
    black_box(client(TRUSTED, &headers));
    // What the proxy appends decides, whatever is before it.
    headers.append(FORWARDED_FOR, HeaderValue::from_static("203.0.113.7"));
    assert_eq!(client(TRUSTED, &headers), IpAddr::from(STRANGER));
}

/// A line of cookies, and the rest in `Accept-Language`.
fn language(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (cookies, header) = text.split_once('\n').unwrap_or(("", &text));
    if let Some(locale) = Locale::accepted(header) {
        assert!(header.to_ascii_lowercase().contains(locale.tag()));
    }
    black_box(Locale::requested(Some(cookies), Some(header)));
    for chosen in Locale::ALL {
        assert_eq!(Locale::requested(Some(&chosen.cookie()), Some(header)), chosen);
    }
}

/// A quota in the notation of the settings.
fn quota(bytes: &[u8]) {
    let Ok(quotas) = String::from_utf8_lossy(bytes).parse::<Quotas>() else {
        return;
    };
    let limiter = Limiter::new(&LimitStorage::in_process(), "fuzz", true, &quotas);
    let key = RateLimitKey::User(1);
    // In this process nothing is waited for.
    let status = limiter.check(&key).now_or_never();
    assert!(
        matches!(status, Some(Ok(Some(status))) if status.remaining < status.limit),
        "{quotas:?}: {status:?}"
    );
    assert!(limiter.refund(&key, 1).now_or_never().is_some());
    assert!(BurstLimit::new(true, &quotas).is_some(), "{quotas:?}");
}

/// What decoding takes here at most: enough for every way to decode, and little enough for many runs a second.
const LIMITS: DecodeLimits = DecodeLimits {
    pixels: 1 << 14,
    memory: 1 << 18,
};

/// A file that may be a picture.
fn picture(bytes: &[u8]) {
    let search = |picture: &Picture| (candidates(picture), lines(picture));
    let small = decode_small(bytes, LIMITS, search, |_, _| {});
    let decoded = decode(bytes, LIMITS, search, |_, _| {});
    if let Ok(Some(small)) = &small {
        assert_eq!(
            decoded.as_ref().ok().map(|decoded| &decoded.picture),
            Some(&small.picture)
        );
    }
    let Ok(decoded) = decoded else { return };
    let (candidates, lines) = decoded.found;
    for candidate in &candidates {
        assert_is_ink(&candidate.input);
    }
    assert_are_ink(&lines);
}

/// Strokes: the number of points, the width, and the coordinates of each.
fn strokes(bytes: &[u8]) {
    let mut strokes = Vec::new();
    let mut rest = bytes;
    while let Some((&points, after)) = rest.split_first() {
        let (numbers, after) = after.split_at(after.len().min(4 + 8 * usize::from(points)));
        let numbers = numbers.as_chunks().0.iter().copied().map(f32::from_le_bytes);
        let numbers: Vec<f32> = numbers.collect();
        let Some((&width, coordinates)) = numbers.split_first() else {
            break;
        };
        strokes.push(Stroke {
            points: coordinates.as_chunks().0.to_vec(),
            width,
        });
        rest = after;
    }
    let drawn = preprocess_strokes(&strokes);
    assert_is_ink(&drawn.input);
    assert_eq!(drawn.blank, drawn.input.0.iter().all(|ink| *ink <= 0.0));
    // Searching a scribble for lines of digits takes tens of milliseconds.
    if bytes.len() < 128 {
        assert_are_ink(&drawing_lines(&strokes));
    }
    assert_eq!(page(&strokes, 28).len(), PIXELS);
}

/// A line with the header of a token, and its claims; also as they are.
fn token(bytes: &[u8]) {
    const KEY: &str = "the key that the fuzzer signs with";
    static TOKENS: LazyLock<AccessTokens> = LazyLock::new(|| {
        let keys = Keys {
            mail: Secret::new(KEY),
            jwt: vec![Secret::new(KEY)],
        };
        AccessTokens::new(&keys, Duration::from_mins(15), Clock::system())
    });
    black_box(TOKENS.verify(&String::from_utf8_lossy(bytes)).is_ok());
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (header, claims) = bytes.split_at(line);
    let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    let message = format!("{header}.{claims}");
    let key = EncodingKey::from_secret(KEY.as_bytes());
    let Ok(signature) = crypto::sign(message.as_bytes(), &key, Algorithm::HS256) else {
        return;
    };
    if let Ok(claims) = TOKENS.verify(&format!("{message}.{signature}")) {
        assert_eq!((claims.iss.as_str(), claims.aud.as_str()), ("trazo", "trazo"));
    }
}

/// The body of `POST /predict`, whose first line is the boundary.
fn upload(body: &[u8]) {
    let file = received(body, body.len().max(1));
    // However it arrives.
    assert_eq!(received(body, 61), file);
    if let Ok(file) = file {
        picture(&file);
    }
}

/// The file in a form of which `length` bytes arrive each time that the reader waits, or why there is none.
fn received(body: &[u8], length: usize) -> Result<Vec<u8>, String> {
    let line = body.split(|byte| matches!(byte, b'\r' | b'\n')).next();
    let boundary = line.and_then(|line| line.strip_prefix(b"--")).unwrap_or_default();
    let kind = [b"multipart/form-data; boundary=", boundary].concat();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let pieces = stream::poll_fn(move |context| receiver.poll_recv(context));
    let request = Request::post("/predict").header(CONTENT_TYPE, kind);
    let request = request
        .body(Body::from_stream(pieces))
        .map_err(|error| error.to_string())?;
    let mut upload = pin!(async {
        let Ok(form) = Form::from_request(request, &()).await;
        receive(&UploadMemory::new(1 << 20, 1 << 20), form).await
    });
    let mut sender = Some(sender);
    let mut pieces = body.chunks(length);
    loop {
        if let Poll::Ready(outcome) = upload.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return outcome
                .map(|upload| upload.bytes().to_vec())
                .map_err(|rejection| match rejection {
                    // How much is seen of a file that breaks off depends on the pieces.
                    PredictRejection::WrongType { name, .. } => format!("the type of {name:?}"),
                    rejection => format!("{rejection:?}"),
                });
        }
        assert!(sender.is_some(), "the reader waits although all has arrived");
        if let (Some(sender), Some(piece)) = (&sender, pieces.next()) {
            // Fails when the reader wants no more.
            drop(sender.send(Ok::<_, Infallible>(piece.to_vec())));
        }
        if pieces.len() == 0 {
            sender = None;
        }
    }
}

/// Damage to the file of weights: its length, then places with what is written there. Also the bytes as a file.
fn weights(bytes: &[u8]) {
    const WEIGHTS: &[u8] = include_bytes!("../../classifier/weights/digits.bpk");
    assert!(bytes.len() >= WEIGHTS.len() || Classifier::load_checked(bytes, Backend::Flex).is_err());
    let mut file = WEIGHTS.to_vec();
    let (length, damage) = bytes.split_at(bytes.len().min(4));
    for &[a, b, c, d, value] in damage.as_chunks::<5>().0 {
        let place = u32::from_le_bytes([a, b, c, d]) as usize % WEIGHTS.len();
        file[place] = value;
    }
    if let Ok(length) = length.try_into() {
        file.resize(u32::from_le_bytes(length) as usize % (2 * WEIGHTS.len()), 0);
    }
    let Ok(classifier) = Classifier::from_bytes(&file, Backend::Flex) else {
        // With the reason.
        assert!(Classifier::load_checked(&file, Backend::Flex).is_err());
        return;
    };
    for prediction in classifier.classify(&[ModelInput([0.0; PIXELS]), ModelInput([1.0; PIXELS])]) {
        let sum: f32 = prediction.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-3, "{prediction:?}");
        assert!((0.0..=1.0).contains(&prediction.is_digit), "{prediction:?}");
    }
}

fn assert_are_ink(lines: &[WrittenLine]) {
    lines.iter().flat_map(WrittenLine::inputs).for_each(assert_is_ink);
}

fn assert_is_ink(input: &ModelInput) {
    assert!(input.0.iter().all(|ink| (0.0..=1.0).contains(ink)), "{input:?}");
}

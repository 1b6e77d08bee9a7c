//! What a file is, according to its first bytes.

/// The name of a file that is a plain text. All other names are the same in every language.
pub const TEXT_FILE: &str = "texto";

/// Signatures and names; the signature starts at the given byte.
const SIGNATURES: [(usize, &[u8], &str); 17] = [
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"\0\0\x01\0", "ICO"),
    (0, b"8BPS", "PSD"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (0, b"%PDF", "PDF"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"\x1f\x8b", "GZIP"),
    (0, b"RIFF", "RIFF"),
    (0, b"{\\rtf", "RTF"),
    (0, b"\x1aE\xdf\xa3", "WebM"),
];

/// Brands of the files that start with a box `ftyp`; the first that is found decides.
const BRANDS: [(&[u8], &str); 7] = [
    (b"avif", "AVIF"),
    (b"avis", "AVIF"),
    (b"heic", "HEIC"),
    (b"heix", "HEIC"),
    (b"mif1", "HEIF"),
    (b"qt  ", "QuickTime"),
    (b"", "MP4"),
];

/// The name of a file's type for people; `None` if it isn't known. Some hundred bytes are enough.
pub fn file_type(head: &[u8]) -> Option<&'static str> {
    let is_at = |start: usize, signature: &[u8]| head.get(start..).is_some_and(|rest| rest.starts_with(signature));
    if is_at(4, b"ftyp") {
        let brands = &head[8..head.len().min(64)];
        let has = |brand: &[u8]| brand.is_empty() || brands.chunks(4).any(|found| found == brand);
        return BRANDS.iter().find(|(brand, _)| has(brand)).map(|(_, name)| *name);
    }
    let signature = SIGNATURES.iter().find(|(start, signature, _)| is_at(*start, signature));
    if let Some((_, _, name)) = signature {
        return Some(name);
    }
    match text_type(head) {
        // Too short to be told from a text.
        None if head.starts_with(b"BM") => Some("BMP"),
        found => found,
    }
}

/// Texts, of which some are images or pages.
fn text_type(head: &[u8]) -> Option<&'static str> {
    let text = match str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut off.
        Err(error) if head.len() - error.valid_up_to() < 4 => str::from_utf8(&head[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let is_text = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r' | '\x0c');
    if text.is_empty() || !text.chars().all(is_text) {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    Some(if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "HTML"
    } else if start.starts_with('<') && start.contains("<svg") {
        "SVG"
    } else {
        TEXT_FILE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_films_and_documents() {
        for (head, name) in [
            (b"RIFF\x0e\x0f\0\0WEBPVP8 ".as_slice(), "WebP"),
            (b"RIFF\x0e\x0f\0\0WAVEfmt ", "RIFF"),
            (b"\0\0\0 ftypavif\0\0\0\0avifmif1", "AVIF"),
            (b"\0\0\0 ftypmif1\0\0\0\0mif1avif", "AVIF"),
            (b"\0\0\0 ftypheic\0\0\0\0mif1heic", "HEIC"),
            (b"\0\0\0 ftypmif1\0\0\0\0mif1", "HEIF"),
            (b"\0\0\0 ftypmp42\0\0\0\0isom", "MP4"),
            (b"\0\0\0 ftyp", "MP4"),
            (b"BM\x3a\0\0\0\0\0\0\0", "BMP"),
            (b"BMW", "texto"),
            (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            ("\u{feff}<?xml version='1.0'?>\n<!-- x --><SVG>".as_bytes(), "SVG"),
            (b"<!DOCTYPE html><svg>", "HTML"),
            (b"\n<!DOCTYPE html>", "HTML"),
            ("dígito".as_bytes(), "texto"),
            (&"dígi".as_bytes()[..2], "texto"),
        ] {
            assert_eq!(file_type(head), Some(name), "{}", head.escape_ascii());
        }
        for head in [b"".as_slice(), b"\0", b"\x01\x02\x03", b"\xff\xd8", b"\xe2\x28\xa1abc"] {
            assert_eq!(file_type(head), None, "{}", head.escape_ascii());
        }
    }
}

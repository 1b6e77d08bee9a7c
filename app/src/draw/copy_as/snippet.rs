//! Programs that send a picture to the server and print its answer.

use super::{picture::File, texts::CopyTexts};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Curl,
    Python,
    JavaScript,
    Rust,
}

/// Characters of Base64 in a line.
const LINE: usize = 100;

const CURL: &str = r#"# {token}
base64 --decode <<'END' | curl --silent --show-error --fail-with-body --write-out '\n' '{url}' --header "Authorization: Bearer $TRAZO_TOKEN" --form 'file=@-;filename={name}'
{picture}
END
"#;

const PYTHON: &str = r#"# {token}
import base64, os, secrets, sys, urllib.error, urllib.request

picture = base64.b64decode("""
{picture}
""")
boundary = secrets.token_hex(16)
head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
headers = {
    "Authorization": f"Bearer {os.environ['TRAZO_TOKEN']}",
    "Content-Type": f"multipart/form-data; boundary={boundary}",
}
try:
    print(urllib.request.urlopen(urllib.request.Request("{url}", body, headers), timeout=30).read().decode())
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode())
"#;

const JAVASCRIPT: &str = r"// {token}
// {run}
const picture = Buffer.from(`
{picture}
`, 'base64');
const form = new FormData();
form.append('file', new Blob([picture]), '{name}');
const response = await fetch('{url}', {
  method: 'POST',
  headers: { authorization: `Bearer ${process.env.TRAZO_TOKEN}` },
  body: form,
});
console.log(await response.text());
process.exitCode = response.ok ? 0 : 1;
";

const RUST: &str = r#"// {token}
// Cargo.toml:
// [dependencies]
// base64 = "0.22"
// ureq = "3"
use base64::{Engine, prelude::BASE64_STANDARD};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let picture = BASE64_STANDARD.decode(
        "\
{picture}
        ",
    )?;
    let boundary = "trazo-5f1c0b7e93d24a68";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
    )
    .into_bytes();
    body.extend(picture);
    body.extend(format!("\r\n--{boundary}--\r\n").into_bytes());
    let mut response = ureq::post("{url}")
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {}", std::env::var("TRAZO_TOKEN")?))
        .header("Content-Type", format!("multipart/form-data; boundary={boundary}"))
        .send(&body)?;
    println!("{}", response.body_mut().read_to_string()?);
    if !response.status().is_success() {
        std::process::exit(1);
    }
    Ok(())
}
"#;

impl Target {
    pub(super) const ALL: [Self; 4] = [Self::Curl, Self::Python, Self::JavaScript, Self::Rust];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Python => "Python",
            Self::JavaScript => "JavaScript",
            Self::Rust => "Rust",
        }
    }

    /// A program that sends `file` to a route of the server at `origin`.
    pub(super) fn code(self, origin: &str, route: &str, file: &File, texts: &CopyTexts) -> String {
        let (template, line_end) = match self {
            Self::Curl => (CURL, ""),
            Self::Python => (PYTHON, ""),
            Self::JavaScript => (JAVASCRIPT, ""),
            // In a string, the line break after a backslash doesn't count.
            Self::Rust => (RUST, "\\"),
        };
        template
            .replace("{token}", &(texts.token)(origin))
            .replace("{run}", texts.run)
            .replace("{url}", &format!("{origin}{route}"))
            .replace("{name}", file.name)
            .replace("{picture}", &wrapped(&file.base64, line_end))
    }
}

/// Base64 in lines, each with `line_end`.
fn wrapped(base64: &str, line_end: &str) -> String {
    let mut lines = String::new();
    for (index, letter) in base64.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            lines.push_str(line_end);
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines.push_str(line_end);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, TextTable};

    #[test]
    fn every_program_has_the_picture_the_address_and_nothing_unfilled() {
        let file = File {
            name: "trazo.png",
            base64: "AB+/".repeat(60),
        };
        for (target, locale) in Target::ALL
            .into_iter()
            .flat_map(|target| Locale::ALL.map(|locale| (target, locale)))
        {
            let code = target.code("https://trazo.example", "/api/predict", &file, CopyTexts::of(locale));
            assert!(code.contains("https://trazo.example/api/predict"), "{code}");
            assert!(code.contains("https://trazo.example/account"), "{code}");
            assert!(code.contains("trazo.png"), "{code}");
            for place in ["{token}", "{run}", "{url}", "{name}", "{picture}"] {
                assert!(!code.contains(place), "{place}: {code}");
            }
            let lines = code.lines().map(|line| line.trim_end_matches('\\'));
            let picture: String = lines.filter(|line| line.starts_with("AB+/")).collect();
            assert_eq!(picture, file.base64);
        }
    }
}

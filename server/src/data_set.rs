//! The images that admins have agreed to, as files: IDX, which every loader of MNIST reads, and PNG with a table.
//!
//! Nothing is built in memory. The corrections are read once to count them, and again for each file; if they have changed
//! meanwhile, the export ends with an error.

mod folder;
mod tar;

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use api::Label;
use chrono::{DateTime, SecondsFormat, Utc};
use classifier::{PIXELS, SIDE};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use serde::Serialize;
use tokio::sync::mpsc::{self, Receiver, Sender};

pub(crate) use folder::write_to;
pub(crate) use tar::archive;

use crate::store::{Approved, ApprovedKind, Store, StoreError};

/// Images per query.
const CHUNK: u64 = 500;

/// The capacity of the channel to the receiver, in parts. A part is at most a chunk of images.
const QUEUE: usize = 2;

/// Which files are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// IDX.
    Idx,
    /// PNG with a table.
    Png,
    /// Both.
    All,
}

/// A part of the data set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The beginning of a file with its name and its size in bytes.
    File(String, u64),
    /// Bytes of that file.
    Bytes(Vec<u8>),
}

/// Why an export ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataSetError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A correction was decided about or taken back meanwhile.
    #[error("the corrections changed while they were exported: export them again")]
    Changed,
    /// A file can't be written.
    #[error("{0}")]
    Write(#[from] std::io::Error),
    /// The receiver was dropped.
    #[error("the receiver has gone")]
    Gone,
}

type Parts = Receiver<Result<Part, DataSetError>>;

/// Starts an export.
fn parts(store: Store, contents: Contents) -> Parts {
    let (parts, receiver) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let export = Export { store, parts };
        if let Err(error) = export.run(contents).await {
            let _gone = export.parts.send(Err(error)).await;
        }
    });
    receiver
}

/// What an export has. It is serialised as the card of the data set.
#[derive(Debug, Clone, Default, Serialize)]
struct Card {
    /// What the files are.
    description: &'static str,
    /// The version of the server, and that of its live model.
    server: &'static str,
    model: String,
    exported_at: String,
    /// Images of digits, and of what is none.
    digits: u64,
    others: u64,
    /// Images of each label.
    classes: BTreeMap<&'static str, u64>,
    /// When the first and the last image was agreed to.
    first_decided_at: Option<String>,
    last_decided_at: Option<String>,
    /// The versions of the models that the users have corrected.
    corrected_models: BTreeSet<String>,
    /// Bytes of the table.
    #[serde(skip)]
    table_bytes: u64,
    #[serde(skip)]
    all: Fingerprint,
    #[serde(skip)]
    of_digits: Fingerprint,
    #[serde(skip)]
    of_others: Fingerprint,
}

/// Tells whether two passes had the same rows.
#[derive(Debug, Clone, Default)]
struct Fingerprint(DefaultHasher);

impl Fingerprint {
    fn add(&mut self, row: &Approved) {
        (row.id, row.label, row.said).hash(&mut self.0);
    }

    fn add_all(&mut self, rows: &[Approved]) {
        for row in rows {
            self.add(row);
        }
    }
}

impl PartialEq for Fingerprint {
    fn eq(&self, other: &Self) -> bool {
        self.0.finish() == other.0.finish()
    }
}

struct Export {
    store: Store,
    parts: Sender<Result<Part, DataSetError>>,
}

impl Export {
    async fn run(&self, contents: Contents) -> Result<(), DataSetError> {
        let card = self.survey().await?;
        let json = serde_json::to_vec_pretty(&card).unwrap_or_default();
        self.file("card.json", json.len() as u64).await?;
        self.bytes(json).await?;
        if contents != Contents::Png {
            self.labels(&card).await?;
            self.images(
                "train-images-idx3-ubyte",
                ApprovedKind::Digits,
                card.digits,
                &card.of_digits,
            )
            .await?;
            // Apart from the digits, because loaders of MNIST know ten classes.
            self.images(
                "none-images-idx3-ubyte",
                ApprovedKind::Others,
                card.others,
                &card.of_others,
            )
            .await?;
        }
        if contents != Contents::Idx {
            self.table(&card).await?;
            self.pictures(&card).await?;
        }
        Ok(())
    }

    /// Counts what there is.
    async fn survey(&self) -> Result<Card, DataSetError> {
        let live = self.store.live_change().await?.and_then(|live| live.version);
        let mut card = Card {
            description: "Images of 28 x 28 points, framed as MNIST's, ink bright, of which users said that they were read \
                          wrongly, with the labels that admins agreed to.",
            server: env!("CARGO_PKG_VERSION"),
            model: live.unwrap_or_else(|| classifier::model_version().to_owned()),
            exported_at: rfc3339(self.store.now()),
            classes: Label::ALL.map(|label| (label.name(), 0)).into(),
            table_bytes: TABLE_HEAD.len() as u64,
            ..Card::default()
        };
        let mut after = 0;
        while let Some(rows) = self.next(ApprovedKind::All, &mut after).await? {
            for row in &rows {
                card.add(row);
            }
        }
        Ok(card)
    }

    /// The next rows.
    async fn next(&self, kind: ApprovedKind, after: &mut i64) -> Result<Option<Vec<Approved>>, DataSetError> {
        let rows = self.store.approved_after(kind, *after, CHUNK).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        *after = last.id;
        Ok(Some(rows))
    }

    async fn labels(&self, card: &Card) -> Result<(), DataSetError> {
        self.file("train-labels-idx1-ubyte", 8 + card.digits).await?;
        self.bytes([[0, 0, 8, 1], count(card.digits)].concat()).await?;
        let (mut after, mut found) = (0, Fingerprint::default());
        while let Some(rows) = self.next(ApprovedKind::Digits, &mut after).await? {
            found.add_all(&rows);
            self.bytes(rows.iter().map(|row| row.label.index()).collect()).await?;
        }
        found.check(&card.of_digits)
    }

    async fn images(
        &self,
        name: &str,
        kind: ApprovedKind,
        number: u64,
        expected: &Fingerprint,
    ) -> Result<(), DataSetError> {
        self.file(name, 16 + number * PIXELS as u64).await?;
        let side = count(SIDE as u64);
        self.bytes([[0, 0, 8, 3], count(number), side, side].concat()).await?;
        let (mut after, mut found) = (0, Fingerprint::default());
        while let Some(rows) = self.next(kind, &mut after).await? {
            let mut bytes = Vec::with_capacity(rows.len() * PIXELS);
            for (row, image) in self.with_images(rows).await? {
                found.add(&row);
                bytes.extend(image);
            }
            self.bytes(bytes).await?;
        }
        found.check(expected)
    }

    async fn table(&self, card: &Card) -> Result<(), DataSetError> {
        self.file("labels.csv", card.table_bytes).await?;
        self.bytes(TABLE_HEAD.as_bytes().to_vec()).await?;
        let (mut after, mut found) = (0, Fingerprint::default());
        while let Some(rows) = self.next(ApprovedKind::All, &mut after).await? {
            found.add_all(&rows);
            self.bytes(rows.iter().flat_map(|row| table_row(row).into_bytes()).collect())
                .await?;
        }
        found.check(&card.all)
    }

    async fn pictures(&self, card: &Card) -> Result<(), DataSetError> {
        let (mut after, mut found) = (0, Fingerprint::default());
        while let Some(rows) = self.next(ApprovedKind::All, &mut after).await? {
            for (row, image) in self.with_images(rows).await? {
                found.add(&row);
                let png = png(&image);
                self.file(&picture_name(&row), png.len() as u64).await?;
                self.bytes(png).await?;
            }
        }
        found.check(&card.all)
    }

    /// The rows with their images. A row without one was deleted meanwhile.
    async fn with_images(&self, rows: Vec<Approved>) -> Result<Vec<(Approved, Vec<u8>)>, DataSetError> {
        let mut images = self.store.images(rows.iter().map(|row| row.id)).await?;
        rows.into_iter()
            .map(|row| {
                let image = images.remove(&row.id).filter(|image| image.len() == PIXELS);
                Ok((row, image.ok_or(DataSetError::Changed)?))
            })
            .collect()
    }

    async fn file(&self, name: &str, size: u64) -> Result<(), DataSetError> {
        self.send(Part::File(name.to_owned(), size)).await
    }

    async fn bytes(&self, bytes: Vec<u8>) -> Result<(), DataSetError> {
        self.send(Part::Bytes(bytes)).await
    }

    async fn send(&self, part: Part) -> Result<(), DataSetError> {
        self.parts.send(Ok(part)).await.map_err(|_| DataSetError::Gone)
    }
}

impl Card {
    fn add(&mut self, row: &Approved) {
        *self.classes.entry(row.label.name()).or_default() += 1;
        self.all.add(row);
        if row.label == Label::NoDigit {
            self.others += 1;
            self.of_others.add(row);
        } else {
            self.digits += 1;
            self.of_digits.add(row);
        }
        self.table_bytes += table_row(row).len() as u64;
        let decided_at = rfc3339(row.decided_at);
        if self.first_decided_at.as_ref().is_none_or(|first| decided_at < *first) {
            self.first_decided_at = Some(decided_at.clone());
        }
        if self.last_decided_at.as_ref().is_none_or(|last| decided_at > *last) {
            self.last_decided_at = Some(decided_at);
        }
        if !self.corrected_models.contains(&row.model) {
            self.corrected_models.insert(row.model.clone());
        }
    }
}

impl Fingerprint {
    fn check(&self, expected: &Self) -> Result<(), DataSetError> {
        if self == expected {
            Ok(())
        } else {
            Err(DataSetError::Changed)
        }
    }
}

/// A number in the head of an IDX file.
fn count(number: u64) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

const TABLE_HEAD: &str = "file,label,said,read,probability,model,predicted_at,decided_at\r\n";

/// A row of the table. No cell needs quotes: none is what a user has typed.
fn table_row(row: &Approved) -> String {
    format!(
        "{},{},{},{},{},{},{},{}\r\n",
        picture_name(row),
        row.label.name(),
        row.said.name(),
        row.read,
        row.probability,
        row.model,
        rfc3339(row.predicted_at),
        rfc3339(row.decided_at),
    )
}

fn picture_name(row: &Approved) -> String {
    format!("png/{}/{}.png", row.label.name(), row.id)
}

fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The image as a greyscale PNG.
fn png(image: &[u8]) -> Vec<u8> {
    let mut png = Vec::new();
    // 28 fits.
    let side = u32::try_from(SIDE).unwrap_or_default();
    // Writing to memory doesn't fail, and the size is right.
    let _infallible = PngEncoder::new(&mut png).write_image(image, side, side, ExtendedColorType::L8);
    png
}

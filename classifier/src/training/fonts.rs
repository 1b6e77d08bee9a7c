//! Glyphs of the fonts that `scripts/fonts.sh` fetches.

use std::io::Read as _;
use std::path::Path;

use ab_glyph::{Font as _, FontVec, PxScale};
use anyhow::{Context as _, Result};
use flate2::read::ZlibDecoder;

use crate::preprocess::grid::Grid;

/// Height of the line on which glyphs are drawn, in cells.
const LINE: f32 = 64.0;

/// One font in this many is kept back for validation.
const HELD_BACK: usize = 8;

/// The fonts, in alphabetical order, whole ones kept back for validation.
#[derive(Default)]
pub(crate) struct Fonts {
    pub(crate) training: Vec<FontVec>,
    pub(crate) validation: Vec<FontVec>,
}

impl Fonts {
    /// Reads every `.woff` file in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let hint = || format!("{}: `make fonts` fetches the fonts", folder.display());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(hint)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "woff") {
                files.push(path);
            }
        }
        files.sort();
        anyhow::ensure!(files.len() > HELD_BACK, hint());
        let (mut training, mut validation) = (Vec::new(), Vec::new());
        for (index, file) in files.iter().enumerate() {
            let name = || file.display().to_string();
            let font = std::fs::read(file)
                .map_err(anyhow::Error::from)
                .and_then(|bytes| unpack(&bytes).context("not a WOFF file"))
                .and_then(|font| Ok(FontVec::try_from_vec(font)?))
                .with_context(name)?;
            if index % HELD_BACK == 0 {
                validation.push(font);
            } else {
                training.push(font);
            }
        }
        Ok(Self { training, validation })
    }
}

/// The ink of a character; `None` if the font doesn't have it.
pub(crate) fn glyph(font: &FontVec, character: char) -> Option<Grid> {
    let id = font.glyph_id(character);
    if id.0 == 0 {
        return None;
    }
    let outline = font.outline_glyph(id.with_scale(PxScale::from(LINE)))?;
    let bounds = outline.px_bounds();
    let (width, height) = (bounds.width() as usize, bounds.height() as usize);
    if width < 2 || height < 2 {
        return None;
    }
    let mut ink = Grid::zeros(width, height);
    outline.draw(|x, y, covered| {
        if let Some(cell) = ink.values.get_mut(y as usize * width + x as usize) {
            *cell = covered.clamp(0.0, 1.0);
        }
    });
    Some(ink)
}

/// The font in a WOFF file: the same tables, not compressed. `None` if the file is damaged.
///
/// Format: <https://www.w3.org/TR/WOFF/>.
fn unpack(woff: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_be_bytes(woff.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = number(12)? >> 16;
    if woff.get(..4)? != b"wOFF" {
        return None;
    }
    // The header, with the numbers that speed up a binary search: readers don't need them.
    let mut font = woff.get(4..8)?.to_vec();
    font.extend(u16::try_from(count).ok()?.to_be_bytes());
    font.extend([0; 6]);
    let mut tables = Vec::new();
    let mut position = font.len() + 16 * count;
    for entry in (0..count).map(|table| 44 + 20 * table) {
        let (offset, packed, length) = (number(entry + 4)?, number(entry + 8)?, number(entry + 12)?);
        let bytes = woff.get(offset..offset.checked_add(packed)?)?;
        let mut table = Vec::new();
        if packed < length {
            ZlibDecoder::new(bytes).read_to_end(&mut table).ok()?;
        } else {
            table.extend(bytes);
        }
        font.extend(woff.get(entry..entry + 4)?);
        font.extend(woff.get(entry + 16..entry + 20)?);
        font.extend(u32::try_from(position).ok()?.to_be_bytes());
        font.extend(u32::try_from(table.len()).ok()?.to_be_bytes());
        table.resize(table.len().next_multiple_of(4), 0);
        position += table.len();
        tables.push(table);
    }
    font.extend(tables.concat());
    Some(font)
}

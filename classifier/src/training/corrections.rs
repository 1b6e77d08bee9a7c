//! The images that admins have agreed to, as the server exports them: a TAR archive with IDX files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use rand::seq::SliceRandom as _;
use sha2::{Digest as _, Sha256};
use tar::Archive;

use super::augment::generator;
use super::mixture::Example;
use crate::mnist::{Dataset, idx_elements};
use crate::{ModelInput, NO_DIGIT, OUTPUTS, PIXELS, SIDE};

/// One image in this many of each label is kept back to judge the retraining, but at least one of two.
const KEPT_BACK: usize = 5;

/// An epoch that no training reaches.
const EPOCH: usize = (u32::MAX - 5) as usize;

/// The corrections of a data set.
pub(crate) struct Corrections {
    /// SHA-256 of the file.
    pub(crate) sha256: String,
    /// Images in the file.
    pub(crate) given: usize,
    /// Those to learn from, and those that are kept back. An image is only in one of both.
    pub(crate) learned: Vec<Example>,
    pub(crate) kept_back: Vec<Example>,
}

/// Reads a data set and keeps back a part, which the seed and the images determine. An image that is there several times
/// counts once, and not at all if its labels differ.
pub(crate) fn read(file: &Path, seed: u64) -> Result<Corrections> {
    let name = || file.display().to_string();
    let bytes = fs::read(file).with_context(name)?;
    let images = images(&bytes).with_context(name)?;
    let mut labels = BTreeMap::<_, Option<u8>>::new();
    for (image, label) in &images {
        let known = labels.entry(image).or_insert(Some(*label));
        *known = known.filter(|known| known == label);
    }
    let mut classes = vec![Vec::new(); OUTPUTS];
    for (image, label) in labels {
        if let Some(label) = label {
            let input = ModelInput(image.map(|ink| f32::from(ink) / 255.0));
            classes[usize::from(label)].push((input, label));
        }
    }
    let (mut learned, mut kept_back) = (Vec::new(), Vec::new());
    for (class, mut examples) in classes.into_iter().enumerate() {
        examples.shuffle(&mut generator(seed, EPOCH, class));
        let judges = (examples.len() / KEPT_BACK).max(usize::from(examples.len() > 1));
        learned.extend(examples.split_off(judges));
        kept_back.extend(examples);
    }
    ensure!(
        !kept_back.is_empty(),
        "{}: too few corrections: of one label at least two different images are needed, to learn from one and to judge \
         by the other",
        name()
    );
    Ok(Corrections {
        sha256: format!("{:x}", Sha256::digest(&bytes)),
        given: images.len(),
        learned,
        kept_back,
    })
}

/// The images of an archive with their labels.
fn images(archive: &[u8]) -> Result<Vec<([u8; PIXELS], u8)>> {
    let mut files = BTreeMap::new();
    for entry in Archive::new(archive).entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if name.ends_with("-ubyte") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(name, bytes);
        }
    }
    let file = |name: &str| {
        files
            .get(name)
            .with_context(|| format!("no data set of corrections in the format IDX: {name} is missing"))
    };
    let digits = Dataset::from_idx(file("train-images-idx3-ubyte")?, file("train-labels-idx1-ubyte")?)?;
    let others = idx_elements(file("none-images-idx3-ubyte")?, &[SIDE, SIDE])?;
    let digits = digits.pixels.as_chunks::<PIXELS>().0.iter().copied().zip(digits.labels);
    let others = others.as_chunks::<PIXELS>().0.iter().map(|image| (*image, NO_DIGIT));
    Ok(digits.chain(others).collect())
}

/// How many of the examples have each label.
pub(crate) fn by_label(examples: &[Example]) -> BTreeMap<&'static str, usize> {
    const NAMES: [&str; OUTPUTS] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "none"];
    let mut counts: BTreeMap<_, _> = NAMES.map(|name| (name, 0)).into();
    for (_, label) in examples {
        *counts.entry(NAMES[usize::from(*label)]).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// An archive as the server makes it.
    fn archive(images: &[([u8; PIXELS], u8)]) -> Vec<u8> {
        let (others, digits): (Vec<_>, Vec<_>) = images.iter().copied().partition(|(_, label)| *label == NO_DIGIT);
        let head = |number: usize, dimensions: &[u32]| {
            let kind = 0x801 + u32::try_from(dimensions.len()).unwrap();
            let words = [kind, u32::try_from(number).unwrap()];
            let words = words.iter().chain(dimensions);
            words.flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>()
        };
        let pictures = |images: &[([u8; PIXELS], u8)]| {
            let mut bytes = head(images.len(), &[28, 28]);
            bytes.extend(images.iter().flat_map(|(image, _)| image));
            bytes
        };
        let mut labels = head(digits.len(), &[]);
        labels.extend(digits.iter().map(|(_, label)| label));
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in [
            ("card.json", b"{}".to_vec()),
            ("train-labels-idx1-ubyte", labels),
            ("train-images-idx3-ubyte", pictures(&digits)),
            ("none-images-idx3-ubyte", pictures(&others)),
        ] {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            archive.append_data(&mut header, name, bytes.as_slice()).unwrap();
        }
        archive.into_inner().unwrap()
    }

    /// Writes an archive into a file of its own and reads it.
    fn read_back(name: &str, bytes: &[u8], seed: u64) -> Result<Corrections> {
        let file = std::env::temp_dir().join(format!("trazo-{name}-{}", std::process::id()));
        fs::write(&file, bytes).unwrap();
        let found = read(&file, seed);
        fs::remove_file(file).unwrap();
        found
    }

    fn image(number: u8) -> [u8; PIXELS] {
        let mut image = [0; PIXELS];
        image[usize::from(number)] = 255;
        image
    }

    #[test]
    fn a_fifth_of_each_label_is_kept_back() {
        let images: Vec<_> = (0..10)
            .map(|number| (image(number), 3))
            .chain((10..13).map(|number| (image(number), NO_DIGIT)))
            .chain([(image(13), 8)])
            .collect();
        let bytes = archive(&images);
        let found = read_back("fifth", &bytes, 1).unwrap();
        let count = |examples: &[Example], label| by_label(examples)[label];
        assert_eq!(
            ["3", "none", "8"].map(|label| (count(&found.learned, label), count(&found.kept_back, label))),
            [(8, 2), (2, 1), (1, 0)]
        );
        assert_eq!(found.given, 14);
        assert_eq!(found.sha256, format!("{:x}", Sha256::digest(&bytes)));
        // Neither depends on the order of the images, and the seed decides.
        let reversed: Vec<_> = images.into_iter().rev().collect();
        let again = read_back("fifth", &archive(&reversed), 1).unwrap();
        assert!(again.kept_back == found.kept_back);
        let others = (2..6).map(|seed| read_back("fifth", &bytes, seed).unwrap().kept_back);
        assert!(others.into_iter().any(|kept_back| kept_back != found.kept_back));
    }

    #[test]
    fn an_image_counts_once_and_with_two_labels_not_at_all() {
        let twice = [(image(1), 4), (image(1), 4), (image(2), 4), (image(3), 4), (image(3), 9)];
        let found = read_back("twice", &archive(&twice), 1).unwrap();
        let inked = found.learned.iter().chain(&found.kept_back);
        let inked: BTreeSet<_> = inked.map(|(input, _)| input.0.iter().position(|&ink| ink > 0.0)).collect();
        assert_eq!((found.learned.len(), found.kept_back.len()), (1, 1));
        assert_eq!(inked, [Some(1), Some(2)].into());
    }

    #[test]
    fn what_is_no_data_set_is_refused() {
        let refused = |bytes: &[u8]| format!("{:#}", read_back("other", bytes, 1).err().unwrap());
        assert!(refused(&archive(&[(image(1), 4), (image(2), 5)])).contains("too few"));
        assert!(refused(&archive(&[])).contains("too few"));
        let whole = archive(&[(image(1), 4), (image(2), 4)]);
        refused(&whole[..whole.len() / 2]);
        refused(b"a text, and not an archive");
        assert!(refused(&tar::Builder::new(Vec::new()).into_inner().unwrap()).contains("is missing"));
        assert!(refused(&archive(&[(image(1), 11), (image(2), 4)])).contains("IDX"));
    }
}

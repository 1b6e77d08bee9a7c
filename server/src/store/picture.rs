//! The stored form of a prediction's image: an LZ4 block where that is smaller than the 784 bytes themselves.

use classifier::PIXELS;

/// The stored form of `image`.
pub(super) fn compress(image: &[u8]) -> Vec<u8> {
    let block = lz4_flex::block::compress(image);
    if image.len() == PIXELS && block.len() < PIXELS {
        block
    } else {
        image.to_vec()
    }
}

/// The image of a stored form; rows from before compression have it as it is. A damaged one is blank.
pub(super) fn decompress(stored: Vec<u8>) -> Vec<u8> {
    let image = if stored.len() == PIXELS {
        Ok(stored)
    } else {
        lz4_flex::block::decompress(&stored, PIXELS)
    };
    match image {
        Ok(image) if image.len() == PIXELS => image,
        _ => vec![0; PIXELS],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_the_same_afterwards_and_smaller_if_it_can_be() {
        let drawn: Vec<u8> = (0..PIXELS).map(|index| if index % 28 == 9 { 200 } else { 0 }).collect();
        let noise: Vec<u8> = (0_u32..)
            .take(PIXELS)
            .map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes()[0])
            .collect();
        for image in [drawn.clone(), noise, vec![0; PIXELS]] {
            assert_eq!(decompress(compress(&image)), image);
        }
        assert!(compress(&drawn).len() < 200);
    }

    #[test]
    fn a_damaged_image_is_blank() {
        for stored in [
            vec![],
            vec![0],
            vec![7; 180],
            vec![0; PIXELS + 1],
            compress(&[9; PIXELS])[1..].to_vec(),
        ] {
            assert_eq!(decompress(stored), [0; PIXELS]);
        }
    }
}

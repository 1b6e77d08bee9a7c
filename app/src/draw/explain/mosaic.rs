//! The maps of a layer in rows, as one picture.

use classifier::Activations;

use crate::draw::rendering::opacity;

/// Opacity of the lines between maps.
const LINE: u8 = 50;

/// How many maps are in a row: few where they are large.
fn columns(side: usize) -> usize {
    if side > 16 { 4 } else { 8 }
}

/// Width and height of the picture of a layer, in pixels.
pub fn size(layer: &Activations) -> [usize; 2] {
    let columns = columns(layer.side);
    [columns, layer.channels.div_ceil(columns)].map(|maps| (maps * (layer.side + 1)).saturating_sub(1))
}

/// Writes the picture into `rgba`, row by row: opaque where the layer is strongest.
pub fn paint(layer: &Activations, rgba: &mut Vec<u8>) {
    let [width, height] = size(layer);
    let columns = columns(layer.side);
    rgba.clear();
    rgba.resize(4 * width * height, LINE);
    let strongest = layer.values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    for (place, values) in layer.values.chunks_exact(layer.channels.max(1)).enumerate() {
        let (x, y) = (place % layer.side, place / layer.side);
        for (map, value) in values.iter().enumerate() {
            let left = (map % columns) * (layer.side + 1) + x;
            let top = (map / columns) * (layer.side + 1) + y;
            rgba[4 * (top * width + left) + 3] = opacity(value / strongest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_map_has_its_place_and_the_strongest_value_is_opaque() {
        // Nine maps of 2 x 2: eight in the first row, one in the second.
        let mut layer = Activations {
            side: 2,
            channels: 9,
            values: vec![0.0; 36],
        };
        // The lower left value of the last map, and the upper right of the second.
        layer.values[2 * 9 + 8] = 4.0;
        layer.values[9 + 1] = 1.0;
        assert_eq!(size(&layer), [23, 5]);
        let mut rgba = vec![7; 3];
        paint(&layer, &mut rgba);
        let opacities: Vec<u8> = rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
        assert_eq!(opacities.len(), 23 * 5);
        assert_eq!(opacities[4 * 23], 255);
        assert_eq!(opacities[4], 64);
        assert_eq!(opacities[2], LINE);
        assert_eq!(
            opacities
                .iter()
                .map(|opacity| usize::from(*opacity == 0))
                .sum::<usize>(),
            34
        );
    }
}

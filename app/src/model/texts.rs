//! The texts of the model page. In a table of their own, so that they are loaded with that page.

use crate::i18n::TextTable;

/// The model page's texts in one language.
#[derive(Debug)]
pub struct ModelTexts {
    pub title: &'static str,
    pub intro: &'static str,
    pub no_card: &'static str,
    pub on_test_digits: &'static str,
    pub accuracy: &'static str,
    pub turned_away: &'static str,
    pub calibration: &'static str,
    pub mixture_calibration: &'static str,
    pub by_digit: &'static str,
    pub digit: &'static str,
    pub right: &'static str,
    pub reliability: &'static str,
    pub reliability_help: &'static str,
    pub by_kind: &'static str,
    pub by_kind_help: &'static str,
    pub kind_column: &'static str,
    pub images: &'static str,
    pub limits: &'static str,
    pub limits_help: &'static str,
    pub whole_card: &'static str,
    /// By thousands of weights, kilobytes of the file, millions of operations for one candidate, and epochs.
    pub size: fn(u32, u32, u32, u32) -> String,
    /// By the number of errors and of digits.
    pub misread: fn(u32, &str) -> String,
    /// A bin of the reliability diagram: its mean probability, its accuracy and its number of digits.
    pub bin: fn(&str, &str, u32) -> String,
    /// The kind of image by its name in the model card.
    pub kind: fn(&str) -> &str,
}

impl TextTable for ModelTexts {
    const ES: &'static Self = &Self {
        title: "El modelo",
        intro: "Una red neuronal convolucional pequeña. Es la misma en tu navegador y en el servidor, y todo lo que sabe lo aprendió de imágenes de dígitos y de otras que no lo son.",
        no_card: "El modelo que responde ahora no tiene ficha, así que no hay cifras que mostrar.",
        on_test_digits: "Con los dígitos de prueba de MNIST",
        accuracy: "Aciertos",
        turned_away: "Rechazados",
        calibration: "Error de calibración",
        mixture_calibration: "El mismo, con todo tipo de imágenes",
        by_digit: "Por dígito",
        digit: "Dígito",
        right: "Aciertos",
        reliability: "Fiabilidad",
        reliability_help: "Cada barra reúne los dígitos leídos con una probabilidad parecida; su altura dice cuántos eran correctos. Sobre la diagonal, la probabilidad es exacta.",
        by_kind: "Por tipo de imagen",
        by_kind_help: "Imágenes de validación, que no aprendió. De las que son dígitos importa que acierte; de las demás, que las rechace.",
        kind_column: "Tipo",
        images: "Imágenes",
        limits: "Lo que no sabe",
        limits_help: "Una letra con forma de dígito (O, l, S, Z) la lee como ese dígito, y una raya vertical, como un 1. No conoce los dígitos árabes orientales ni los del devanagari.",
        whole_card: "Ficha completa (JSON)",
        size: |weights, bytes, operations, epochs| {
            format!(
                "{weights} mil parámetros en {bytes} kB; {operations} millones de operaciones por lectura. Entrenada durante {epochs} épocas."
            )
        },
        misread: |errors, digits| format!("De {digits} dígitos lee mal {errors}."),
        bin: |probability, accuracy, digits| format!("Probabilidad {probability}: {accuracy} de {digits}"),
        kind: |kind| match kind {
            "mnist" => "MNIST",
            "low-resolution" => "MNIST a baja resolución",
            "pen" => "Trazos de todo el mundo",
            "pen-on-paper" => "Trazos sobre papel",
            "glyph" => "Tipografías",
            "crumbs" => "Con motas y restos",
            "letter" => "Letras y signos",
            "shape" => "Figuras",
            "scribble" => "Garabatos",
            "blot" => "Manchas",
            "pair" => "Dos o tres dígitos",
            "piece" => "Un dígito y parte de otro",
            "part" => "Parte de un dígito",
            "enclosed" => "Un dígito con marco o líneas",
            "line" => "Rayas",
            "texture" => "Ruido",
            other => other,
        },
    };
    const EN: &'static Self = &Self {
        title: "The model",
        intro: "A small convolutional neural network. It is the same in your browser and on the server, and it learned all it knows from images of digits and of other things.",
        no_card: "The model that answers now has no card, so there are no figures to show.",
        on_test_digits: "On MNIST's test digits",
        accuracy: "Correct",
        turned_away: "Rejected",
        calibration: "Calibration error",
        mixture_calibration: "The same, on all kinds of images",
        by_digit: "By digit",
        digit: "Digit",
        right: "Correct",
        reliability: "Reliability",
        reliability_help: "Each bar has the digits that were read with a similar probability; its height says how many of them were right. On the diagonal the probability is exact.",
        by_kind: "By kind of image",
        by_kind_help: "Validation images, which it has not learned. Those that are digits should be read correctly, the others should be rejected.",
        kind_column: "Kind",
        images: "Images",
        limits: "What it doesn't know",
        limits_help: "A letter in the shape of a digit (O, l, S, Z) is read as that digit, and an upright line as a 1. Eastern Arabic and Devanagari digits are unknown to it.",
        whole_card: "The whole card (JSON)",
        size: |weights, bytes, operations, epochs| {
            format!(
                "{weights},000 parameters in {bytes} kB; {operations} million multiply-adds for a reading. Trained for {epochs} epochs."
            )
        },
        misread: |errors, digits| format!("Of {digits} digits it misreads {errors}."),
        bin: |probability, accuracy, digits| format!("Probability {probability}: {accuracy} of {digits}"),
        kind: |kind| match kind {
            "mnist" => "MNIST",
            "low-resolution" => "MNIST at low resolution",
            "pen" => "Pen strokes of many hands",
            "pen-on-paper" => "Pen strokes on paper",
            "glyph" => "Fonts",
            "crumbs" => "With specks and remains",
            "letter" => "Letters and signs",
            "shape" => "Shapes",
            "scribble" => "Scribbles",
            "blot" => "Blots",
            "pair" => "Two or three digits",
            "piece" => "A digit and part of another",
            "part" => "Part of a digit",
            "enclosed" => "A digit with a frame or lines",
            "line" => "Lines",
            "texture" => "Noise",
            other => other,
        },
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<ModelTexts>();
    }

    #[test]
    fn every_kind_of_the_card_has_a_name() {
        let card: api::ModelCard = serde_json::from_str(classifier::model_card()).unwrap();
        for kind in card.kinds.keys() {
            for texts in [ModelTexts::ES, ModelTexts::EN] {
                assert_ne!((texts.kind)(kind), kind);
            }
        }
    }
}

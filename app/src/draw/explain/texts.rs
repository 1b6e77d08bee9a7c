//! The texts of the explanation. They are loaded with it.

use crate::i18n::TextTable;

#[derive(Debug)]
pub struct ExplainTexts {
    /// What is needed before there is anything to explain, as things are.
    pub empty: &'static str,
    pub blank: &'static str,
    pub altered: &'static str,
    pub several: &'static str,
    pub resting: &'static str,

    // The framings.
    pub framings: &'static str,
    pub framings_help: &'static str,
    /// The whole page, the stretched box, MNIST's own.
    pub names: [&'static str; 3],
    /// A framing by its name.
    pub framing_alt: fn(&str) -> String,

    // What counts.
    pub evidence: &'static str,
    pub evidence_help: &'static str,
    pub for_it: &'static str,
    pub against_it: &'static str,
    pub changes_it: &'static str,
    /// What speaks for a digit, and what against it: the numbers of parts, as a list in words; none may be empty.
    pub counts: fn(u8, &[usize], &[usize]) -> String,
    /// The same if it looks like no digit.
    pub resembles: fn(u8) -> String,
    /// Where a part is: its third from the left and from the top.
    pub place: fn(usize, usize) -> &'static str,
    /// The second guess and its percentage.
    pub second: fn(u8, &str) -> String,
    pub sought: fn(u8) -> String,
    /// The number of the part without which it would be another digit.
    pub without: fn(usize, u8) -> String,
    pub with: fn(u8) -> String,
    pub nothing: fn(u8) -> String,

    // The maps.
    pub maps: &'static str,
    pub maps_help: &'static str,
    /// The number of a layer, of its maps, and the side of each.
    pub layer: fn(usize, usize, usize) -> String,
    pub layer_alt: fn(usize, usize) -> String,
}

/// `1, 2 y 3`.
fn list(numbers: &[usize], and: &str) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match &words[..] {
        [first @ .., last] if !first.is_empty() => format!("{} {and} {last}", first.join(", ")),
        words => words.concat(),
    }
}

impl TextTable for ExplainTexts {
    const ES: &'static Self = &Self {
        empty: "Dibuja un dígito, o sube una imagen, y aquí verás qué trazos cuentan.",
        blank: "En la imagen no veo ningún trazo que explicar.",
        altered: "Tu navegador altera las imágenes que leo. Dibuja un dígito y verás cómo lo leo.",
        several: "Veo varios dígitos. Deja uno solo y verás qué trazos cuentan.",
        resting: "Levanta el lápiz un momento y verás qué trazos cuentan.",

        framings: "Tres encuadres",
        framings_help: "La red ha aprendido de dígitos encuadrados como los de MNIST: caben en 20 × 20 puntos y están centrados por su peso. En otro encuadre, lo mismo puede parecerle otra cosa.",
        names: ["Toda la página", "Estirado", "Como MNIST"],
        framing_alt: |name| format!("{name}: lo que ve la red, en 28 por 28 puntos"),

        evidence: "Qué trazos cuentan",
        evidence_help: "Quito cada trazo y vuelvo a leer; si solo hay uno, cada tramo, y en una imagen, cada recuadro. El 1 es el que más cuenta.",
        for_it: "a favor",
        against_it: "en contra",
        changes_it: "lo cambiaría",
        counts: |digit, for_it, against_it| match (for_it, against_it) {
            ([], []) => format!("Ninguna parte cuenta mucho por sí sola en este {digit}."),
            (for_it, []) => format!("A favor del {digit}: {}.", list(for_it, "y")),
            ([], against_it) => format!("En contra del {digit}: {}.", list(against_it, "y")),
            (for_it, against_it) => format!(
                "A favor del {digit}: {}. En contra: {}.",
                list(for_it, "y"),
                list(against_it, "y")
            ),
        },
        resembles: |digit| format!("No parece un dígito; a lo que más se parece es a un {digit}."),
        place: |column, row| match (column, row) {
            (0, 0) => "arriba a la izquierda",
            (1, 0) => "arriba",
            (_, 0) => "arriba a la derecha",
            (0, 1) => "a la izquierda",
            (1, 1) => "en el centro",
            (_, 1) => "a la derecha",
            (0, _) => "abajo a la izquierda",
            (1, _) => "abajo",
            _ => "abajo a la derecha",
        },
        second: |digit, percent| format!("Segunda opción: un {digit}, con {percent}."),
        sought: |digit| format!("Busco qué lo haría un {digit}…"),
        without: |part, digit| format!("Sin la parte {part} sería un {digit}."),
        with: |digit| format!("Con la línea de puntos que he añadido sería un {digit}."),
        nothing: |digit| format!("Ni quitando una parte ni añadiendo un trazo corto sería un {digit}."),

        maps: "Lo que encuentra cada capa",
        maps_help: "Cada cuadro es un mapa de la red. Es más oscuro donde encuentra con más fuerza lo que busca.",
        layer: |number, maps, side| format!("Capa {number}: {maps} mapas de {side} × {side}"),
        layer_alt: |number, maps| format!("Los {maps} mapas de la capa {number} para lo que hay en el lienzo"),
    };
    const EN: &'static Self = &Self {
        empty: "Draw a digit, or upload a picture, and you will see here which strokes count.",
        blank: "I see no stroke in the picture that could be explained.",
        altered: "Your browser alters the pictures that I read. Draw a digit, and you will see how I read it.",
        several: "I see several digits. Leave just one, and you will see which strokes count.",
        resting: "Lift the pen for a moment, and you will see which strokes count.",

        framings: "Three framings",
        framings_help: "The network has learned from digits framed as MNIST's are: they fit into 20 × 20 points and are centred by their weight. In another framing the same may look to it like something else.",
        names: ["Whole page", "Stretched", "As in MNIST"],
        framing_alt: |name| format!("{name}: what the network sees, in 28 by 28 points"),

        evidence: "Which strokes count",
        evidence_help: "I leave out each stroke and read again; if there is only one, each part of it, and in a picture each patch. Number 1 counts most.",
        for_it: "for it",
        against_it: "against it",
        changes_it: "would change it",
        counts: |digit, for_it, against_it| match (for_it, against_it) {
            ([], []) => format!("No part counts for much on its own in this {digit}."),
            (for_it, []) => format!("For the {digit}: {}.", list(for_it, "and")),
            ([], against_it) => format!("Against the {digit}: {}.", list(against_it, "and")),
            (for_it, against_it) => format!(
                "For the {digit}: {}. Against it: {}.",
                list(for_it, "and"),
                list(against_it, "and")
            ),
        },
        resembles: |digit| format!("It doesn't look like a digit; it is most like a {digit}."),
        place: |column, row| match (column, row) {
            (0, 0) => "top left",
            (1, 0) => "top",
            (_, 0) => "top right",
            (0, 1) => "left",
            (1, 1) => "centre",
            (_, 1) => "right",
            (0, _) => "bottom left",
            (1, _) => "bottom",
            _ => "bottom right",
        },
        second: |digit, percent| format!("Second guess: a {digit}, with {percent}."),
        sought: |digit| format!("Looking for what would make it a {digit}…"),
        without: |part, digit| format!("Without part {part} it would be a {digit}."),
        with: |digit| format!("With the dotted line that I added it would be a {digit}."),
        nothing: |digit| format!("Neither leaving out a part nor adding a short stroke would make it a {digit}."),

        maps: "What each layer finds",
        maps_help: "Each square is a map of the network. It is darker where it finds more strongly what it looks for.",
        layer: |number, maps, side| format!("Layer {number}: {maps} maps of {side} × {side}"),
        layer_alt: |number, maps| format!("The {maps} maps of layer {number} for what is on the canvas"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, assert_no_empty_text};

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<ExplainTexts>();
    }

    #[test]
    fn parts_are_listed_in_words() {
        let counts =
            |locale, for_it: &[usize], against_it: &[usize]| (ExplainTexts::of(locale).counts)(4, for_it, against_it);
        assert_eq!(
            counts(Locale::Es, &[1, 2, 4], &[3]),
            "A favor del 4: 1, 2 y 4. En contra: 3."
        );
        assert_eq!(counts(Locale::En, &[], &[1, 2]), "Against the 4: 1 and 2.");
        assert_eq!(counts(Locale::En, &[1], &[]), "For the 4: 1.");
        assert!(counts(Locale::Es, &[], &[]).contains("Ninguna"));
    }
}

//! The texts of the admins' page about the models. In a table of their own, so that they are loaded with that page.

use super::state::ModelAction;
use crate::{
    client::ClientError,
    i18n::{Locale, ProblemText, TextTable, percent, thousandths},
    ui::texts::SharedTexts,
};
use api::{ErrorCode, EvaluationState, EvaluationSummary, Label, StoredModel};

/// The texts in one language.
#[derive(Debug)]
pub struct ModelsTexts {
    pub title: &'static str,
    pub help: &'static str,

    // The one that answers.
    pub answers_now: &'static str,
    /// Since when, and by whom.
    pub since: fn(&str, &str) -> String,
    /// The shipped model, if no other one ever answered.
    pub always: &'static str,

    // The upload.
    pub upload_title: &'static str,
    pub upload_help: &'static str,
    pub weights: &'static str,
    pub card: &'static str,
    pub upload: &'static str,
    /// How much has been sent, in per cent.
    pub sending: fn(&str) -> String,
    pub checking: &'static str,
    /// The version; none if it was there already.
    pub was_uploaded: fn(Option<&str>) -> String,
    pub no_file: &'static str,
    /// With the largest size.
    pub too_large: fn(&str) -> String,

    // The list.
    pub all: &'static str,
    /// How many uploaded ones there are, and how many there can be.
    pub room: fn(usize, u32) -> String,
    pub is_live: &'static str,
    pub is_previous: &'static str,
    pub origin: &'static str,
    pub of_origin: fn(&StoredModel) -> &'static str,
    pub accuracy: &'static str,
    pub trained_on: &'static str,
    pub date: &'static str,
    pub size: &'static str,
    pub uploaded: &'static str,
    pub live_since: &'static str,
    /// A time, and a name.
    pub by: fn(&str, &str) -> String,
    pub compared: &'static str,
    pub compared_with: fn(&EvaluationSummary, Locale) -> String,

    // What is done with one.
    pub action: fn(ModelAction) -> &'static str,
    pub show_comparison: &'static str,
    /// Asks before it is done, by the version.
    pub confirm: fn(ModelAction, &str) -> String,
    pub unseen: &'static str,
    pub done: fn(ModelAction, &str) -> String,

    // The comparison.
    pub comparison: &'static str,
    pub no_comparison: &'static str,
    /// The model, and the one that was live.
    pub of_versions: fn(&str, &str) -> String,
    /// How much of it is done, in per cent.
    pub comparing: fn(&str) -> String,
    pub progress: &'static str,
    pub comparison_aloud: fn(&EvaluationSummary) -> String,
    pub failed: &'static str,
    pub right_new: &'static str,
    pub right_live: &'static str,
    /// Those that are read right, all of them, and the share.
    pub right_of: fn(u32, u32, &str) -> String,
    pub no_corrections: &'static str,
    /// Those that are read differently, all of them, and the share.
    pub disagreements: fn(u32, u32, &str) -> String,
    pub pictures: &'static str,
    /// What the model reads, and what the live one does.
    pub picture: fn(Label, Label) -> String,
    pub label: fn(Label) -> &'static str,
    /// What is read, and the probability.
    pub answer: fn(Label, &str) -> String,
    pub new_answer: &'static str,
    pub live_answer: &'static str,
    pub said: &'static str,

    // Why a file was refused, or something wasn't done.
    pub unreadable: ProblemText,
    pub shapes: ProblemText,
    pub not_finite: ProblemText,
    pub fails_check: ProblemText,
    pub card_invalid: ProblemText,
    pub in_use: ProblemText,
    pub too_many: ProblemText,
    pub running: ProblemText,
    pub file_too_large: ProblemText,
    pub no_file_sent: ProblemText,
}

impl ModelsTexts {
    /// Why a request failed, and what to do.
    pub fn problem(&self, shared: &SharedTexts, error: &ClientError) -> ProblemText {
        let text = match error.code() {
            Some(ErrorCode::ModelUnreadable) => &self.unreadable,
            Some(ErrorCode::ModelShapes) => &self.shapes,
            Some(ErrorCode::ModelNotFinite) => &self.not_finite,
            Some(ErrorCode::ModelFailsCheck) => &self.fails_check,
            Some(ErrorCode::CardInvalid) => &self.card_invalid,
            Some(ErrorCode::ModelInUse) => &self.in_use,
            Some(ErrorCode::TooManyModels) => &self.too_many,
            Some(ErrorCode::EvaluationRunning) => &self.running,
            Some(ErrorCode::FileTooLarge) => &self.file_too_large,
            Some(ErrorCode::FileMissing | ErrorCode::FileNotSelected | ErrorCode::FormInvalid) => &self.no_file_sent,
            _ => return shared.request_error(error),
        };
        text.clone()
    }
}

impl TextTable for ModelsTexts {
    const ES: &'static Self = &ES;
    const EN: &'static Self = &EN;
}

fn share(part: u32, whole: u32, locale: Locale) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let share = part as f32 / whole.max(1) as f32;
    percent(thousandths(share), locale)
}

static ES: ModelsTexts = ModelsTexts {
    title: "Modelos",
    help: "El modelo en servicio lee en el servidor y en las páginas que están abiertas. Los demás esperan.",

    // The one that answers.
    answers_now: "Responde ahora",
    since: |at, name| format!("Desde el {at}, por {name}."),
    always: "Es el que viene con el programa.",

    // The upload.
    upload_title: "Subir un modelo",
    upload_help: "Se comprueba al subirlo: sus capas, sus pesos y unos dígitos de muestra. No responde hasta que lo pones en servicio.",
    weights: "Archivo con los pesos (.bpk)",
    card: "Su ficha (model_card.json), si la hay",
    upload: "Subir",
    sending: |share| format!("Enviando: {share}"),
    checking: "Comprobando…",
    was_uploaded: |version| match version {
        Some(version) => format!("{version} está guardado. Compáralo antes de ponerlo en servicio."),
        None => "Ese modelo ya estaba.".to_owned(),
    },
    no_file: "Falta el archivo con los pesos: elígelo.",
    too_large: |largest| format!("El archivo pasa de {largest}: no son los pesos de este modelo. Elige otro."),

    // The list.
    all: "Todos los modelos",
    room: |count, most| format!("Subidos: {count} de {most} como mucho."),
    is_live: "En servicio",
    is_previous: "El anterior",
    origin: "Origen",
    of_origin: |model| match &model.card {
        _ if model.shipped => "El del programa",
        Some(card) if card.corrections.is_some() => "Entrenado con correcciones",
        _ => "Subido",
    },
    accuracy: "Aciertos en MNIST",
    trained_on: "Correcciones aprendidas",
    date: "Fecha",
    size: "Tamaño",
    uploaded: "Subido",
    live_since: "En servicio desde",
    by: |at, name| format!("{at}, por {name}"),
    compared: "Comparación",
    compared_with: |summary, locale| match summary.state {
        EvaluationState::Running => "en marcha".to_owned(),
        EvaluationState::Failed => "se interrumpió".to_owned(),
        EvaluationState::Done => format!(
            "{} de {} correcciones bien; el otro, {}. Difieren en el {} de las imágenes.",
            summary.right,
            summary.corrections,
            summary.right_live,
            share(summary.disagreements, summary.pictures, locale),
        ),
    },

    // What is done with one.
    action: |action| match action {
        ModelAction::Compare => "Comparar con el actual",
        ModelAction::PutLive => "Poner en servicio",
        ModelAction::GoBack => "Volver al anterior",
        ModelAction::Delete => "Borrar",
    },
    show_comparison: "Ver la comparación",
    confirm: |action, version| match action {
        ModelAction::PutLive => {
            format!("¿Poner en servicio {version}? Desde ahora lee en el servidor y en las páginas abiertas.")
        }
        ModelAction::GoBack => {
            format!("¿Volver a {version}? Desde ahora lee en el servidor y en las páginas abiertas.")
        }
        ModelAction::Delete => format!("¿Borrar {version}? No se puede deshacer."),
        ModelAction::Compare => String::new(),
    },
    unseen: "Aún no lo has comparado con el actual.",
    done: |action, version| match action {
        ModelAction::Delete => format!("Hecho: {version} está borrado."),
        _ => format!("Hecho: responde {version}."),
    },

    // The comparison.
    comparison: "Comparación",
    no_comparison: "Aquí se ve, antes de poner un modelo en servicio, qué leería de otra manera.",
    of_versions: |version, against| format!("{version}, contra {against}"),
    comparing: |share| format!("Leyendo las correcciones y las últimas imágenes: {share}"),
    progress: "Lo que lleva la comparación",
    comparison_aloud: |summary| match summary.state {
        EvaluationState::Running => "La comparación está en marcha.".to_owned(),
        EvaluationState::Failed => "La comparación se ha interrumpido.".to_owned(),
        EvaluationState::Done => format!(
            "La comparación ha acabado. De {} correcciones, el nuevo lee bien {} y el actual {}. Difieren en {} de {} imágenes.",
            summary.corrections, summary.right, summary.right_live, summary.disagreements, summary.pictures,
        ),
    },
    failed: "La comparación se interrumpió: las cifras son las que había. Puedes comparar otra vez.",
    right_new: "El nuevo lee bien",
    right_live: "El actual lee bien",
    right_of: |right, all, share| format!("{right} de {all} ({share})"),
    no_corrections: "No hay correcciones con las que comparar.",
    disagreements: |count, all, share| match all {
        0 => "No hay imágenes guardadas que leer.".to_owned(),
        _ => format!("Difieren en {count} de {all} imágenes guardadas ({share})."),
    },
    pictures: "En estas difieren",
    picture: |new, live| format!("El nuevo lee {} y el actual {}", (ES.label)(new), (ES.label)(live)),
    label: |label| match label {
        Label::NoDigit => "ningún dígito",
        label => label.name(),
    },
    answer: |label, share| format!("{} ({share})", (ES.label)(label)),
    new_answer: "Nuevo",
    live_answer: "Actual",
    said: "Corregida",

    // Why a file was refused, or something wasn't done.
    unreadable: ProblemText::new(
        "El archivo no tiene los pesos de un modelo, o está incompleto.",
        "Elige el que escribió el entrenamiento.",
    ),
    shapes: ProblemText::new(
        "Son los pesos de otra red: sus capas no son las de este programa.",
        "Entrena con la misma versión del programa.",
    ),
    not_finite: ProblemText::new(
        "Hay pesos que no son números, o son enormes: el entrenamiento salió mal.",
        "Entrénalo otra vez.",
    ),
    fails_check: ProblemText::new(
        "No lee bien los dígitos de muestra, o no responde lo que dice su ficha.",
        "Comprueba que la ficha es la suya, o entrénalo otra vez.",
    ),
    card_invalid: ProblemText::new(
        "La ficha no es una, o es la de otro modelo.",
        "Elige la que se escribió con los pesos, o sube el modelo sin ella.",
    ),
    in_use: ProblemText::new(
        "Ese modelo está en servicio, o es el del programa.",
        "Pon antes otro en servicio; el del programa no se borra.",
    ),
    too_many: ProblemText::new("Ya hay todos los modelos que caben.", "Borra antes uno."),
    running: ProblemText::new(
        "Hay otra comparación en marcha.",
        "Espera a que acabe: tarda medio minuto como mucho.",
    ),
    file_too_large: ProblemText::new("El archivo es demasiado grande para ser un modelo.", "Elige otro."),
    no_file_sent: ProblemText::new("El archivo no ha llegado.", "Elígelo otra vez."),
};

static EN: ModelsTexts = ModelsTexts {
    title: "Models",
    help: "The live model reads on the server and in the pages that are open. The others wait.",

    // The one that answers.
    answers_now: "Answers now",
    since: |at, name| format!("Since {at}, by {name}."),
    always: "It is the one that comes with the program.",

    // The upload.
    upload_title: "Upload a model",
    upload_help: "It is checked when it is uploaded: its layers, its weights, and some sample digits. It doesn’t answer until you put it live.",
    weights: "File with the weights (.bpk)",
    card: "Its card (model_card.json), if there is one",
    upload: "Upload",
    sending: |share| format!("Sending: {share}"),
    checking: "Checking…",
    was_uploaded: |version| match version {
        Some(version) => format!("{version} is stored. Compare it before you put it live."),
        None => "That model was there already.".to_owned(),
    },
    no_file: "The file with the weights is missing: choose it.",
    too_large: |largest| {
        format!("The file is larger than {largest}: those aren’t the weights of this model. Choose another.")
    },

    // The list.
    all: "All models",
    room: |count, most| format!("Uploaded: {count} of {most} at most."),
    is_live: "Live",
    is_previous: "The one before",
    origin: "Origin",
    of_origin: |model| match &model.card {
        _ if model.shipped => "The program’s own",
        Some(card) if card.corrections.is_some() => "Trained with corrections",
        _ => "Uploaded",
    },
    accuracy: "Correct on MNIST",
    trained_on: "Corrections learned",
    date: "Date",
    size: "Size",
    uploaded: "Uploaded",
    live_since: "Live since",
    by: |at, name| format!("{at}, by {name}"),
    compared: "Comparison",
    compared_with: |summary, locale| match summary.state {
        EvaluationState::Running => "in progress".to_owned(),
        EvaluationState::Failed => "broke off".to_owned(),
        EvaluationState::Done => format!(
            "{} of {} corrections right; the other, {}. They differ on {} of the images.",
            summary.right,
            summary.corrections,
            summary.right_live,
            share(summary.disagreements, summary.pictures, locale),
        ),
    },

    // What is done with one.
    action: |action| match action {
        ModelAction::Compare => "Compare with the live one",
        ModelAction::PutLive => "Put live",
        ModelAction::GoBack => "Go back to the one before",
        ModelAction::Delete => "Delete",
    },
    show_comparison: "Show the comparison",
    confirm: |action, version| match action {
        ModelAction::PutLive => {
            format!("Put {version} live? From now on it reads on the server and in the open pages.")
        }
        ModelAction::GoBack => {
            format!("Go back to {version}? From now on it reads on the server and in the open pages.")
        }
        ModelAction::Delete => format!("Delete {version}? This can’t be undone."),
        ModelAction::Compare => String::new(),
    },
    unseen: "You haven’t compared it with the live one yet.",
    done: |action, version| match action {
        ModelAction::Delete => format!("Done: {version} is deleted."),
        _ => format!("Done: {version} answers."),
    },

    // The comparison.
    comparison: "Comparison",
    no_comparison: "This shows what a model would read differently, before you put it live.",
    of_versions: |version, against| format!("{version}, against {against}"),
    comparing: |share| format!("Reading the corrections and the newest images: {share}"),
    progress: "How much of the comparison is done",
    comparison_aloud: |summary| match summary.state {
        EvaluationState::Running => "The comparison is in progress.".to_owned(),
        EvaluationState::Failed => "The comparison broke off.".to_owned(),
        EvaluationState::Done => format!(
            "The comparison has ended. Of {} corrections the new one reads {} right and the live one {}. They differ on {} of {} images.",
            summary.corrections, summary.right, summary.right_live, summary.disagreements, summary.pictures,
        ),
    },
    failed: "The comparison broke off: the figures are those that there were. You can compare again.",
    right_new: "The new one reads right",
    right_live: "The live one reads right",
    right_of: |right, all, share| format!("{right} of {all} ({share})"),
    no_corrections: "There are no corrections to compare with.",
    disagreements: |count, all, share| match all {
        0 => "There are no stored images to read.".to_owned(),
        _ => format!("They differ on {count} of {all} stored images ({share})."),
    },
    pictures: "They differ on these",
    picture: |new, live| {
        format!(
            "The new one reads {}, the live one {}",
            (EN.label)(new),
            (EN.label)(live)
        )
    },
    label: |label| match label {
        Label::NoDigit => "no digit",
        label => label.name(),
    },
    answer: |label, share| format!("{} ({share})", (EN.label)(label)),
    new_answer: "New",
    live_answer: "Live",
    said: "Corrected",

    // Why a file was refused, or something wasn't done.
    unreadable: ProblemText::new(
        "The file doesn’t have the weights of a model, or breaks off.",
        "Choose the one that the training has written.",
    ),
    shapes: ProblemText::new(
        "The weights are those of another network: its layers aren’t those of this program.",
        "Train with the same version of the program.",
    ),
    not_finite: ProblemText::new(
        "Some weights are no numbers, or are huge: the training went wrong.",
        "Train it again.",
    ),
    fails_check: ProblemText::new(
        "It misreads the sample digits, or doesn’t answer what its card says.",
        "Check that the card is its own, or train it again.",
    ),
    card_invalid: ProblemText::new(
        "The card isn’t one, or is that of another model.",
        "Choose the one that was written with the weights, or upload the model without it.",
    ),
    in_use: ProblemText::new(
        "That model is live, or is the program’s own.",
        "Put another one live first; the program’s own can’t be deleted.",
    ),
    too_many: ProblemText::new("There are as many models as are kept.", "Delete one first."),
    running: ProblemText::new(
        "Another comparison is in progress.",
        "Wait until it ends: it takes half a minute at most.",
    ),
    file_too_large: ProblemText::new("The file is too large to be a model.", "Choose another."),
    no_file_sent: ProblemText::new("The file hasn’t arrived.", "Choose it again."),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::assert_no_empty_text;

    #[test]
    fn no_text_is_empty() {
        assert_no_empty_text::<ModelsTexts>();
    }
}

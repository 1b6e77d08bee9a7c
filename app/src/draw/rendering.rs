//! Painting of the canvases: strokes, the image, the keyboard's pen, and the network's input.

use std::f64::consts::TAU;

use leptos::{ev, html::Canvas, prelude::*};

use classifier::{
    ModelInput, Notice, PIXELS,
    preprocess::{Area, Stroke},
};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::{
    drawing::{KeyboardPen, PAGE, smooth},
    state::DrawState,
};
use crate::browser::{document, frame::once_per_frame};

/// Repaint the canvas whenever the drawing, its size or the theme changes.
pub fn repaint_on_change(state: DrawState, canvas: NodeRef<Canvas>) {
    let boxes = Memo::new(move |_| boxes(state));
    let repaint = once_per_frame(move || {
        if let Some(canvas) = canvas.get_untracked() {
            boxes.with_untracked(|boxes| draw_canvas(state, boxes, &canvas));
        }
    });
    Effect::new({
        let repaint = repaint.clone();
        move |_| {
            // Read, so that the next change is one.
            boxes.with(|_| ());
            state.drawing.track();
            state.image.track();
            state.keyboard.track();
            repaint();
        }
    });
    on_display_change(repaint);
}

/// Repaint the network's input whenever it, its size or the theme changes.
pub fn repaint_model_input_on_change(state: DrawState, canvas: NodeRef<Canvas>) {
    let repaint = once_per_frame(move || {
        if let Some(canvas) = canvas.get_untracked() {
            state
                .live
                .with_untracked(|live| draw_model_input(&canvas, live.result().map(|result| &result.reading.input)));
        }
    });
    Effect::new({
        let repaint = repaint.clone();
        move |_| {
            state.live.track();
            repaint();
        }
    });
    on_display_change(repaint);
}

/// Run `repaint` when the window's size, the screen's density or the theme changes.
pub fn on_display_change(repaint: impl Fn() + Clone + 'static) {
    Effect::new(move |_| {
        let resized = window_event_listener(ev::resize, {
            let repaint = repaint.clone();
            move |_| repaint()
        });
        let forget_theme = document::on_theme_change(repaint.clone());
        on_cleanup(move || {
            resized.remove();
            forget_theme();
        });
    });
}

/// Paint the drawing or the image in the theme's colours, at the screen's resolution.
fn draw_canvas(state: DrawState, boxes: &[ReadBox], canvas: &HtmlCanvasElement) -> Option<()> {
    let side = f64::from(canvas.client_width()) * window().device_pixel_ratio();
    if (f64::from(canvas.width()) - side).abs() > 0.5 || canvas.width() != canvas.height() {
        document::resize_canvas(canvas, side, side);
    }
    let context = document::context_2d(canvas)?;
    let (page, scale) = (f64::from(PAGE), f64::from(canvas.width()) / f64::from(PAGE));
    context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, page, page);
    let ink = document::css_value(canvas.unchecked_ref(), "color");
    state.image.with_untracked(|image| match image {
        Some(image) => draw_image(&context, &image.shown),
        None => state
            .drawing
            .with_untracked(|drawing| draw_strokes(&context, drawing.strokes(), &ink)),
    });
    let mark = document::css_value(canvas.unchecked_ref(), "--accent");
    draw_boxes(&context, boxes, &mark);
    if let Some(pen) = state.keyboard.with_untracked(|pen| *pen) {
        let [mark, halo] = ["--accent", "--sheet"].map(|name| document::css_value(canvas.unchecked_ref(), name));
        draw_keyboard_pen(&context, pen, &mark, &halo)?;
    }
    Some(())
}

/// Paint strokes with round ends, in page units.
pub fn draw_strokes(context: &CanvasRenderingContext2d, strokes: &[Stroke], ink: &str) {
    context.set_stroke_style_str(ink);
    context.set_line_cap("round");
    context.set_line_join("round");
    for stroke in strokes {
        let Some(first) = stroke.points.first().map(|point| point.map(f64::from)) else {
            continue;
        };
        context.set_line_width(f64::from(stroke.width));
        context.begin_path();
        context.move_to(first[0], first[1]);
        // A dot. Browsers leave out a line of no length, so it is a very short one.
        if stroke.points.len() == 1 {
            context.line_to(first[0] + 0.01, first[1]);
        }
        for segment in smooth(&stroke.points) {
            let [control, end] = [segment.control, segment.end].map(|point| point.map(f64::from));
            context.quadratic_curve_to(control[0], control[1], end[0], end[1]);
        }
        context.stroke();
    }
}

/// Paint an image centred and as large as fits.
fn draw_image(context: &CanvasRenderingContext2d, image: &HtmlCanvasElement) {
    let ([left, top], scale) = placement(image);
    let [width, height] = [image.width(), image.height()].map(|side| f64::from(side) * scale);
    // Small images keep sharp pixels when enlarged.
    context.set_image_smoothing_enabled(scale < 4.0);
    // It fails only for a canvas without pixels.
    context
        .draw_image_with_html_canvas_element_and_dw_and_dh(image, left, top, width, height)
        .ok();
}

/// Left and top of an image on the page, and the side of its pixels, in page units.
pub fn placement(image: &HtmlCanvasElement) -> ([f64; 2], f64) {
    let size = [image.width(), image.height()].map(f64::from);
    let page = f64::from(PAGE);
    let scale = page / size[0].max(size[1]).max(1.0);
    (size.map(|side| (page - side * scale) / 2.0), scale)
}

/// A box around what was read, in page units: left, top, width and height; and the digit, where there are several.
type ReadBox = ([f64; 4], Option<u8>);

/// Where the digits were found: in an image always, in a drawing if there are several.
fn boxes(state: DrawState) -> Vec<ReadBox> {
    let ([left, top], scale) = state
        .image
        .with(|image| {
            let image = image.as_ref()?;
            Some(placement(&image.shown))
        })
        .unwrap_or(([0.0; 2], 1.0));
    let on_page = |area: Area| {
        let [x, y, width, height] = area.map(|value| f64::from(value) * scale);
        [x + left, y + top, width, height]
    };
    let has_image = state.image.with(Option::is_some);
    state.live.with(|live| {
        let Some(reading) = live.result().map(|result| &result.reading) else {
            return Vec::new();
        };
        let parts = reading.lines.iter().flat_map(|line| &line.parts);
        let several: Vec<ReadBox> = parts
            .filter(|part| part.is_digit)
            .map(|part| (on_page(part.area), Some(part.prediction.digit())))
            .collect();
        if several.is_empty() && has_image && reading.notice != Some(Notice::NotADigit) {
            return reading.area.map(|area| (on_page(area), None)).into_iter().collect();
        }
        several
    })
}

/// Paint the boxes, with the digit over its box.
fn draw_boxes(context: &CanvasRenderingContext2d, boxes: &[ReadBox], mark: &str) {
    /// Distance from the digit, in page units.
    const MARGIN: f64 = 4.0;
    context.set_stroke_style_str(mark);
    context.set_fill_style_str(mark);
    context.set_line_width(1.5);
    context.set_font("600 14px system-ui, sans-serif");
    for &([left, top, width, height], digit) in boxes {
        context.stroke_rect(left - MARGIN, top - MARGIN, width + 2.0 * MARGIN, height + 2.0 * MARGIN);
        if let Some(digit) = digit {
            // Under the box where there is no room over it.
            let baseline = if top < 24.0 { top + height + 20.0 } else { top - 8.0 };
            // It fails for no text.
            context.fill_text(&digit.to_string(), left - MARGIN, baseline).ok();
        }
    }
}

/// Paint the keyboard's pen: a ring, with a dot in it while it draws. The halo keeps it visible on strokes.
fn draw_keyboard_pen(context: &CanvasRenderingContext2d, pen: KeyboardPen, mark: &str, halo: &str) -> Option<()> {
    let [x, y] = pen.point.map(f64::from);
    for (colour, width) in [(halo, 6.0), (mark, 3.0)] {
        context.set_stroke_style_str(colour);
        context.set_line_width(width);
        context.begin_path();
        context.arc(x, y, 14.0, 0.0, TAU).ok()?;
        context.stroke();
    }
    if pen.down {
        for (colour, radius) in [(halo, 7.0), (mark, 5.0)] {
            context.set_fill_style_str(colour);
            context.begin_path();
            context.arc(x, y, radius, 0.0, TAU).ok()?;
            context.fill();
        }
    }
    Some(())
}

/// Paint an input of the network, or none, on a canvas of its size.
pub fn draw_model_input(canvas: &HtmlCanvasElement, input: Option<&ModelInput>) -> Option<()> {
    let blank = ModelInput([0.0; PIXELS]);
    let mut rgba = vec![0; 4 * PIXELS];
    for (pixel, &ink) in rgba.chunks_exact_mut(4).zip(&input.unwrap_or(&blank).0) {
        pixel[3] = opacity(ink);
    }
    draw_opacities(canvas, &rgba)
}

/// Paint the opacities of these pixels, which fill the canvas, in the theme's text colour.
pub fn draw_opacities(canvas: &HtmlCanvasElement, rgba: &[u8]) -> Option<()> {
    let context = document::context_2d(canvas)?;
    let data = ImageData::new_with_u8_clamped_array(Clamped(rgba), canvas.width()).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()?;
    // Replace the colour and keep the opacity.
    context.set_global_composite_operation("source-in").ok()?;
    context.set_fill_style_str(&document::css_value(canvas.unchecked_ref(), "color"));
    context.fill_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    context.set_global_composite_operation("source-over").ok()
}

/// From ink, 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to u8's range just before"
)]
pub fn opacity(ink: f32) -> u8 {
    (ink.clamp(0.0, 1.0) * 255.0).round() as u8
}

//! Painting the page: strokes, an uploaded picture, the keyboard's pen.

use std::f64::consts::TAU;

use leptos::{ev, html::Canvas, prelude::*};

use classifier::{ModelInput, SIDE, preprocess::Stroke};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap, ImageData};

use super::{
    drawing::{KeyboardPen, PAGE, smooth},
    state::Desk,
};
use crate::browser::{document, frame::once_a_frame};

/// Paint the canvas whenever what it shows, its size or the theme changes.
pub fn keep_painting(desk: Desk, canvas: NodeRef<Canvas>) {
    let repaint = once_a_frame(move || {
        if let Some(canvas) = canvas.get_untracked() {
            paint(desk, &canvas);
        }
    });
    Effect::new({
        let repaint = repaint.clone();
        move |_| {
            desk.drawing.track();
            desk.upload.track();
            desk.keyboard.track();
            repaint();
        }
    });
    on_new_look(repaint);
}

/// The same for the picture that the network sees.
pub fn keep_painting_seen(desk: Desk, canvas: NodeRef<Canvas>) {
    let repaint = once_a_frame(move || {
        if let Some(canvas) = canvas.get_untracked() {
            desk.live
                .with_untracked(|live| paint_seen(&canvas, live.glance().map(|glance| &*glance.seen)));
        }
    });
    Effect::new({
        let repaint = repaint.clone();
        move |_| {
            desk.live.track();
            repaint();
        }
    });
    on_new_look(repaint);
}

/// Run `repaint` when the window's size, the screen's density or the theme changes.
fn on_new_look(repaint: impl Fn() + Clone + 'static) {
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

/// Paint what the desk holds in `canvas`, in the theme's ink, as sharp as the screen is.
pub fn paint(desk: Desk, canvas: &HtmlCanvasElement) -> Option<()> {
    let side = f64::from(canvas.client_width()) * window().device_pixel_ratio();
    if (f64::from(canvas.width()) - side).abs() > 0.5 || canvas.width() != canvas.height() {
        document::resize(canvas, side, side);
    }
    let context = document::context(canvas)?;
    let (page, scale) = (f64::from(PAGE), f64::from(canvas.width()) / f64::from(PAGE));
    context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, page, page);
    let ink = document::colour(canvas.unchecked_ref(), "color");
    desk.upload.with_untracked(|upload| match upload {
        Some(upload) => show(&context, &upload.bitmap),
        None => desk
            .drawing
            .with_untracked(|drawing| ink_strokes(&context, drawing.strokes(), &ink)),
    });
    if let Some(pen) = desk.keyboard.with_untracked(|pen| *pen) {
        let [mark, halo] = ["--accent", "--sheet"].map(|name| document::colour(canvas.unchecked_ref(), name));
        mark_pen(&context, pen, &mark, &halo)?;
    }
    Some(())
}

/// Strokes with round ends, in page units.
pub fn ink_strokes(context: &CanvasRenderingContext2d, strokes: &[Stroke], ink: &str) {
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
        // A line to where it already is: with round ends, a dot.
        context.line_to(first[0], first[1]);
        for segment in smooth(&stroke.points) {
            let [control, end] = [segment.control, segment.end].map(|point| point.map(f64::from));
            context.quadratic_curve_to(control[0], control[1], end[0], end[1]);
        }
        context.stroke();
    }
}

/// A picture, as large as fits, in the middle.
pub fn show(context: &CanvasRenderingContext2d, bitmap: &ImageBitmap) {
    let [width, height] = [bitmap.width(), bitmap.height()].map(f64::from);
    let page = f64::from(PAGE);
    let scale = page / width.max(height).max(1.0);
    let [width, height] = [width * scale, height * scale];
    // Small pictures are shown in their own pixels, not blurred.
    context.set_image_smoothing_enabled(scale < 4.0);
    // A bitmap that was closed shows nothing.
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, (page - width) / 2.0, (page - height) / 2.0, width, height)
        .ok();
}

/// The keyboard's pen: a ring while it is lifted, a dot in it while it draws; with a halo, for it stands on ink too.
fn mark_pen(context: &CanvasRenderingContext2d, pen: KeyboardPen, mark: &str, halo: &str) -> Option<()> {
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

/// The network's input, one canvas pixel each, in the theme's ink; paper is transparent.
pub fn paint_seen(canvas: &HtmlCanvasElement, picture: Option<&ModelInput>) -> Option<()> {
    let context = document::context(canvas)?;
    let pixels = u32::try_from(SIDE).ok()?;
    let side = f64::from(pixels);
    context.clear_rect(0.0, 0.0, side, side);
    let picture = picture?;
    let mut rgba = vec![0_u8; picture.0.len() * 4];
    for (pixel, ink) in rgba.chunks_exact_mut(4).zip(picture.0) {
        pixel[3] = opacity(ink);
    }
    let data = ImageData::new_with_u8_clamped_array(Clamped(&rgba), pixels).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()?;
    // Black becomes the theme's ink where there is any.
    context.set_global_composite_operation("source-in").ok()?;
    context.set_fill_style_str(&document::colour(canvas.unchecked_ref(), "color"));
    context.fill_rect(0.0, 0.0, side, side);
    context.set_global_composite_operation("source-over").ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits just before"
)]
fn opacity(ink: f32) -> u8 {
    (ink.clamp(0.0, 1.0) * 255.0).round() as u8
}

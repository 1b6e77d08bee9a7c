// Drawing with the mouse or a pen: pen widths and pressure, the eraser, undo, redo, clear, strokes that leave the canvas, a
// palm beside the pen, and browsers that lack what only a secure context has.

import type { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { forbidPointerDetails, leaveSecureContext } from '../support/limited-browsers';

interface Pointer {
  pointerId: number;
  pointerType: 'pen' | 'touch';
  /** 1 by default. */
  buttons?: number;
  /** The button that has just been pressed; the first by default. */
  button?: number;
  /** From 0 to 1; 0 by default, as of pens that measure none. */
  pressure?: number;
}

const palm: Pointer = { pointerId: 41, pointerType: 'touch' };
const pen: Pointer = { pointerId: 42, pointerType: 'pen' };

/** Dispatches a pointer event on the canvas; x and y are shares of its side. */
async function point(draw: DrawPage, type: string, x: number, y: number, pointer: Pointer): Promise<void> {
  await draw.canvas.evaluate(
    (canvas, { type, x, y, pointer }) => {
      const { left, top, width } = canvas.getBoundingClientRect();
      const place = { clientX: left + x * width, clientY: top + y * width };
      const init = { bubbles: true, cancelable: true, isPrimary: true, buttons: 1, ...place, ...pointer };
      canvas.dispatchEvent(new PointerEvent(type, init));
    },
    { type, x, y, pointer },
  );
}

/** Draws a 1 from the top down. */
async function drawOne(draw: DrawPage, pointer: Pointer): Promise<void> {
  await point(draw, 'pointerdown', 0.5, 0.2, pointer);
  for (let y = 0.22; y < 0.8; y += 0.02) await point(draw, 'pointermove', 0.5, y, pointer);
  await point(draw, 'pointerup', 0.5, 0.8, { ...pointer, buttons: 0 });
}

test('a wider pen leaves more ink', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const inked: number[] = [];
  for (const pen of ['thin', 'medium', 'thick'] as const) {
    await draw.choosePen(pen);
    await draw.draw(drawing('1-plain'));
    inked.push((await draw.ink()) - paper);
    await draw.clear.click();
    await draw.expectInk(paper);
  }
  const [thin = 0, medium = 0, thick = 0] = inked;
  expect(thin).toBeGreaterThan(0);
  expect(medium).toBeGreaterThan(thin * 1.3);
  expect(thick).toBeGreaterThan(medium * 1.3);
});

test('undo removes one stroke at a time, and updates the prediction', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await expect(draw.undo).toBeDisabled();
  await draw.draw(drawing('1-plain'));
  await draw.expectPrediction(1);
  const oneStroke = await draw.ink();
  const foot = drawing('1-flag-and-foot');
  await draw.draw({ ...foot, strokes: foot.strokes.slice(1) });
  expect(await draw.ink()).toBeGreaterThan(oneStroke);
  await draw.undo.click();
  await draw.expectInk(oneStroke);
  await draw.expectPrediction(1);
  await draw.undo.click();
  await draw.expectInk(paper);
  await draw.expectNoPrediction();
  await expect(draw.undo).toBeDisabled();
});

test('redo makes again what was undone, until something else is drawn', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await expect(draw.redo).toBeDisabled();
  await draw.draw(drawing('4-closed'));
  await draw.expectPrediction(4);
  const four = await draw.ink();
  await draw.clear.click();
  await draw.expectInk(paper);
  for (let times = 0; times < 3; times += 1) await draw.undo.click();
  await draw.expectInk(paper);
  await expect(draw.undo).toBeDisabled();
  await draw.redo.click();
  await draw.redo.click();
  await draw.expectInk(four);
  await draw.expectPrediction(4);
  await draw.redo.click();
  await draw.expectInk(paper);
  await expect(draw.redo).toBeDisabled();

  // The keys work wherever the focus is.
  await draw.clear.focus();
  await page.keyboard.press('Control+z');
  await draw.expectInk(four);
  await page.keyboard.press('Control+z');
  expect(await draw.ink()).toBeLessThan(four);
  await page.keyboard.press('Control+Shift+Z');
  await draw.expectInk(four);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+y');
  await draw.expectInk(four);
  await draw.undo.click();
  await expect(draw.redo).toBeEnabled();
  await draw.draw(drawing('1-plain'));
  await expect(draw.redo).toBeDisabled();
});

test('the eraser removes the stroke that it touches, and undo brings it back', async ({ page, draw }) => {
  await draw.open();
  const four = drawing('4-open');
  const [first = [], second = []] = four.strokes;
  await draw.draw({ ...four, strokes: [second] });
  const onlySecond = await draw.ink();
  await draw.clear.click();
  await draw.draw(four);
  await draw.expectPrediction(4);
  const both = await draw.ink();
  const box = await draw.canvasBox();
  const [x, y] = first[0] ?? [0, 0];
  const beside = { x: box.x + 4, y: box.y + 4 };
  const onFirst = { x: box.x + (x * box.width) / four.canvas, y: box.y + (y * box.width) / four.canvas };
  await draw.chooseEraser();
  await page.mouse.click(beside.x, beside.y);
  await draw.expectInk(both);
  await page.mouse.click(onFirst.x, onFirst.y);
  await draw.expectInk(onlySecond);
  await draw.undo.click();
  await draw.expectInk(both);
  await draw.expectPrediction(4);
  await draw.redo.click();
  await draw.expectInk(onlySecond);

  // Moved over the canvas it removes all that it touches.
  await draw.undo.click();
  await page.mouse.move(beside.x, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 4, box.y + box.height / 2, { steps: 40 });
  await page.mouse.up();
  await draw.expectNoPrediction();
  await expect(draw.clear).toBeDisabled();
  await draw.choosePen('medium');
  await draw.draw(drawing('1-plain'));
  await draw.expectPrediction(1);
});

test('a pen that is pressed harder draws wider, also within a stroke, which stays one', async ({
  page,
  draw,
  monitor,
}) => {
  monitor.allow(/willReadFrequently/);
  await draw.open();
  const paper = await draw.ink();
  const inked: number[] = [];
  for (const pressure of [0, 0.2, 0.5, 0.9]) {
    await drawOne(draw, { ...pen, pressure });
    inked.push((await draw.ink()) - paper);
    await draw.undo.click();
    await draw.expectInk(paper);
  }
  const [none = 0, light = 0, middle = 0, hard = 0] = inked;
  expect(middle).toBeCloseTo(none, 5);
  expect(middle).toBeGreaterThan(light * 1.2);
  expect(hard).toBeGreaterThan(middle * 1.2);

  await point(draw, 'pointerdown', 0.5, 0.2, { ...pen, pressure: 0.1 });
  for (let y = 0.22; y < 0.8; y += 0.02) await point(draw, 'pointermove', 0.5, y, { ...pen, pressure: y });
  await point(draw, 'pointerup', 0.5, 0.8, { ...pen, buttons: 0 });
  await draw.expectPrediction(1);
  const [above = 0, below = 0] = await draw.canvas.evaluate((canvas: HTMLCanvasElement) =>
    [0.3, 0.7].map((y) => {
      const row = canvas.getContext('2d')?.getImageData(0, y * canvas.height, canvas.width, 1).data;
      return Array.from(row ?? []).filter((value, index) => index % 4 === 3 && value > 127).length;
    }),
  );
  expect(below).toBeGreaterThan(above * 1.3);

  // It is one stroke for undo, for the eraser, and after a visit to another page.
  await draw.undo.click();
  await draw.expectInk(paper);
  await draw.redo.click();
  await page.getByRole('contentinfo').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('El modelo');
  await page.goBack();
  await draw.expectPrediction(1);
  await draw.chooseEraser();
  await drawOne(draw, pen);
  await draw.expectInk(paper);
  await draw.undo.click();
  await draw.expectPrediction(1);
});

test('a finger and a mouse draw the same width whatever pressure they report', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await drawOne(draw, { ...palm, pressure: 0.1 });
  const light = await draw.ink();
  await draw.undo.click();
  await draw.expectInk(paper);
  await drawOne(draw, { ...palm, pressure: 1 });
  await draw.expectInk(light);
});

test('the other end of a pen erases', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await drawOne(draw, pen);
  await draw.expectPrediction(1);
  await point(draw, 'pointerdown', 0.5, 0.5, { ...pen, button: 5, buttons: 32 });
  await point(draw, 'pointerup', 0.5, 0.5, { ...pen, button: 5, buttons: 0 });
  await draw.expectInk(paper);
  await expect(draw.undo).toBeEnabled();
});

test('clear removes the drawing and both predictions', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await draw.draw(drawing('8-two-circles'));
  await draw.expectPrediction(8);
  await draw.askServer.click();
  await draw.expectServerPrediction(8);
  await draw.clear.click();
  await draw.expectInk(paper);
  await draw.expectNoPrediction();
  await draw.expectNoServerPrediction();
});

test('undo restores a cleared drawing', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('4-closed'));
  await draw.expectPrediction(4);
  const ink = await draw.ink();
  await draw.clear.click();
  await draw.expectNoPrediction();
  await draw.undo.click();
  await draw.expectPrediction(4);
  await draw.expectInk(ink);
});

test('a server prediction of an earlier drawing is marked as such, and a clear removes it', async ({ page, draw }) => {
  const earlier = page.getByText('de un dibujo anterior');
  await draw.open();
  await draw.draw(drawing('0-round'));
  await draw.askServer.click();
  await draw.expectServerPrediction(0);
  await expect(earlier).toBeHidden();
  await draw.draw(drawing('1-plain'));
  await expect(earlier).toBeVisible();
  const response = page.waitForResponse('**/predict');
  await draw.askServer.click();
  const { prediccion } = (await (await response).json()) as { prediccion: number };
  await draw.expectServerPrediction(prediccion);
  await expect(earlier).toBeHidden();
  await draw.clear.click();
  await draw.expectNoServerPrediction();
  await expect(earlier).toBeHidden();
});

test('a stroke that leaves the canvas and returns is one stroke', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const box = await draw.canvasBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 40, { steps: 10 });
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3, { steps: 10 });
  await page.mouse.up();
  expect(await draw.ink()).toBeGreaterThan(paper);
  await draw.undo.click();
  await draw.expectInk(paper);
  await expect(draw.undo).toBeDisabled();
});

test('moving without a pressed button, or with the right one, draws nothing', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const box = await draw.canvasBox();
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.move(box.x + 150, box.y + 150, { steps: 5 });
  await page.mouse.down({ button: 'right' });
  await page.mouse.move(box.x + 50, box.y + 150, { steps: 5 });
  await page.mouse.up({ button: 'right' });
  expect(await draw.ink()).toBeCloseTo(paper, 5);
});

test('the prediction is updated during a stroke', async ({ page, draw }) => {
  await draw.open();
  const box = await draw.canvasBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 20 });
  await draw.expectPrediction(1);
  await page.mouse.up();
  await draw.expectPrediction(1);
});

test('the drawing is kept when the window is resized', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('5-two-strokes'));
  await draw.expectPrediction(5);
  const ink = await draw.ink();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => draw.ink()).toBeGreaterThan(ink / 3);
  await draw.expectPrediction(5);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(() => draw.ink()).toBeGreaterThan(ink / 3);
  await draw.expectPrediction(5);
});

test('a palm that touches before the pen leaves nothing, and one beside the pen draws nothing', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await drawOne(draw, pen);
  const one = await draw.ink();
  expect(one).toBeGreaterThan(paper);
  await draw.undo.click();
  await draw.expectInk(paper);

  // While the pen is away, nothing tells a palm from a finger.
  await point(draw, 'pointerleave', 0.5, 0.8, { ...pen, buttons: 0 });
  await point(draw, 'pointerdown', 0.85, 0.9, palm);
  await point(draw, 'pointermove', 0.86, 0.92, palm);
  await expect.poll(() => draw.ink()).toBeGreaterThan(paper);
  await point(draw, 'pointerdown', 0.5, 0.2, pen);
  await point(draw, 'pointermove', 0.7, 0.9, palm);
  await point(draw, 'pointerdown', 0.1, 0.9, { ...palm, pointerId: 43 });
  for (let y = 0.22; y < 0.8; y += 0.02) await point(draw, 'pointermove', 0.5, y, pen);
  await point(draw, 'pointerup', 0.5, 0.8, { ...pen, buttons: 0 });
  await point(draw, 'pointermove', 0.2, 0.9, palm);
  await point(draw, 'pointerup', 0.2, 0.9, { ...palm, buttons: 0 });
  await draw.expectInk(one);
  await draw.expectPrediction(1);
  await draw.undo.click();
  await draw.expectInk(paper);
  await expect(draw.undo).toBeDisabled();
});

test('while a pen hovers over the canvas, a touch draws nothing', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const hovering = { ...pen, buttons: 0 };
  // The palm comes first: what it drew goes when the pen comes near.
  await point(draw, 'pointerdown', 0.85, 0.9, palm);
  await point(draw, 'pointermove', 0.8, 0.85, palm);
  await expect.poll(() => draw.ink()).toBeGreaterThan(paper);
  await point(draw, 'pointermove', 0.5, 0.2, hovering);
  await draw.expectInk(paper);
  await point(draw, 'pointermove', 0.6, 0.8, palm);
  await point(draw, 'pointerup', 0.6, 0.8, { ...palm, buttons: 0 });
  await draw.expectInk(paper);
  // The palm comes later.
  await drawOne(draw, { ...palm, pointerId: 43 });
  await draw.expectInk(paper);
  await expect(draw.undo).toBeDisabled();
  await expect(draw.redo).toBeDisabled();

  await drawOne(draw, pen);
  await draw.expectPrediction(1);
  await draw.undo.click();
  // Once the pen is put away, a finger draws.
  await point(draw, 'pointerleave', 0.5, 0.2, hovering);
  await drawOne(draw, { ...palm, pointerId: 44 });
  await draw.expectPrediction(1);
});

test('a touch that the system cancels leaves nothing', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await point(draw, 'pointerdown', 0.85, 0.9, palm);
  await point(draw, 'pointermove', 0.86, 0.92, palm);
  await expect.poll(() => draw.ink()).toBeGreaterThan(paper);
  await point(draw, 'pointercancel', 0.85, 0.9, { ...palm, buttons: 0 });
  await draw.expectInk(paper);
  await drawOne(draw, pen);
  await draw.expectPrediction(1);
});

test('after a release that never came, the first move without a button ends the stroke', async ({ page, draw }) => {
  await draw.open();
  const box = await draw.canvasBox();
  await page.evaluate(() => {
    const lose = (event: Event) => event.stopImmediatePropagation();
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      addEventListener(type, lose, { capture: true, once: true });
    }
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 10 });
  await page.mouse.up();
  const ink = await draw.ink();
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.8, { steps: 10 });
  expect(await draw.ink()).toBeCloseTo(ink, 5);
  await draw.expectPrediction(1);
  await draw.undo.click();
  await draw.expectNoPrediction();
  await expect(draw.undo).toBeDisabled();
});

test('a finger whose release never came does not keep the next one from drawing', async ({ draw }) => {
  await draw.open();
  await point(draw, 'pointerdown', 0.5, 0.2, palm);
  await drawOne(draw, { ...palm, pointerId: 44 });
  await draw.expectPrediction(1);
});

test('a stroke that is undone while it is drawn does not continue the one before', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('1-plain'));
  const ink = await draw.ink();
  const box = await draw.canvasBox();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.keyboard.press('Control+Z');
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8, { steps: 5 });
  await page.mouse.up();
  // Away from the canvas, so that the keyboard's pen isn't shown.
  await draw.clear.focus();
  await draw.expectInk(ink);
});

for (const [description, limit] of [
  ['outside a secure context', leaveSecureContext],
  ['where the browser forbids details of pointers', forbidPointerDetails],
] as const) {
  test(`${description} a digit is drawn, predicted, sent and undone`, async ({ page, draw }) => {
    await limit(page);
    await draw.open();
    const paper = await draw.ink();
    await draw.draw(drawing('5-two-strokes'));
    await draw.expectPrediction(5);
    await draw.askServer.click();
    await draw.expectServerPrediction(5);
    await draw.undo.click();
    await draw.undo.click();
    await draw.expectInk(paper);
    await draw.draw(drawing('7-plain'));
    await draw.expectPrediction(7);
  });
}

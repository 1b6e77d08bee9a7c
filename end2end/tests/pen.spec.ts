// Drawing with the mouse or a pen: pen widths, undo, clear, strokes that leave the canvas, a palm beside the pen, and
// browsers that lack what only a secure context has.

import type { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { forbidPointerDetails, leaveSecureContext } from '../support/limited-browsers';

interface Pointer {
  pointerId: number;
  pointerType: 'pen' | 'touch';
  /** 1 by default. */
  buttons?: number;
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

  await point(draw, 'pointerdown', 0.85, 0.9, palm);
  await point(draw, 'pointermove', 0.86, 0.92, palm);
  expect(await draw.ink()).toBeGreaterThan(paper);
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

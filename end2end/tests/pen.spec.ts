// Drawing with the mouse: pen widths, undo, clear, and strokes that leave the canvas.

import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';

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

// The pen: widths, undo, clear, a dot, a stroke that leaves the canvas.

import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';

test('a wider pen leaves more ink', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const inked: number[] = [];
  for (const pen of ['thin', 'medium', 'thick'] as const) {
    await draw.choosePen(pen);
    await draw.draw(drawing('1-plain'));
    inked.push((await draw.ink()) - paper);
    await draw.clear.click();
  }
  const [thin = 0, medium = 0, thick = 0] = inked;
  expect(thin).toBeGreaterThan(0);
  expect(medium).toBeGreaterThan(thin * 1.3);
  expect(thick).toBeGreaterThan(medium * 1.3);
});

test('undo takes back one stroke at a time, and the answer with it', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await expect(draw.undo).toBeDisabled();
  await draw.draw(drawing('1-plain'));
  await draw.reads(1);
  const one = await draw.ink();
  const foot = drawing('1-flag-and-foot');
  await draw.draw({ ...foot, strokes: foot.strokes.slice(1) });
  expect(await draw.ink()).toBeGreaterThan(one);
  await draw.undo.click();
  expect(await draw.ink()).toBeCloseTo(one, 5);
  await draw.reads(1);
  await draw.undo.click();
  expect(await draw.ink()).toBeCloseTo(paper, 5);
  await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
  await expect(draw.undo).toBeDisabled();
});

test('clear empties canvas, answers and bars', async ({ draw }) => {
  await draw.open();
  const paper = await draw.ink();
  await draw.draw(drawing('8-two-circles'));
  await draw.reads(8);
  await draw.ask.click();
  await draw.serverReads(8);
  await draw.clear.click();
  expect(await draw.ink()).toBeCloseTo(paper, 5);
  await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
  await expect(draw.serverAnswer).not.toHaveAttribute('data-digit', /\d/);
});

test('undo brings back what was cleared', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('4-closed'));
  await draw.reads(4);
  const ink = await draw.ink();
  await draw.clear.click();
  await draw.undo.click();
  await draw.reads(4);
  expect(await draw.ink()).toBeCloseTo(ink, 5);
});

test('an answer of the server to an earlier drawing is marked as such, and goes with a clear', async ({
  page,
  draw,
}) => {
  const earlier = page.getByText('de un dibujo anterior');
  await draw.open();
  await draw.draw(drawing('0-round'));
  await draw.ask.click();
  await draw.serverReads(0);
  await expect(earlier).toBeHidden();
  await draw.draw(drawing('1-plain'));
  await expect(earlier).toBeVisible();
  await draw.ask.click();
  await expect(earlier).toBeHidden();
  await draw.clear.click();
  await expect(draw.serverAnswer).not.toHaveAttribute('data-digit', /\d/);
  await expect(earlier).toBeHidden();
});

test('a stroke that leaves the canvas and returns is one stroke', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 40, { steps: 10 });
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3, { steps: 10 });
  await page.mouse.up();
  expect(await draw.ink()).toBeGreaterThan(paper);
  await draw.undo.click();
  expect(await draw.ink()).toBeCloseTo(paper, 5);
  await expect(draw.undo).toBeDisabled();
});

test('a button pressed outside or the right button draws nothing', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  await page.mouse.move(box.x + 50, box.y + 50);
  await page.mouse.move(box.x + 150, box.y + 150, { steps: 5 });
  await page.mouse.down({ button: 'right' });
  await page.mouse.move(box.x + 50, box.y + 150, { steps: 5 });
  await page.mouse.up({ button: 'right' });
  expect(await draw.ink()).toBeCloseTo(paper, 5);
});

test('the answer moves while the pen is still down', async ({ page, draw }) => {
  await draw.open();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 20 });
  await draw.reads(1);
  await page.mouse.up();
  await draw.reads(1);
});

test('an edited drawing is kept when the window changes its size', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('5-two-strokes'));
  await draw.reads(5);
  const paperless = await draw.ink();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => draw.ink()).toBeGreaterThan(paperless / 3);
  await draw.reads(5);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(() => draw.ink()).toBeGreaterThan(paperless / 3);
  await draw.reads(5);
});

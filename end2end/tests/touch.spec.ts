// On a phone: drawing with real touch events, which must not scroll the page, and where the tools are.

import { installClock } from '../support/clock';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { scrollTop } from '../support/page';
import { drawWithFinger, liftAtRest, withTouch } from '../support/touch';

test('the tools are where the thumb is: under the canvas, in one row', async ({ draw }) => {
  await draw.open();
  const canvas = await draw.canvasBox();
  const tops = new Set<number>();
  for (const tool of [draw.pen('thin'), draw.pen('thick'), draw.eraser, draw.undo, draw.redo, draw.clear]) {
    const box = await tool.boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(canvas.y + canvas.height);
    tops.add(Math.round(box?.y ?? 0));
  }
  // The radio buttons cover their labels, inside of the border.
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(2);
});

test('a digit drawn with a finger is predicted, and the page does not scroll', async ({ page, draw }) => {
  await draw.open();
  for (const name of ['5-two-strokes', '8-one-stroke', '1-plain', '4-open']) {
    const recorded = drawing(name);
    const top = await scrollTop(page);
    await drawWithFinger(page, await draw.canvasBox(), recorded);
    await draw.expectPrediction(recorded.label);
    expect(await scrollTop(page)).toBe(top);
    await draw.askServer.tap();
    await draw.expectServerPrediction(recorded.label);
    await page.evaluate(() => scrollTo(0, 0));
    await draw.clear.tap();
    await draw.expectNoPrediction();
  }
});

test('a finger beside the canvas scrolls the page', async ({ page, draw }) => {
  await page.setViewportSize({ width: 390, height: 480 });
  await draw.open();
  const box = await draw.canvasBox();
  const x = Math.max(2, box.x / 2);
  await withTouch(page, async (touch) => {
    await touch('touchStart', [{ x, y: 420 }]);
    for (let step = 1; step < 15; step += 1) await touch('touchMove', [{ x, y: 420 - step * 20 }]);
    await touch('touchEnd', []);
  });
  await expect.poll(() => scrollTop(page)).toBeGreaterThan(20);
});

test('a second finger does not disturb the stroke', async ({ page, draw }) => {
  await draw.open();
  const box = await draw.canvasBox();
  const x = box.x + box.width / 2;
  const finger = (y: number) => ({ x, y: box.y + box.height * y, id: 0 });
  const palm = { x: box.x + box.width * 0.85, y: box.y + box.height * 0.9, id: 1 };
  await withTouch(page, async (touch) => {
    await touch('touchStart', [finger(0.2)]);
    for (let y = 0.22; y < 0.5; y += 0.02) await touch('touchMove', [finger(y)]);
    await touch('touchStart', [finger(0.5), palm]);
    for (let y = 0.5; y < 0.8; y += 0.02) await touch('touchMove', [finger(y), palm]);
    await liftAtRest(touch, [finger(0.8), palm]);
  });
  await draw.expectPrediction(1);
  await draw.undo.tap();
  await draw.expectNoPrediction();
});

test('moves of a touch on the canvas are kept from the system, whose handwriting recognition would take them', async ({
  draw,
}) => {
  await draw.open();
  const isPrevented = await draw.canvas.evaluate((canvas) => {
    const touch = new Touch({ identifier: 1, target: canvas, clientX: 20, clientY: 20 });
    const init = { touches: [touch], changedTouches: [touch], bubbles: true, cancelable: true };
    return !canvas.dispatchEvent(new TouchEvent('touchmove', init));
  });
  expect(isPrevented).toBe(true);
});

test('the eraser removes a stroke with a tap', async ({ page, draw }) => {
  await draw.open();
  await drawWithFinger(page, await draw.canvasBox(), drawing('1-plain'));
  await draw.expectPrediction(1);
  await page.locator('.tool', { hasText: 'Goma' }).tap();
  await expect(draw.eraser).toBeChecked();
  const { strokes, canvas } = drawing('1-plain');
  const [x, y] = strokes[0]?.[5] ?? [0, 0];
  const box = await draw.canvasBox();
  await page.touchscreen.tap(box.x + (x * box.width) / canvas, box.y + (y * box.width) / canvas);
  await draw.expectNoPrediction();
  await draw.undo.tap();
  await draw.expectPrediction(1);
  await draw.redo.tap();
  await draw.expectNoPrediction();
});

test('on the grid a tap fills a cell, and while it is scanned any tap chooses', async ({ page, draw }) => {
  await installClock(page, new Date('2026-03-01T10:00:00Z'));
  await draw.open();
  await draw.gridButton.tap();
  const cell = page.getByRole('gridcell', { name: /^Fila 14, columna 10, / });
  await cell.tap();
  await expect(cell).toHaveAccessibleName('Fila 14, columna 10, llena');

  await page.clock.pauseAt(new Date('2026-03-01T11:00:00Z'));
  await page.getByRole('button', { name: 'Empezar el barrido' }).tap();
  const surface = page.getByRole('button', { name: 'Elegir lo marcado' });
  await page.clock.runFor(3_000);
  await surface.tap();
  await page.clock.runFor(6_000);
  await surface.tap();
  await page.getByRole('button', { name: 'Parar el barrido' }).tap();
  await expect(page.getByRole('gridcell', { name: 'Fila 4, columna 7, llena' })).toHaveCount(1);
});

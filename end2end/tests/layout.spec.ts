// The layout on desktop and phone, and that nothing moves after it is shown.

import type { Locator } from '@playwright/test';
import { runningAnimations } from '../support/controls';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { layoutShifts, recordLayoutShifts, totalShift } from '../support/layout-shifts';
import { overloadPredictions } from '../support/network';
import { expectNoHorizontalOverflow, frameRendered } from '../support/page';

/** The canvas's width and height in its own pixels. The page sets them when it first paints. */
function canvasSize(canvas: Locator): Promise<[number, number]> {
  return canvas.evaluate(({ width, height }: HTMLCanvasElement) => [width, height]);
}

test.beforeEach(({ page }) => recordLayoutShifts(page));

test('nothing shifts during load, hydration, predictions and an error', async ({ page, draw, monitor }) => {
  monitor.allow(/\/predict/);
  await draw.open();
  await draw.draw(drawing('8-two-circles'));
  await draw.expectPrediction(8);
  await draw.askServer.click();
  await draw.expectServerPrediction(8);
  await overloadPredictions(page);
  await draw.askServer.click();
  await expect(draw.alert).toBeVisible();
  await draw.clear.click();
  await expect(draw.alert).toBeHidden();
  await draw.expectNoPrediction();
  await frameRendered(page);
  const shifts = await layoutShifts(page);
  expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
});

test('the page has no horizontal overflow', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('4-wide-shaky'));
  await draw.expectPrediction(4);
  await draw.askServer.click();
  await draw.expectServerPrediction(4);
  await expectNoHorizontalOverflow(page);
});

test('canvas, prediction and buttons are visible without scrolling', async ({ page, draw }, { project }) => {
  const fold = project.name === 'phone' ? 700 : 800;
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await page.evaluate(() => scrollTo(0, 0));
  const tools = [draw.pen('thin'), draw.eraser, draw.undo, draw.redo, draw.clear];
  for (const part of [draw.canvas, draw.prediction, draw.askServer, draw.upload, ...tools]) {
    const box = await part.boundingBox();
    expect(box, `${part} is shown`).not.toBeNull();
    expect((box?.y ?? 0) + (box?.height ?? 0), `the lower edge of ${part}`).toBeLessThanOrEqual(fold);
  }
});

test('the canvas is square and has one pixel for each device pixel', async ({ page, draw }) => {
  await draw.open();
  const [width = 0, height = 0] = await draw.canvas.evaluate(({ clientWidth, clientHeight }) => [
    clientWidth,
    clientHeight,
  ]);
  expect(width).toBe(height);
  expect(width).toBeGreaterThanOrEqual(240);
  expect(width).toBeLessThanOrEqual(420);
  const side = Math.round(width * (await page.evaluate(() => devicePixelRatio)));
  await expect.poll(() => canvasSize(draw.canvas)).toEqual([side, side]);
});

test.describe('on a screen with a device pixel ratio of 2', () => {
  test.use({ deviceScaleFactor: 2 });

  test('the canvas has twice its CSS size in pixels, and strokes land under the pointer', async ({ draw }) => {
    await draw.open();
    const width = await draw.canvas.evaluate(({ clientWidth }) => clientWidth);
    await expect.poll(async () => (await canvasSize(draw.canvas))[0]).toBe(width * 2);
    const one = drawing('1-small-right');
    await draw.draw(one);
    await draw.expectPrediction(1);
    const [x, y] = one.strokes[0]?.[5] ?? [0, 0];
    const opacity = await draw.canvas.evaluate(
      (canvas: HTMLCanvasElement, [x, y]) =>
        canvas.getContext('2d')?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3],
      [x / one.canvas, y / one.canvas] as [number, number],
    );
    expect(opacity, 'opaque ink at the sixth point of the stroke').toBe(255);
  });
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing is animated', async ({ page, draw }) => {
    await draw.open();
    expect(await runningAnimations(page)).toEqual([]);
    await draw.draw(drawing('2-plain'));
    await draw.expectPrediction(2);
    expect(await runningAnimations(page)).toEqual([]);
  });
});

test('the first stroke removes the animated hint', async ({ page, draw }) => {
  await draw.open();
  const animated = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  await expect.poll(animated, 'the hint is animated').toBeGreaterThan(0);
  await draw.draw(drawing('2-plain'));
  await draw.expectPrediction(2);
  await expect.poll(animated).toBe(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('the page has the theme’s background, and a drawing is predicted', async ({ page, draw }) => {
      await draw.open();
      const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(paper).toBe(colorScheme === 'light' ? 'rgb(250, 248, 244)' : 'rgb(20, 22, 26)');
      await draw.draw(drawing('9-curved'));
      await draw.expectPrediction(9);
      await draw.askServer.click();
      await draw.expectServerPrediction(9);
    });
  });
}

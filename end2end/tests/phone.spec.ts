// Drawing with a finger, by real touch events: the page must not scroll under it.

import type { Page } from '@playwright/test';
import { type Drawing, drawing } from '../support/drawings';
import { expect, test } from '../support/test';

type TouchPoint = readonly [x: number, y: number];

/** Chromium makes no click of a tap in the 300 ms after a fast pull; no hand is back on the glass so soon. In ms. */
const WAY_TO_THE_BUTTON = 400;

/** One pull of a finger, as the browser gets it from the screen. */
async function finger(page: Page, points: TouchPoint[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at: TouchPoint[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: at.map(([x, y]) => ({ x, y })) });
  const [first, ...rest] = points;
  if (!first) return;
  await touch('touchStart', [first]);
  for (const point of rest) await touch('touchMove', [point]);
  await touch('touchEnd', []);
  await session.detach();
}

async function drawWithFinger(page: Page, box: { x: number; y: number; width: number }, { strokes, canvas }: Drawing) {
  const scale = box.width / canvas;
  for (const stroke of strokes)
    await finger(
      page,
      stroke.map(([x, y]) => [box.x + x * scale, box.y + y * scale] as const),
    );
}

test('a finger draws, the digit is read, and the page stays where it was', async ({ page, draw }) => {
  await draw.open();
  for (const name of ['5-two-strokes', '8-one-stroke', '1-plain', '4-open']) {
    const recorded = drawing(name);
    const box = await draw.canvas.boundingBox();
    if (!box) throw new Error('the canvas is not shown');
    const top = await page.evaluate(() => scrollY);
    await drawWithFinger(page, box, recorded);
    await draw.reads(recorded.label);
    expect(await page.evaluate(() => scrollY)).toBe(top);
    await page.waitForTimeout(WAY_TO_THE_BUTTON);
    await draw.ask.tap();
    await draw.serverReads(recorded.label);
    await page.evaluate(() => scrollTo(0, 0));
    await draw.clear.tap();
  }
});

test('beside the canvas a finger scrolls as ever', async ({ page, draw }) => {
  await page.setViewportSize({ width: 390, height: 480 });
  await draw.open();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  const x = Math.max(2, box.x / 2);
  await finger(
    page,
    Array.from({ length: 15 }, (_, step) => [x, 420 - step * 20] as const),
  );
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(20);
});

test('a second finger does not disturb the stroke', async ({ page, draw }) => {
  await draw.open();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  const session = await page.context().newCDPSession(page);
  const x = box.x + box.width / 2;
  const at = (y: number) => ({ x, y: box.y + box.height * y, id: 0 });
  const palm = { x: box.x + box.width * 0.85, y: box.y + box.height * 0.9, id: 1 };
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(0.2)] });
  for (let y = 0.22; y < 0.5; y += 0.02)
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(y)] });
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(0.5), palm] });
  for (let y = 0.5; y < 0.8; y += 0.02) {
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(y), palm] });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await draw.reads(1);
  await draw.undo.tap();
  await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
});

// Real touch events, as the screen sends them.

import type { Page } from '@playwright/test';
import type { Box } from './draw-page';
import type { Drawing } from './drawings';

interface TouchPoint {
  x: number;
  y: number;
  id?: number;
}

export type Touch = (
  type: 'touchStart' | 'touchMove' | 'touchEnd',
  touchPoints: TouchPoint[],
  time?: number,
) => Promise<void>;

/** Sends touch events as the screen does. */
export async function withTouch(page: Page, use: (touch: Touch) => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await use(async (type, touchPoints, timestamp) => {
    await session.send('Input.dispatchTouchEvent', { type, touchPoints, timestamp });
  });
  await session.detach();
}

/**
 * Lifts the finger after a rest. Chromium takes a finger that is lifted while it moves for a fling, and a tap during a
 * fling stops it instead of clicking. The rest is only in the events' timestamps, in seconds.
 */
export async function liftAtRest(touch: Touch, touchPoints: TouchPoint[]): Promise<void> {
  const time = Date.now() / 1000 + 0.2;
  await touch('touchMove', touchPoints, time);
  await touch('touchEnd', [], time);
}

export async function drawWithFinger(page: Page, box: Box, { strokes, canvas }: Drawing): Promise<void> {
  const scale = box.width / canvas;
  await withTouch(page, async (touch) => {
    for (const stroke of strokes) {
      const points = stroke.map(([x, y]) => ({ x: box.x + x * scale, y: box.y + y * scale }));
      const [first, ...rest] = points;
      const last = points.at(-1);
      if (!first || !last) continue;
      await touch('touchStart', [first]);
      for (const point of rest) await touch('touchMove', [point]);
      await liftAtRest(touch, [last]);
    }
  });
}

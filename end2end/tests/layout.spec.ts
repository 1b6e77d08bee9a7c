// Where things are, on the desktop and on the phone; and that nothing moves once it is shown.

import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';

declare global {
  interface Window {
    shifts: { value: number; sources: string[] }[];
  }
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { value: number; sources: { node: Node | null }[] };
        // Shifts right after a press count here too: reserving the room is the rule.
        window.shifts.push({
          value: shift.value,
          sources: shift.sources.map(({ node }) =>
            node instanceof Element ? node.outerHTML.slice(0, 120) : String(node?.nodeName),
          ),
        });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
});

test('nothing shifts while the page loads, hydrates, reads and asks', async ({ page, draw, guard }) => {
  guard.announce(/\/predict/);
  await draw.open();
  await draw.draw(drawing('8-two-circles'));
  await draw.reads(8);
  await draw.ask.click();
  await draw.serverReads(8);
  await page.route('**/predict', (route) => route.fulfill({ status: 503, json: { code: 'overloaded', error: '' } }));
  await draw.ask.click();
  await expect(draw.alert).toBeVisible();
  await draw.clear.click();
  await page.waitForTimeout(300);
  const shifts = await page.evaluate(() => window.shifts);
  const total = shifts.reduce((sum, { value }) => sum + value, 0);
  expect(total, JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
});

test('nothing is wider than the window', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('4-wide-shaky'));
  await draw.reads(4);
  await draw.ask.click();
  await draw.serverReads(4);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('canvas, answer and buttons are seen without scrolling', async ({ page, draw }, { project }) => {
  const fold = project.name === 'phone' ? 700 : 800;
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.reads(3);
  await page.evaluate(() => scrollTo(0, 0));
  for (const part of [draw.canvas, draw.answer, draw.undo, draw.clear, draw.ask]) {
    const box = await part.boundingBox();
    expect(box, `${part} is shown`).not.toBeNull();
    expect((box?.y ?? 0) + (box?.height ?? 0), `the lower edge of ${part}`).toBeLessThanOrEqual(fold);
  }
});

test('the canvas is a square and sharp on this screen', async ({ draw }) => {
  await draw.open();
  const { css, backing, ratio } = await draw.canvas.evaluate((canvas: HTMLCanvasElement) => ({
    css: [canvas.clientWidth, canvas.clientHeight],
    backing: [canvas.width, canvas.height],
    ratio: devicePixelRatio,
  }));
  expect(css[0]).toBe(css[1]);
  expect(css[0]).toBeGreaterThanOrEqual(240);
  expect(css[0]).toBeLessThanOrEqual(420);
  expect(backing[0]).toBe(Math.round((css[0] ?? 0) * ratio));
  expect(backing[1]).toBe(Math.round((css[1] ?? 0) * ratio));
});

test.describe('on a screen of twice the density', () => {
  test.use({ deviceScaleFactor: 2 });

  test('the canvas has twice its CSS size in pixels, and strokes land under the pointer', async ({ draw }) => {
    await draw.open();
    const { css, backing } = await draw.canvas.evaluate((canvas: HTMLCanvasElement) => ({
      css: canvas.clientWidth,
      backing: canvas.width,
    }));
    expect(backing).toBe(css * 2);
    const one = drawing('1-small-right');
    await draw.draw(one);
    await draw.reads(1);
    const [x, y] = one.strokes[0]?.[5] ?? [0, 0];
    const inked = await draw.canvas.evaluate(
      (canvas: HTMLCanvasElement, [x, y]) => {
        const at = (x: number, y: number) =>
          canvas.getContext('2d')?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3];
        return at(x, y);
      },
      [x / one.canvas, y / one.canvas] as [number, number],
    );
    expect(inked, 'opaque ink at the stroke’s sixth point').toBe(255);
  });
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing is animated', async ({ page, draw }) => {
    await draw.open();
    const running = () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter(
            ({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().duration) > 1,
          )
          .map((animation) => (animation.effect as KeyframeEffect).target?.outerHTML.slice(0, 120)),
      );
    expect(await running()).toEqual([]);
    await draw.draw(drawing('2-plain'));
    await draw.reads(2);
    expect(await running()).toEqual([]);
  });
});

test('the hint before the first stroke goes away with it', async ({ page, draw }) => {
  await draw.open();
  const animated = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  expect(await animated(), 'the hint is animated').toBeGreaterThan(0);
  await draw.draw(drawing('2-plain'));
  await draw.reads(2);
  await expect.poll(animated).toBe(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('paper and ink are the theme’s, and a drawing is read', async ({ page, draw }) => {
      await draw.open();
      const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      expect(paper).toBe(colorScheme === 'light' ? 'rgb(250, 248, 244)' : 'rgb(20, 22, 26)');
      await draw.draw(drawing('9-curved'));
      await draw.reads(9);
      await draw.ask.click();
      await draw.serverReads(9);
    });
  });
}

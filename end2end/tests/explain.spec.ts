// "How it reads it": the panel that is loaded when it is opened, and what it shows of the reading.

import type { Locator, Page } from '@playwright/test';
import { accessibilityViolations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { type Drawing, drawing, renderImage } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { addCanvasNoise } from '../support/limited-browsers';
import { recordRequests } from '../support/network';
import { expectNoHorizontalOverflow, frameRendered, inBothThemes } from '../support/page';
import { drawWithFinger } from '../support/touch';

/** The opacity of the lines between the maps. What is more opaque is ink. */
const LINE = 50;

class Explanation {
  readonly summary: Locator;
  readonly framings: Locator;
  readonly layers: Locator;
  readonly counts: Locator;
  readonly secondGuess: Locator;
  readonly marks: Locator;

  constructor(readonly page: Page) {
    const panel = page.getByTestId('explain');
    this.summary = panel.locator('summary');
    this.framings = panel.getByTestId('framing');
    this.layers = panel.getByTestId('layer').locator('canvas');
    this.counts = panel.getByTestId('what-counts');
    this.secondGuess = panel.getByTestId('second-guess');
    this.marks = page.locator('.board').getByTestId('mark');
  }

  async open(): Promise<void> {
    await this.summary.click();
    await this.expectOpen();
  }

  async expectOpen(): Promise<void> {
    await expect(this.framings).toHaveCount(3);
    await expect(this.framings.first()).toBeVisible();
  }

  /** The opacities of a layer's maps, once the page has painted. */
  async opacities(layer: number): Promise<number[]> {
    await frameRendered(this.page);
    return this.layers.nth(layer).evaluate((canvas: HTMLCanvasElement) => {
      // Read from a copy: the browser warns of a canvas that is read again and again.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const data = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return Array.from(data).filter((_, index) => index % 4 === 3);
    });
  }

  async inkOf(layer: number): Promise<number> {
    return (await this.opacities(layer)).filter((opacity) => opacity > LINE).length;
  }
}

async function upload(draw: DrawPage, source: Drawing): Promise<void> {
  const buffer = await renderImage(draw.page, source, { type: 'image/png', ink: '#222', paper: '#fdfdf5' });
  const chooser = draw.page.waitForEvent('filechooser');
  await draw.upload.click();
  await (await chooser).setFiles({ name: 'digit.png', mimeType: 'image/png', buffer });
}

test('nothing of it is requested before it is opened, and its file once', async ({ page, draw }) => {
  const requests = recordRequests(page);
  await draw.open();
  await draw.draw(drawing('4-open'));
  await draw.expectPrediction(4);
  const before = requests.length;
  const own = () => requests.filter(({ pathname }) => /explain/.test(pathname));
  expect(own()).toEqual([]);
  const explanation = new Explanation(page);
  await explanation.open();
  expect(own()).toHaveLength(1);
  expect(requests.slice(before).every(({ pathname }) => pathname.endsWith('.wasm'))).toBe(true);
  const after = requests.length;
  await explanation.summary.click();
  await expect(explanation.framings.first()).toBeHidden();
  await explanation.open();
  expect(requests).toHaveLength(after);
});

test('without the server it says so, and can be opened again', async ({ page, draw, monitor }) => {
  monitor.allow(/explain/, /Failed to fetch/);
  await draw.open();
  await page.route(/explain/, (route) => route.abort());
  const explanation = new Explanation(page);
  await explanation.summary.click();
  await expect(page.getByTestId('explain')).toContainText('No hay conexión');
  await page.unroute(/explain/);
  await explanation.summary.click();
  await explanation.open();
});

test('it says what it needs while there is nothing to explain', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await expect(explanation.counts).toContainText('Dibuja un dígito, o sube una imagen');
  await expect(explanation.marks).toHaveCount(0);
  await expect(explanation.layers).toHaveCount(5);
  for (let layer = 0; layer < 5; layer += 1) expect(await explanation.inkOf(layer)).toBe(0);
  await draw.draw(drawing('1-plain'));
  await expect(explanation.counts).toContainText(/\d/);
  await draw.clear.click();
  await expect(explanation.counts).toContainText('Dibuja un dígito');
  await expect(explanation.marks).toHaveCount(0);
  expect(await explanation.inkOf(0)).toBe(0);
});

test('each framing has an answer, and MNIST’s own is the page’s', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  let different = 0;
  for (const name of ['0-small-corner', '1-plain', '4-open', '6-small-right', '7-small-bar', '9-small-up-left']) {
    const source = drawing(name);
    await draw.draw(source);
    await draw.expectPrediction(source.label);
    const own = explanation.framings.nth(2);
    await expect(own).toHaveAttribute('data-digit', String(source.label));
    const certainty = (await draw.prediction.locator('.certainty').textContent()) ?? '';
    expect(certainty).toMatch(/%$/);
    await expect(own.getByTestId('framing-certainty')).toHaveText(certainty);
    for (const other of [explanation.framings.nth(0), explanation.framings.nth(1)]) {
      await expect(other.getByTestId('framing-certainty')).toHaveText(/%$|no parece un dígito/);
      if ((await other.getAttribute('data-digit')) !== String(source.label)) different += 1;
    }
    await draw.clear.click();
    await expect(own).not.toHaveAttribute('data-digit', /\d/);
  }
  expect(different, 'framings in which a digit is read as another').toBeGreaterThan(0);
});

test('the maps have ink and follow the pen, at most once in a frame, and only while it is open', async ({
  page,
  draw,
}) => {
  await page.addInitScript(() => {
    // How often each canvas was painted in a frame, at most, and all paints of the maps.
    const paints = { most: 0, all: 0 };
    Object.assign(window, { paints });
    const inFrame = new Map<HTMLCanvasElement, number>();
    let frame: CSSNumberish | null = null;
    const { putImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.putImageData = function (...args: unknown[]) {
      if (this.canvas.closest('[data-testid="layer"]')) {
        if (frame !== document.timeline.currentTime) inFrame.clear();
        frame = document.timeline.currentTime;
        const count = (inFrame.get(this.canvas) ?? 0) + 1;
        inFrame.set(this.canvas, count);
        paints.most = Math.max(paints.most, count);
        paints.all += 1;
      }
      Reflect.apply(putImageData, this, args);
    };
  });
  const paints = () => page.evaluate(() => (window as unknown as { paints: { most: number; all: number } }).paints);
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await draw.canvas.scrollIntoViewIfNeeded();
  const box = await draw.canvasBox();
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.3, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.7, 0.25), { steps: 20 });
  const first = await Promise.all([0, 1, 2, 3, 4].map((layer) => explanation.opacities(layer)));
  // The pen is still down.
  await page.mouse.move(...at(0.45, 0.8), { steps: 20 });
  const second = await Promise.all([0, 1, 2, 3, 4].map((layer) => explanation.opacities(layer)));
  await page.mouse.up();
  for (const [layer, opacities] of first.entries()) {
    expect(
      opacities.some((opacity) => opacity > LINE),
      `ink in layer ${layer + 1}`,
    ).toBe(true);
    expect(opacities, `layer ${layer + 1} has changed`).not.toEqual(second[layer]);
  }
  await draw.expectPrediction(7);
  expect((await paints()).most).toBe(1);

  await explanation.summary.click();
  await expect(explanation.framings.first()).toBeHidden();
  await frameRendered(page);
  const { all } = await paints();
  await draw.draw(drawing('4-open'));
  await frameRendered(page);
  expect((await paints()).all).toBe(all);
});

test('marks over the canvas show what counts, and go with the next stroke and with the panel', async ({
  page,
  draw,
}) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await draw.draw(drawing('4-open'));
  await draw.expectPrediction(4);
  await expect(explanation.counts).toContainText('A favor del 4: 1');
  await expect(explanation.marks.first()).toBeVisible();
  await expect(explanation.marks.first()).toHaveText(/^1\+/);

  // The marks lie within the canvas, and the pointer draws through them.
  const canvas = await draw.canvasBox();
  const mark = await explanation.marks.first().boundingBox();
  expect(mark?.x ?? 0).toBeGreaterThan(canvas.x - 40);
  expect((mark?.x ?? 0) + (mark?.width ?? 0)).toBeLessThan(canvas.x + canvas.width + 40);
  await page.mouse.move(canvas.x + 12, canvas.y + 12);
  await page.mouse.down();
  await expect(explanation.marks).toHaveCount(0);
  await page.mouse.move(canvas.x + 20, canvas.y + 60, { steps: 5 });
  await page.mouse.up();
  await draw.undo.click();
  await expect(explanation.marks.first()).toBeVisible();

  // A screen reader gets the parts as a list, and the marks not at all.
  const parts = page.getByTestId('explain').getByRole('listitem');
  await expect(parts.filter({ hasText: /^1, .*: a favor$/ })).toHaveCount(1);
  await expect(page.locator('.board > svg.evidence')).toHaveAttribute('aria-hidden', 'true');

  await explanation.summary.click();
  await expect(explanation.marks).toHaveCount(0);
});

test('marks for and against differ by more than their colour', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  const looks = page
    .getByTestId('explain')
    .locator('.legend .evidence path')
    .evaluateAll((paths) =>
      paths.map((path) => [getComputedStyle(path).stroke, getComputedStyle(path).strokeDasharray]),
    );
  const [colours, dashes] = [0, 1].map((index) => looks.then((all) => new Set(all.map((look) => look[index]))));
  expect((await colours)?.size).toBe(3);
  expect((await dashes)?.size).toBe(3);
  for (const text of ['a favor', 'en contra', 'lo cambiaría']) {
    await expect(page.getByTestId('explain').locator('.legend')).toContainText(text);
  }
  await page.emulateMedia({ forcedColors: 'active' });
  await draw.draw(drawing('4-open'));
  await expect(explanation.marks.first()).toBeVisible();
});

test('the words name the second guess, and what would let it win or that nothing does', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  const seen = { without: 0, with: 0, nothing: 0 };
  for (const name of ['1-flag-and-foot', '3-round', '4-open', '5-two-strokes', '7-bar', '8-two-circles', '9-curved']) {
    const source = drawing(name);
    await draw.draw(source);
    await draw.expectPrediction(source.label);
    await expect(explanation.secondGuess).toContainText('sería un');
    const words = (await explanation.secondGuess.textContent()) ?? '';
    const found = /^Segunda opción: un (\d), con [\d,]+\s%\. (Sin|Con|Ni) .* sería un (\d)\.$/.exec(words);
    expect(found, words).not.toBeNull();
    const [, second, how, winner] = found ?? [];
    expect(winner).toBe(second);
    expect(second).not.toBe(String(source.label));
    const wins = explanation.marks.filter({ hasText: `→ ${second}` });
    if (how === 'Ni') {
      seen.nothing += 1;
      await expect(wins).toHaveCount(0);
    } else {
      await expect(wins).toHaveCount(1);
      if (how === 'Sin') seen.without += 1;
      else seen.with += 1;
    }
    await draw.clear.click();
    await expect(explanation.secondGuess).toHaveText('');
  }
  console.log(`what lets the second guess win: ${JSON.stringify(seen)}`);
  expect(seen.without + seen.with).toBeGreaterThan(0);
});

test('a picture is explained by patches', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await upload(draw, drawing('4-open'));
  await draw.expectPrediction(4);
  await expect(explanation.framings.nth(2)).toHaveAttribute('data-digit', '4');
  for (const framing of await explanation.framings.all()) {
    await expect(framing.getByTestId('framing-certainty')).not.toHaveText('');
  }
  expect(await explanation.inkOf(0)).toBeGreaterThan(0);
  await expect(explanation.counts).toContainText('del 4: 1');
  await expect(explanation.marks.first()).toBeVisible();
  await expect(explanation.secondGuess).toContainText(/sería un \d/);
});

test('a picture that the browser alters is not explained, and it says so', async ({ page, draw }) => {
  await addCanvasNoise(page);
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await upload(draw, drawing('4-open'));
  await expect(explanation.counts).toContainText('Tu navegador altera las imágenes');
  await expect(explanation.marks).toHaveCount(0);
});

test('several digits are not explained, and it says so', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.open();
  await draw.draw(drawing('1-small-right'));
  const one = drawing('1-plain');
  const left = one.strokes.map((stroke) => stroke.map(([x, y, t]) => [x - 120, y, t] as [number, number, number]));
  await draw.draw({ ...one, strokes: left });
  await expect(explanation.counts).toContainText('Veo varios dígitos');
});

test('opening it moves neither the canvas nor the answers nor the help', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  const places = () =>
    page
      .locator('.draw-canvas, .board, .draw-prediction, .draw-comparison, .draw-help summary, .seen')
      .evaluateAll((elements) => elements.map((element) => JSON.stringify(element.getBoundingClientRect())));
  const before = await places();
  expect(before).toHaveLength(7);
  const explanation = new Explanation(page);
  await explanation.open();
  await expect(explanation.counts).toContainText(/\d/);
  expect(await places()).toEqual(before);
  // Nor does the panel itself, with what is read.
  const tops = () =>
    page
      .getByTestId('explain')
      .locator('h3, canvas')
      .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().top + scrollY));
  const drawn = await tops();
  await draw.clear.click();
  await expect(explanation.counts).toContainText('Dibuja');
  expect(await tops()).toEqual(drawn);
});

test('it opens by keyboard, follows what the keyboard draws, and announces nothing of its own', async ({
  page,
  draw,
}) => {
  await draw.open();
  const explanation = new Explanation(page);
  await explanation.summary.focus();
  await page.keyboard.press('Enter');
  await explanation.expectOpen();
  await draw.canvas.focus();
  for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  for (let step = 0; step < 16; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await draw.expectPrediction(1);
  await expect(explanation.framings.nth(2)).toHaveAttribute('data-digit', '1');
  await expect(explanation.counts).toContainText('1');
  const panel = page.getByTestId('explain');
  await expect(panel.locator('[aria-live], [role="status"], [role="alert"]')).toHaveCount(0);
  const pictures = panel.getByRole('img');
  await expect(pictures).toHaveCount(8);
  for (const picture of await pictures.all()) await expect(picture).toHaveAccessibleName(/\d/);
});

test('it follows the language, and the page can be left and opened again', async ({ page, draw }) => {
  await draw.open();
  const explanation = new Explanation(page);
  await draw.draw(drawing('2-plain'));
  await explanation.open();
  await expect(explanation.counts).toContainText('del 2');
  await draw.languageSwitch.click();
  await expect(explanation.summary).toHaveText('How it reads it');
  await expect(explanation.counts).toContainText('the 2');
  await expect(explanation.secondGuess).toContainText('Second guess: a');
  await page.getByRole('contentinfo').getByRole('link').click();
  await expect(page).toHaveURL(/\/model$/);
  await page.goBack();
  const english = new DrawPage(page, 'en');
  await english.expectPrediction(2);
  await explanation.open();
  await expect(explanation.counts).toContainText('the 2');
  await expect(explanation.marks.first()).toBeVisible();
});

for (const [language, locale, width] of [
  ['es', 'es-ES', 1280],
  ['en', 'en-GB', 1280],
  ['es', 'es-ES', 320],
] as const) {
  test.describe(`${language}, ${width} px`, () => {
    test.use({ locale, viewport: { width, height: 900 } });

    test('axe finds no violation with the panel open, and nothing is cut off', async ({ page }) => {
      const draw = new DrawPage(page, language);
      await draw.open();
      const explanation = new Explanation(page);
      await explanation.open();
      await inBothThemes(page, async (theme) => {
        expect(await accessibilityViolations(page), `before the first stroke, ${theme}`).toEqual([]);
      });
      await draw.draw(drawing('5-two-strokes'));
      await draw.expectPrediction(5);
      await expect(explanation.marks.first()).toBeVisible();
      await inBothThemes(page, async (theme) => {
        expect(await accessibilityViolations(page), `with what counts, ${theme}`).toEqual([]);
        await expectNoHorizontalOverflow(page);
      });
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true });

  test('it opens at a tap below the answer, and follows the finger', async ({ page, draw }) => {
    await draw.open();
    const explanation = new Explanation(page);
    await explanation.summary.tap();
    await explanation.expectOpen();
    await expectNoHorizontalOverflow(page);
    const answer = await draw.prediction.boundingBox();
    const panel = await explanation.framings.first().boundingBox();
    expect(panel?.y ?? 0).toBeGreaterThan((answer?.y ?? 0) + (answer?.height ?? 0));
    await page.evaluate(() => scrollTo(0, 0));
    await drawWithFinger(page, await draw.canvasBox(), drawing('5-two-strokes'));
    await draw.expectPrediction(5);
    await expect(explanation.framings.nth(2)).toHaveAttribute('data-digit', '5');
    await expect(explanation.counts).toContainText('del 5');
    await expect(explanation.marks.first()).toBeVisible();
    expect(await explanation.inkOf(4)).toBeGreaterThan(0);
  });
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing of it is animated', async ({ page, draw }) => {
    await draw.open();
    const explanation = new Explanation(page);
    await explanation.open();
    await draw.draw(drawing('8-two-circles'));
    await expect(explanation.marks.first()).toBeVisible();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

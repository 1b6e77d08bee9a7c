// The drawing page as a person uses it.

import { expect, type Locator, type Page } from '@playwright/test';
import type { Drawing, Pen } from './drawings';
import { type Language, words } from './words';

const MOVES_A_FRAME = 6;

/** Until the page's program has taken over, whichever page it is. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
}

export class DrawPage {
  readonly canvas: Locator;
  readonly undo: Locator;
  readonly clear: Locator;
  readonly ask: Locator;
  readonly upload: Locator;
  readonly pens: Locator;
  readonly answer: Locator;
  readonly serverAnswer: Locator;
  readonly seen: Locator;
  readonly alert: Locator;
  readonly languageSwitch: Locator;
  private readonly words;

  constructor(
    readonly page: Page,
    language: Language = 'es',
  ) {
    this.words = words[language];
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    this.canvas = page.locator('canvas').and(page.getByLabel(this.words.canvas, { exact: true }));
    this.undo = button(this.words.undo);
    this.clear = button(this.words.clear);
    this.ask = button(this.words.ask);
    this.upload = button(this.words.upload);
    this.pens = page.getByRole('radiogroup', { name: this.words.pens });
    this.answer = page.getByTestId('answer');
    this.serverAnswer = page.getByTestId('server-answer');
    this.seen = page.getByTestId('seen');
    this.alert = page.getByRole('alert').filter({ hasText: /\S/ });
    this.languageSwitch = page
      .getByRole('link', { name: this.words.otherLanguage })
      .or(page.getByRole('button', { name: this.words.otherLanguage }));
  }

  bar(digit: number): Locator {
    return this.page.getByTestId(`bar-${digit}`);
  }

  pen(width: Pen): Locator {
    return this.pens.getByRole('radio', { name: this.words.pen[width] });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  /** Hydrated, and the network loaded. */
  async ready(): Promise<void> {
    await hydrated(this.page);
  }

  async choosePen(width: Pen): Promise<void> {
    await this.pen(width).check({ force: true });
    await expect(this.pen(width)).toBeChecked();
  }

  /** Draws with the mouse, the drawing scaled to the canvas as it is on the screen. */
  async draw(drawing: Drawing): Promise<void> {
    await this.canvas.scrollIntoViewIfNeeded();
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('the canvas is not shown');
    const scale = box.width / drawing.canvas;
    const { mouse } = this.page;
    for (const stroke of drawing.strokes) {
      const [first, ...rest] = stroke.map(([x, y]) => [box.x + x * scale, box.y + y * scale] as const);
      if (!first) continue;
      await mouse.move(...first);
      await mouse.down();
      // Several moves a frame, which the browser coalesces, as it does with a fast hand.
      for (let from = 0; from < rest.length; from += MOVES_A_FRAME) {
        await Promise.all(rest.slice(from, from + MOVES_A_FRAME).map((point) => mouse.move(...point)));
      }
      await mouse.up();
    }
  }

  async reads(digit: number): Promise<void> {
    await expect(this.answer).toHaveAttribute('data-digit', String(digit));
  }

  async serverReads(digit: number): Promise<void> {
    await expect(this.serverAnswer).toHaveAttribute('data-digit', String(digit));
  }

  /** How much of the canvas is inked, 0 to 1. */
  async ink(): Promise<number> {
    return this.canvas.evaluate(async (canvas: HTMLCanvasElement) => {
      // The page paints in the next frame.
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no 2d context');
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      // The paper is the canvas's commonest colour; what is left is ink.
      const counts = new Map<number, number>();
      const colours = new Uint32Array(data.buffer);
      for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
      return 1 - Math.max(...counts.values()) / colours.length;
    });
  }
}

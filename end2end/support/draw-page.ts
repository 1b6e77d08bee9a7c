// The drawing page, operated as a visitor does.

import { expect, type Locator, type Page } from '@playwright/test';
import type { Drawing, Pen } from './drawings';
import { type Language, labels } from './labels';
import { alerts, frameRendered, hydrated } from './page';

/** Mouse moves between two frames. The browser coalesces them, as it does for a fast hand. */
const MOVES_PER_FRAME = 6;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class DrawPage {
  readonly canvas: Locator;
  readonly undo: Locator;
  readonly redo: Locator;
  readonly clear: Locator;
  readonly askServer: Locator;
  readonly upload: Locator;
  /** Opens the menu of languages. */
  readonly copyAs: Locator;
  readonly tools: Locator;
  readonly eraser: Locator;
  /** Opens and closes the grid. */
  readonly gridButton: Locator;
  /** The live prediction of the page's own model. */
  readonly prediction: Locator;
  readonly serverPrediction: Locator;
  /** What is left of the quota. */
  readonly quota: Locator;
  /** The 28 x 28 image that the model is given. */
  readonly modelInput: Locator;
  readonly alert: Locator;
  readonly languageSwitch: Locator;
  private readonly labels;

  constructor(
    readonly page: Page,
    language: Language = 'es',
  ) {
    this.labels = labels[language];
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    this.canvas = page.locator('canvas').and(page.getByLabel(this.labels.canvas, { exact: true }));
    this.undo = button(this.labels.undo);
    this.redo = button(this.labels.redo);
    this.clear = button(this.labels.clear);
    this.askServer = button(this.labels.askServer);
    this.upload = button(this.labels.upload);
    this.copyAs = page.locator('summary').filter({ hasText: this.labels.copyAs });
    this.tools = page.getByRole('radiogroup', { name: this.labels.tools });
    this.eraser = this.tools.getByRole('radio', { name: this.labels.eraser });
    this.gridButton = button(this.labels.grid);
    this.prediction = page.getByTestId('answer');
    this.serverPrediction = page.getByTestId('server-answer');
    this.quota = page.getByTestId('quota');
    this.modelInput = page.getByTestId('seen');
    this.alert = alerts(page);
    this.languageSwitch = page
      .getByRole('link', { name: this.labels.otherLanguage })
      .or(page.getByRole('button', { name: this.labels.otherLanguage }));
  }

  bar(digit: number): Locator {
    return this.page.getByTestId(`bar-${digit}`);
  }

  pen(width: Pen): Locator {
    return this.tools.getByRole('radio', { name: this.labels.pen[width] });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.ready();
  }

  /** Waits until the page is hydrated and its model is loaded. */
  async ready(): Promise<void> {
    await hydrated(this.page);
  }

  async choosePen(width: Pen): Promise<void> {
    await this.pen(width).check({ force: true });
    await expect(this.pen(width)).toBeChecked();
  }

  async chooseEraser(): Promise<void> {
    await this.eraser.check({ force: true });
    await expect(this.eraser).toBeChecked();
  }

  /** The canvas's place in the window. */
  async canvasBox(): Promise<Box> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('the canvas is not shown');
    return box;
  }

  /** Draws with the mouse, scaled to the canvas's size on the screen, and waits until the strokes are painted. */
  async draw(drawing: Drawing): Promise<void> {
    await this.canvas.scrollIntoViewIfNeeded();
    const box = await this.canvasBox();
    const scale = box.width / drawing.canvas;
    const { mouse } = this.page;
    for (const stroke of drawing.strokes) {
      const [first, ...rest] = stroke.map(([x, y]) => [box.x + x * scale, box.y + y * scale] as const);
      if (!first) continue;
      await mouse.move(...first);
      await mouse.down();
      for (let from = 0; from < rest.length; from += MOVES_PER_FRAME) {
        await Promise.all(rest.slice(from, from + MOVES_PER_FRAME).map((point) => mouse.move(...point)));
      }
      await mouse.up();
    }
    await frameRendered(this.page);
  }

  async expectPrediction(digit: number): Promise<void> {
    await expect(this.prediction).toHaveAttribute('data-digit', String(digit));
  }

  async expectNoPrediction(): Promise<void> {
    await expect(this.prediction).not.toHaveAttribute('data-digit', /\d/);
  }

  async expectServerPrediction(digit: number): Promise<void> {
    await expect(this.serverPrediction).toHaveAttribute('data-digit', String(digit));
  }

  async expectNoServerPrediction(): Promise<void> {
    await expect(this.serverPrediction).not.toHaveAttribute('data-digit', /\d/);
  }

  /** The share of the canvas that is covered with ink, from 0 to 1, once the page has painted. */
  async ink(): Promise<number> {
    await frameRendered(this.page);
    return this.canvas.evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no 2d context');
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      // The most common colour is the paper; every other pixel is ink.
      const counts = new Map<number, number>();
      const colours = new Uint32Array(data.buffer);
      for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
      return 1 - Math.max(...counts.values()) / colours.length;
    });
  }

  /** Waits until the inked share is `ink`, to five decimal places. */
  async expectInk(ink: number): Promise<void> {
    await expect.poll(() => this.ink()).toBeCloseTo(ink, 5);
  }
}

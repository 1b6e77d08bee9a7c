// What a visitor does in any browser: Playwright's, or one that is driven by WebDriver. Elements are named by CSS
// selectors, because that is what both understand.

import type { Page } from '@playwright/test';

export interface Visitor {
  open(url: string): Promise<void>;
  /** Waits until an element is shown, and clicks it. */
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  /** Chooses a file in a file input, which need not be shown. */
  choose(selector: string, path: string): Promise<void>;
  /** Waits until an element is shown. */
  see(selector: string): Promise<void>;
  /** Draws strokes with the mouse, in pixels of the window. */
  draw(strokes: [x: number, y: number][][]): Promise<void>;
  /** The value of a script's expression. */
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

/** A visitor in a page of Playwright. */
export function playwrightVisitor(page: Page): Visitor {
  return {
    open: async (url) => void (await page.goto(url)),
    click: (selector) => page.locator(selector).click(),
    type: (selector, text) => page.locator(selector).fill(text),
    choose: (selector, path) => page.locator(selector).setInputFiles(path),
    see: (selector) => page.locator(selector).first().waitFor(),
    draw: async (strokes) => {
      for (const [first, ...rest] of strokes) {
        if (!first) continue;
        await page.mouse.move(...first);
        await page.mouse.down();
        for (const point of rest) await page.mouse.move(...point);
        await page.mouse.up();
      }
    },
    evaluate: (expression) => page.evaluate(expression),
    close: async () => void (await page.context().browser()?.close()),
  };
}

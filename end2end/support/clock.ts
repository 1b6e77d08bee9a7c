// The page's clock in the hands of a test.

import type { Page } from '@playwright/test';

/**
 * Installs Playwright's clock, before the page is opened. Its timers have numbers above 2^32, which the page's WASM can't pass
 * on to stop them, so they are given small ones.
 */
export async function installClock(page: Page, time: Date): Promise<void> {
  await page.clock.install({ time });
  await page.addInitScript(() => {
    const numbers = new Map<number, number>();
    const timers = [
      ['setTimeout', 'clearTimeout'],
      ['setInterval', 'clearInterval'],
      ['requestAnimationFrame', 'cancelAnimationFrame'],
    ] as const;
    for (const [start, stop] of timers) {
      const started = window[start].bind(window) as (...parameters: unknown[]) => number;
      const stopped = window[stop].bind(window);
      Object.assign(window, {
        [start]: (...parameters: unknown[]) => {
          const number = numbers.size + 1;
          numbers.set(number, started(...parameters));
          return number;
        },
        [stop]: (number: number) => stopped(numbers.get(number) ?? 0),
      });
    }
  });
}

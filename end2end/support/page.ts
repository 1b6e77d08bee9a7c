// Helpers that apply to every page of the interface.

import { expect, type Locator, type Page } from '@playwright/test';

/** Waits until the WASM has hydrated the page. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
}

/** Waits until the page is hydrated and no part of it is loading. */
export async function loaded(page: Page): Promise<void> {
  await hydrated(page);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** Waits until the page has rendered everything that earlier input caused: it paints and predicts once a frame. */
export async function frameRendered(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}

/** Runs a check in both themes, first in the one that the page has now. It isn't loaded again for the other. */
export async function inBothThemes(page: Page, check: (theme: 'light' | 'dark') => Promise<void>): Promise<void> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const themes = ['light', 'dark'] as const;
  for (const colorScheme of isDark ? themes.toReversed() : themes) {
    await page.emulateMedia({ colorScheme });
    await frameRendered(page);
    await check(colorScheme);
  }
}

/** The alerts that hold text. The page renders empty ones in advance, so that screen readers announce a change. */
export function alerts(page: Page): Locator {
  return page.getByRole('alert').filter({ hasText: /\S/ });
}

export async function scrollTop(page: Page): Promise<number> {
  return page.evaluate(() => scrollY);
}

export async function expectNoHorizontalOverflow(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

/** Fails the test when a script opens a dialog. */
export function failOnDialog(page: Page): void {
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`);
  });
}

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

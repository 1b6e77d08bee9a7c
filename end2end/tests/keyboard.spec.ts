// Without mouse or finger: from the loaded page to an answered digit; and what a screen reader is told.

import type { Locator, Page } from '@playwright/test';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';

const MOST_STOPS = 30;

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} was not reached with Tab`);
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
}

test('a 1 is drawn with the arrow keys and read by page and server', async ({ page, draw }) => {
  await draw.open();
  await tabTo(page, draw.canvas);
  await press(page, 'ArrowUp', 8);
  await page.keyboard.press('Space');
  await press(page, 'ArrowDown', 16);
  await page.keyboard.press('Space');
  await draw.reads(1);
  await tabTo(page, draw.ask);
  await page.keyboard.press('Enter');
  await draw.serverReads(1);
});

test('the arrows move the pen and not the page; Escape or Space lifts it; the buttons work by key', async ({
  page,
  draw,
}) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await draw.open();
  const paper = await draw.ink();
  await tabTo(page, draw.canvas);
  const top = await page.evaluate(() => scrollY);
  await page.keyboard.press('Space');
  await press(page, 'ArrowRight', 6);
  await press(page, 'ArrowDown', 6);
  await page.keyboard.press('Space');
  expect(await page.evaluate(() => scrollY)).toBe(top);
  const drawn = await draw.ink();
  expect(drawn).toBeGreaterThan(paper);

  await tabTo(page, draw.undo);
  await page.keyboard.press('Enter');
  expect(await draw.ink()).toBeLessThan(drawn);
  await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
});

test('the pen is chosen with the arrow keys', async ({ page, draw }) => {
  await draw.open();
  await draw.pen('medium').focus();
  await page.keyboard.press('ArrowRight');
  await expect(draw.pen('thick')).toBeChecked();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(draw.pen('thin')).toBeChecked();
});

test('everything that can be pressed is reached with Tab, in a sensible order, and shows its focus', async ({
  page,
  draw,
}) => {
  await draw.open();
  await draw.draw(drawing('2-plain'));
  await draw.reads(2);
  // Back to the top of the page, where Tab begins.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const stops: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const shown = (of: Element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
      };
      // A radio or a file field that is drawn by its label shows the ring there.
      const around = [element, element.parentElement, element.nextElementSibling, element.closest('label')];
      return {
        name: element.getAttribute('aria-label') ?? element.closest('label, button, a, summary')?.textContent ?? '',
        tag: element.tagName,
        ring: around.some((each) => each !== null && each !== undefined && shown(each)),
      };
    });
    if (!focused) break;
    const name = `${focused.tag} ${focused.name}`.trim();
    expect(focused.ring, `${name} shows its focus`).toBe(true);
    stops.push(name);
  }
  const all = stops.join('\n');
  for (const name of ['CANVAS', 'Deshacer', 'Borrar', 'Preguntar al servidor', 'Subir imagen', 'English']) {
    expect(all).toContain(name);
  }
  expect(all.indexOf('CANVAS')).toBeLessThan(all.indexOf('Deshacer'));
  expect(all.indexOf('Deshacer')).toBeLessThan(all.indexOf('Preguntar al servidor'));
});

for (const [language, locale, says] of [
  ['es', 'es-ES', /7.*(seguro|parece|dudo)|(seguro|parece|dudo).*7/i],
  ['en', 'en-GB', /7/],
] as const) {
  test.describe(`a screen reader in ${language}`, () => {
    test.use({ locale });

    test('hears the live answer and the server’s', async ({ page }) => {
      const draw = new DrawPage(page, language);
      await draw.open();
      // The region must be there before it changes: what is inserted with its text is not announced.
      const region = page.locator('[aria-live="polite"], [role="status"]');
      expect(await region.count()).toBeGreaterThan(0);
      await draw.draw(drawing('7-plain'));
      await draw.reads(7);
      await expect(region.filter({ hasText: says }).first()).toBeAttached();
      await draw.ask.click();
      await draw.serverReads(7);
      await expect(
        region
          .filter({ hasText: /servidor|server/i })
          .filter({ hasText: '7' })
          .first(),
      ).toBeAttached();
    });
  });
}

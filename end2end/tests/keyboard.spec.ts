// The drawing page without a mouse or touch screen, and what it announces to a screen reader.

import type { Locator, Page } from '@playwright/test';
import { recordAnnouncements } from '../support/announcements';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { scrollTop } from '../support/page';

/** More than the page has. */
const MAX_TAB_STOPS = 30;

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MAX_TAB_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} was not reached with Tab`);
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
}

test('a 1 drawn with the arrow keys is predicted by the page and by the server', async ({ page, draw }) => {
  await draw.open();
  await tabTo(page, draw.canvas);
  await press(page, 'ArrowUp', 8);
  await page.keyboard.press('Space');
  await press(page, 'ArrowDown', 16);
  await page.keyboard.press('Space');
  await draw.expectPrediction(1);
  await tabTo(page, draw.askServer);
  await page.keyboard.press('Enter');
  await draw.expectServerPrediction(1);
});

test('the arrow keys move the pen without scrolling, Space lifts it, and Enter presses a button', async ({
  page,
  draw,
}) => {
  await page.setViewportSize({ width: 1280, height: 400 });
  await draw.open();
  const paper = await draw.ink();
  await tabTo(page, draw.canvas);
  const top = await scrollTop(page);
  await page.keyboard.press('Space');
  await press(page, 'ArrowRight', 6);
  await press(page, 'ArrowDown', 6);
  await page.keyboard.press('Space');
  const drawn = await draw.ink();
  expect(drawn).toBeGreaterThan(paper);
  expect(await scrollTop(page)).toBe(top);

  await tabTo(page, draw.undo);
  await page.keyboard.press('Enter');
  await expect.poll(() => draw.ink()).toBeLessThan(drawn);
  await draw.expectNoPrediction();
});

test('a stroke is erased with the keyboard, and undone and redone', async ({ page, draw }) => {
  await draw.open();
  const paper = await draw.ink();
  const said = await recordAnnouncements(page);
  await tabTo(page, draw.canvas);
  await page.keyboard.press('Space');
  await press(page, 'ArrowDown', 6);
  await page.keyboard.press('Space');
  await draw.pen('medium').focus();
  await press(page, 'ArrowRight', 2);
  await expect(draw.eraser).toBeChecked();
  const drawn = await draw.ink();
  expect(drawn).toBeGreaterThan(paper);

  await draw.canvas.focus();
  await press(page, 'ArrowLeft', 4);
  await page.keyboard.press('Space');
  await expect.poll(said).toContain('Aquí no hay ningún trazo');
  await press(page, 'ArrowRight', 4);
  await page.keyboard.press('Space');
  await expect.poll(said).toContain('Trazo borrado');
  await draw.undo.focus();
  await draw.expectInk(paper);
  await page.keyboard.press('Control+z');
  await draw.expectInk(drawn);
  await page.keyboard.press('Control+y');
  await draw.expectInk(paper);
  await expect.poll(said).toContain('Rehecho');
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

test('Tab reaches every control in a sensible order, and each shows its focus', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('2-plain'));
  await draw.expectPrediction(2);
  // Focus the start of the page, where Tab begins.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const stops: string[] = [];
  for (let stop = 0; stop < MAX_TAB_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const hasRing = (of: Element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
      };
      // A radio button or file field that is drawn by its label shows the ring on the label.
      const around = [element, element.parentElement, element.nextElementSibling, element.closest('label')];
      return {
        name: element.getAttribute('aria-label') ?? element.closest('label, button, a, summary')?.textContent ?? '',
        tag: element.tagName,
        ring: around.some((each) => each !== null && each !== undefined && hasRing(each)),
      };
    });
    if (!focused) break;
    const name = `${focused.tag} ${focused.name}`.trim();
    expect(focused.ring, `${name} shows its focus`).toBe(true);
    stops.push(name);
  }
  const all = stops.join('\n');
  for (const name of [
    'CANVAS',
    'Deshacer',
    'Borrar',
    'Preguntar al servidor',
    'Subir imagen',
    'Dibujar en una cuadrícula',
    'English',
  ]) {
    expect(all).toContain(name);
  }
  expect(all.indexOf('CANVAS')).toBeLessThan(all.indexOf('Deshacer'));
  expect(all.indexOf('Deshacer')).toBeLessThan(all.indexOf('Preguntar al servidor'));
});

for (const [language, locale, announcement] of [
  ['es', 'es-ES', /7.*(seguro|parece)|(seguro|parece).*7/i],
  ['en', 'en-GB', /7/],
] as const) {
  test.describe(`a screen reader in ${language}`, () => {
    test.use({ locale });

    test('is given the live prediction and the server’s', async ({ page }) => {
      const draw = new DrawPage(page, language);
      await draw.open();
      // Screen readers announce changes only in a live region that existed before.
      const region = page.locator('[aria-live="polite"], [role="status"]');
      expect(await region.count()).toBeGreaterThan(0);
      await draw.draw(drawing('7-plain'));
      await draw.expectPrediction(7);
      await expect(region.filter({ hasText: announcement }).first()).toBeAttached();
      await draw.askServer.click();
      await draw.expectServerPrediction(7);
      await expect(
        region
          .filter({ hasText: /servidor|server/i })
          .filter({ hasText: '7' })
          .first(),
      ).toBeAttached();
    });
  });
}

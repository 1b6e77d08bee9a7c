// Accessibility of all pages by the rules of axe, in both themes and languages, on desktop and phone; the size of what is
// touched, and pages without motion.

import type { Page } from '@playwright/test';
import { accessibilityViolations } from '../support/axe';
import { runningAnimations, smallTargets } from '../support/controls';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { overloadPredictions } from '../support/network';
import { expectNoHorizontalOverflow, inBothThemes } from '../support/page';
import { openWhole, pages } from '../support/pages';

/** Checks the page in both themes, as it is now. */
async function expectAccessible(page: Page, state: string): Promise<void> {
  await inBothThemes(page, async (theme) => {
    expect.soft(await accessibilityViolations(page), `${state}, ${theme}`).toEqual([]);
    await expectNoHorizontalOverflow(page);
  });
}

for (const [as, path] of pages) {
  test.describe(path, () => {
    test.use({ as });

    test('axe finds no violation, nothing overflows, controls are large enough, and motion can be reduced', async ({
      page,
      monitor,
    }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await openWhole(page, monitor, path, 'es');
      expect.soft(await runningAnimations(page), 'animations with reduced motion').toEqual([]);
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      expect.soft(await smallTargets(page), 'controls below 44 px').toEqual([]);
      await expectAccessible(page, 'es');
      // In the theme that was last.
      await openWhole(page, monitor, path, 'en');
      await expectAccessible(page, 'en');
    });
  });
}

for (const [language, locale] of [
  ['es', 'es-ES'],
  ['en', 'en-GB'],
] as const) {
  test.describe(language, () => {
    test.use({ locale });

    test('axe finds no violation before a prediction, with one, and with an error', async ({ page, monitor }) => {
      monitor.allow(/\/predict/);
      const draw = new DrawPage(page, language);
      await draw.open();
      await expectAccessible(page, 'before the first stroke');

      await draw.draw(drawing('5-two-strokes'));
      await draw.expectPrediction(5);
      await draw.askServer.click();
      await draw.expectServerPrediction(5);
      await expectAccessible(page, 'with both predictions');

      await overloadPredictions(page);
      await draw.askServer.click();
      await expect(draw.alert).toBeVisible();
      await expectAccessible(page, 'with an error');
    });

    test('axe finds no violation with the grid, and while it is scanned', async ({ page }) => {
      const draw = new DrawPage(page, language);
      await draw.open();
      await draw.draw(drawing('7-plain'));
      await draw.gridButton.click();
      await expect(page.getByRole('grid')).toBeVisible();
      await expectAccessible(page, 'with the grid');
      await page.getByRole('button', { name: /barrido|scanning/ }).click();
      await expect(page.getByTestId('step')).not.toBeEmpty();
      await expectAccessible(page, 'while it is scanned');
    });
  });
}

test('the page has one first-level heading, one main element and a title', async ({ page, draw }) => {
  await draw.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page).toHaveTitle(/Trazo/);
});

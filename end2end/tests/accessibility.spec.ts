// Accessibility of all pages by the rules of axe, in both themes and languages, on desktop and phone; the size of what is
// touched, and pages without motion.

import { accessibilityViolations } from '../support/axe';
import { runningAnimations, smallTargets } from '../support/controls';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { overloadPredictions } from '../support/network';
import { expectNoHorizontalOverflow } from '../support/page';
import { openWhole, pages } from '../support/pages';

const languages = [
  ['es', 'es-ES'],
  ['en', 'en-GB'],
] as const;

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [language, locale] of languages) {
    for (const [as, path] of pages) {
      test.describe(`${path}, ${colorScheme}, ${language}`, () => {
        test.use({ as, colorScheme, locale });

        test('axe finds no violation, and the page has no horizontal overflow', async ({ page, monitor }) => {
          await openWhole(page, monitor, path);
          await expect(page.locator('html')).toHaveAttribute('lang', language);
          expect(await accessibilityViolations(page)).toEqual([]);
          await expectNoHorizontalOverflow(page);
        });
      });
    }

    test.describe(`${colorScheme}, ${language}`, () => {
      test.use({ colorScheme, locale });

      test('axe finds no violation before a prediction, with one, and with an error', async ({ page, monitor }) => {
        monitor.allow(/\/predict/);
        const draw = new DrawPage(page, language);
        await draw.open();
        expect(await accessibilityViolations(page), 'before the first stroke').toEqual([]);

        await draw.draw(drawing('5-two-strokes'));
        await draw.expectPrediction(5);
        await draw.askServer.click();
        await draw.expectServerPrediction(5);
        expect(await accessibilityViolations(page), 'with both predictions').toEqual([]);

        await overloadPredictions(page);
        await draw.askServer.click();
        await expect(draw.alert).toBeVisible();
        expect(await accessibilityViolations(page), 'with an error').toEqual([]);
      });

      test('axe finds no violation with the grid, and while it is scanned', async ({ page }) => {
        const draw = new DrawPage(page, language);
        await draw.open();
        await draw.draw(drawing('7-plain'));
        await draw.gridButton.click();
        await expect(page.getByRole('grid')).toBeVisible();
        expect(await accessibilityViolations(page), 'with the grid').toEqual([]);
        await page.getByRole('button', { name: /barrido|scanning/ }).click();
        await expect(page.getByTestId('step')).not.toBeEmpty();
        expect(await accessibilityViolations(page), 'while it is scanned').toEqual([]);
      });
    });
  }
}

test('the page has one first-level heading, one main element and a title', async ({ page, draw }) => {
  await draw.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page).toHaveTitle(/Trazo/);
});

for (const [as, path] of pages) {
  test.describe(path, () => {
    test.use({ as });

    test('every control is at least 44 px high and wide', async ({ page, monitor }) => {
      await openWhole(page, monitor, path);
      expect(await smallTargets(page)).toEqual([]);
    });

    test.describe('with reduced motion', () => {
      test.use({ contextOptions: { reducedMotion: 'reduce' } });

      test('nothing is animated', async ({ page, monitor }) => {
        await openWhole(page, monitor, path);
        expect(await runningAnimations(page)).toEqual([]);
      });
    });
  });
}

// Accessibility of the drawing page by the rules of axe, in both themes and languages.

import { accessibilityViolations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { overloadPredictions } from '../support/network';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [language, locale] of [
    ['es', 'es-ES'],
    ['en', 'en-GB'],
  ] as const) {
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
    });
  }
}

test('the page has one first-level heading, one main element and a title', async ({ page, draw }) => {
  await draw.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page).toHaveTitle(/Trazo/);
});

test('every control is at least 44 px high and wide', async ({ page, draw }) => {
  await draw.open();
  const small = await page.locator('button, a[href], [role="radiogroup"] label, select').evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => !element.closest('.skip, .skip-link, p'))
      .map((element) => ({ name: element.textContent?.trim(), box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
      .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
  );
  expect(small).toEqual([]);
});

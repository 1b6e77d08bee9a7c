// axe's rules, in both themes and languages, before and after an answer and with an error shown.

import { violations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [language, locale] of [
    ['es', 'es-ES'],
    ['en', 'en-GB'],
  ] as const) {
    test.describe(`${colorScheme}, ${language}`, () => {
      test.use({ colorScheme, locale });

      test('axe finds nothing wrong', async ({ page, guard }) => {
        guard.announce(/\/predict/);
        const draw = new DrawPage(page, language);
        await draw.open();
        expect(await violations(page), 'before the first stroke').toEqual([]);

        await draw.draw(drawing('5-two-strokes'));
        await draw.reads(5);
        await draw.ask.click();
        await draw.serverReads(5);
        expect(await violations(page), 'with both answers').toEqual([]);

        await page.route('**/predict', (route) =>
          route.fulfill({ status: 503, json: { code: 'overloaded', error: '' } }),
        );
        await draw.ask.click();
        await expect(draw.alert).toBeVisible();
        expect(await violations(page), 'with an error').toEqual([]);
      });
    });
  }
}

test('the page has one heading of the first level, one main, and a title', async ({ page, draw }) => {
  await draw.open();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page).toHaveTitle(/Trazo/);
});

test('what can be pressed is at least 44 px high', async ({ page, draw }) => {
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

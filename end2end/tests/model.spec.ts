// The page that describes the model.

import { accessibilityViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { expectNoHorizontalOverflow, hydrated, inBothThemes } from '../support/page';

test('the footer leads to the model’s figures', async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await page.getByRole('contentinfo').getByRole('link', { name: 'El modelo y sus cifras' }).click();
  await expect(page).toHaveURL(/\/model$/);
  await expect(page.getByRole('heading', { level: 1, name: 'El modelo' })).toBeVisible();
  const rows = (name: string) => page.getByRole('table', { name }).getByRole('row');
  await expect(rows('Por dígito')).toHaveCount(11);
  await expect(rows('Por tipo de imagen')).toHaveCount(17);
  const card = (await (await page.request.get('/api/model')).json()) as { model: string; test: { accuracy: number } };
  await expect(page.getByText(card.model)).toBeVisible();
  const accuracy = (card.test.accuracy * 100).toFixed(2).replace('.', ',');
  await expect(page.getByText(`${accuracy}\u00a0%`).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /diagonal/ })).toBeVisible();
});

for (const [locale, width] of [
  ['es-ES', 320],
  ['en-GB', 1280],
] as const) {
  test.describe(`${locale}, ${width} px`, () => {
    test.use({ locale, viewport: { width, height: 900 } });

    test('axe finds no violation, and nothing is cut off', async ({ page }) => {
      await page.goto('/model');
      await hydrated(page);
      await expect(page.getByRole('table')).toHaveCount(2);
      await inBothThemes(page, async (theme) => {
        expect(await accessibilityViolations(page), theme).toEqual([]);
        await expectNoHorizontalOverflow(page);
      });
    });
  });
}

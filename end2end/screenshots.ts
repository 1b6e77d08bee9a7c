// The README's pictures, into the folder that SCREENSHOTS names (relative to the repository; docs/images by default).

import { resolve } from 'node:path';
import { DrawPage } from './support/draw-page';
import { drawing } from './support/drawings';
import { expect, test } from './support/test';

const folder = resolve(import.meta.dirname, '..', process.env.SCREENSHOTS ?? 'docs/images');

const pictures = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

for (const { name, colorScheme, viewport } of pictures) {
  test.describe(() => {
    test.use({ colorScheme, viewport, locale: 'en-GB', contextOptions: { reducedMotion: 'reduce' } });

    test(`${name}.png`, async ({ page }) => {
      const draw = new DrawPage(page, 'en');
      await draw.open();
      await draw.draw(drawing('3-middle-loop'));
      await draw.reads(3);
      await page.mouse.move(0, 0);
      await page.screenshot({ path: `${folder}/${name}.png` });
    });
  });
}

test.describe(() => {
  test.use({ as: 'admin', viewport: { width: 1280, height: 900 }, locale: 'en-GB' });

  test('status.png', async ({ page, context, guard, server }) => {
    test.setTimeout(120_000);
    guard.announce(/no-such-page/);
    await page.goto('/admin/status');
    const sheet = await context.newPage();
    const draw = new DrawPage(sheet, 'en');
    await draw.open();
    for (const name of ['7-bar', '4-closed', '2-plain', '9-curved', '3-middle-loop', '7-bar', '4-closed', '7-bar']) {
      await draw.draw(drawing(name));
      await draw.ask.click();
      await draw.serverReads(Number(name[0]));
      await fetch(`${server.url}/no-such-page`);
      await draw.clear.click();
      await sheet.waitForTimeout(4_000);
    }
    await page.bringToFront();
    await page.waitForTimeout(7_000);
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
    await page.screenshot({ path: `${folder}/status.png` });
  });
});

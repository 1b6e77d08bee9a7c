// The README's pictures, into the folder that SCREENSHOTS names (relative to the repository; docs/images by default).

import { resolve } from 'node:path';
import { DrawPage } from './support/draw-page';
import { drawing } from './support/drawings';
import { test } from './support/test';

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

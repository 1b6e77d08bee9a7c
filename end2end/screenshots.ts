// Takes the screenshots of the README and writes them to the folder SCREENSHOTS, relative to the repository, or to
// docs/images by default.

import { resolve } from 'node:path';
import { DrawPage } from './support/draw-page';
import { drawing } from './support/drawings';
import { expect, test } from './support/fixtures';

const folder = resolve(import.meta.dirname, '..', process.env.SCREENSHOTS ?? 'docs/images');

/** Time between two predictions, in milliseconds: it gives the dashboard's charts several points. */
const TRAFFIC_INTERVAL = 4_000;

const drawPages = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

for (const { name, colorScheme, viewport } of drawPages) {
  test.describe(() => {
    test.use({ colorScheme, viewport, locale: 'en-GB', contextOptions: { reducedMotion: 'reduce' } });

    test(`${name}.png`, async ({ page }) => {
      const draw = new DrawPage(page, 'en');
      await draw.open();
      await draw.draw(drawing('3-middle-loop'));
      await draw.expectPrediction(3);
      await page.mouse.move(0, 0);
      await page.screenshot({ path: `${folder}/${name}.png` });
    });
  });
}

test.describe(() => {
  test.use({ viewport: { width: 1280, height: 1500 }, locale: 'en-GB', contextOptions: { reducedMotion: 'reduce' } });

  test('explain.png', async ({ page }) => {
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await draw.draw(drawing('4-open'));
    await draw.expectPrediction(4);
    await page.getByText('How it reads it').click();
    await expect(page.locator('.board > svg.evidence')).toBeVisible();
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `${folder}/explain.png` });
  });
});

test.describe(() => {
  test.use({ as: 'admin', viewport: { width: 1280, height: 900 }, locale: 'en-GB' });

  test('status.png', async ({ page, context, monitor, server }) => {
    test.setTimeout(120_000);
    monitor.allow(/no-such-page/);
    await page.goto('/admin/status');
    const drawingPage = await context.newPage();
    const draw = new DrawPage(drawingPage, 'en');
    await draw.open();
    for (const name of ['7-bar', '4-closed', '2-plain', '9-curved', '3-middle-loop', '7-bar', '4-closed', '7-bar']) {
      await draw.draw(drawing(name));
      await draw.askServer.click();
      await draw.expectServerPrediction(Number(name[0]));
      await fetch(`${server.url}/no-such-page`);
      await draw.clear.click();
      await drawingPage.waitForTimeout(TRAFFIC_INTERVAL);
    }
    await page.bringToFront();
    // The second response from now on was requested after the last prediction.
    for (let scrape = 0; scrape < 2; scrape += 1) await page.waitForResponse('**/metrics');
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
    await page.screenshot({ path: `${folder}/status.png` });
  });
});

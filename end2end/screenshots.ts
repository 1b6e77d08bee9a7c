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
  test.use({ viewport: { width: 1024, height: 720 }, locale: 'en-GB', contextOptions: { reducedMotion: 'reduce' } });

  test('offline.png', async ({ page, monitor }) => {
    monitor.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    const draw = new DrawPage(page, 'en');
    await draw.open();
    const notices = page.getByRole('complementary', { name: 'Notices' });
    await expect(notices).toBeAttached({ timeout: 20_000 });
    await page.context().setOffline(true);
    for (const name of ['4-closed', '7-bar']) {
      await draw.draw(drawing(name));
      await draw.expectPrediction(Number(name[0]));
      await draw.askServer.click();
      await expect(notices).toContainText(`This page’s answer: ${name[0]} `);
      await draw.clear.click();
    }
    await notices.getByRole('button', { name: 'Show the kept ones' }).click();
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(2);
    await page.screenshot({ path: `${folder}/offline.png` });
  });

  test('grid.png', async ({ page }) => {
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await draw.draw(drawing('7-plain'));
    await draw.expectPrediction(7);
    await draw.gridButton.focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('[role="gridcell"]:focus')).toBeVisible();
    await page.screenshot({ path: `${folder}/grid.png` });
  });

  test('copy-as.png', async ({ page }) => {
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await draw.draw(drawing('2-swan'));
    await draw.expectPrediction(2);
    await draw.askServer.click();
    await draw.expectServerPrediction(2);
    await draw.copyAs.click();
    await expect(page.getByRole('button', { name: /Python/ })).toBeVisible();
    await page.screenshot({ path: `${folder}/copy-as.png` });
  });

  test('disagreement.png', async ({ page }) => {
    // Page and server have the same network, so the answer has to be altered.
    await page.route('**/api/predict', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), prediccion: 1 } });
    });
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await draw.draw(drawing('7-plain'));
    await draw.expectPrediction(7);
    await draw.askServer.click();
    await draw.expectServerPrediction(1);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: `${folder}/disagreement.png` });
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

// The narrowest screen, and a window that is zoomed to 200 %: nothing of any page is lost.

import { cutOff } from '../support/controls';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { expectNoHorizontalOverflow, frameRendered } from '../support/page';
import { openWhole, pages } from '../support/pages';

const screens = [
  ['320 px wide', { width: 320, height: 568 }, 1],
  // 640 by 1136 pixels at 200 %.
  ['640 px wide at 200 %', { width: 320, height: 568 }, 2],
  // 1280 by 800 pixels at 200 %.
  ['1280 px wide at 200 %', { width: 640, height: 400 }, 2],
] as const;

for (const [as, path] of pages) {
  test.describe(path, () => {
    test.use({ as, viewport: screens[0][1] });

    test('nothing is cut off, and nothing scrolls sideways', async ({ page, monitor }) => {
      const session = await page.context().newCDPSession(page);
      for (const language of ['es', 'en'] as const) {
        await openWhole(page, monitor, path, language);
        for (const [screen, viewport, deviceScaleFactor] of screens) {
          // Without loading the page again, as when a window is zoomed.
          const metrics = { ...viewport, deviceScaleFactor, mobile: false };
          await session.send('Emulation.setDeviceMetricsOverride', metrics);
          await frameRendered(page);
          const emulated = await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]);
          expect(emulated).toEqual([viewport.width, viewport.height, deviceScaleFactor]);
          expect.soft(await cutOff(page), `${language}, ${screen}`).toEqual([]);
          await expectNoHorizontalOverflow(page);
        }
      }
    });
  });
}

for (const [screen, viewport, deviceScaleFactor] of screens) {
  test.describe(screen, () => {
    test.use({ viewport, deviceScaleFactor });

    test('a digit is drawn on the canvas and on the grid, and nothing is cut off', async ({ page, draw }) => {
      await draw.open();
      await draw.draw(drawing('3-round'));
      await draw.expectPrediction(3);
      await draw.askServer.click();
      await draw.expectServerPrediction(3);
      expect(await cutOff(page)).toEqual([]);
      await draw.gridButton.click();
      // Choosing a cell scrolls to it.
      await expect(page.locator('[role="gridcell"]:focus')).toBeInViewport();
      const canvas = await draw.canvas.boundingBox();
      const grid = await page.getByRole('grid').boundingBox();
      expect(Math.abs((grid?.width ?? 0) - (canvas?.width ?? 0)), 'the grid is as wide as the canvas').toBeLessThan(3);
      expect(Math.abs((grid?.y ?? 0) - (canvas?.y ?? 0)), 'the grid covers the canvas').toBeLessThan(3);
      expect(await cutOff(page)).toEqual([]);
      await expectNoHorizontalOverflow(page);
    });
  });
}

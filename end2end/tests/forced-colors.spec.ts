// A system that replaces the colours of pages, such as Windows' contrast themes: the drawing and all controls stay visible.

import { accessibilityViolations } from '../support/axe';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { inBothThemes } from '../support/page';
import { openWhole, pages } from '../support/pages';

for (const [as, path] of pages) {
  test.describe(path, () => {
    test.use({ as, contextOptions: { forcedColors: 'active' } });

    test('axe finds no text without contrast, and every icon differs from its ground', async ({ page, monitor }) => {
      await openWhole(page, monitor, path);
      await inBothThemes(page, async (theme) => {
        const emulated = `(forced-colors: active) and (prefers-color-scheme: ${theme})`;
        expect(await page.evaluate((emulated) => matchMedia(emulated).matches, emulated)).toBe(true);
        expect.soft(await accessibilityViolations(page), theme).toEqual([]);
        const faint = await page.locator('.icon:visible, .brand-mark').evaluateAll((icons) =>
          icons
            .filter((icon) => {
              let ground: Element | null = icon;
              const isClear = (element: Element) => getComputedStyle(element).backgroundColor === 'rgba(0, 0, 0, 0)';
              while (ground && isClear(ground)) ground = ground.parentElement;
              const under = ground && getComputedStyle(ground).backgroundColor;
              return getComputedStyle(icon).stroke === under;
            })
            .map((icon) => icon.outerHTML),
        );
        expect.soft(faint, theme).toEqual([]);
      });
    });
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { forcedColors: 'active' } });

    test('the drawing, the chosen tool, the bars and the grid are visible', async ({ page, draw }) => {
      await draw.open();
      await draw.draw(drawing('3-round'));
      await draw.expectPrediction(3);
      // The canvas is transparent where there is no ink.
      const contrast = await draw.canvas.evaluate((canvas: HTMLCanvasElement) => {
        const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
        const pixels = Array.from(image?.data ?? []);
        const ink = pixels.findIndex((value, index) => index % 4 === 3 && value === 255) - 3;
        const board = canvas.parentElement && getComputedStyle(canvas.parentElement).backgroundColor;
        const sheet = (board?.match(/[\d.]+/g) ?? []).map(Number);
        return Math.abs((pixels[ink] ?? 0) - (sheet[0] ?? 0));
      });
      expect(contrast, 'ink against paper, of 255').toBeGreaterThan(150);

      const outline = (tool: string) =>
        page.locator('.tool', { hasText: tool }).evaluate((label) => getComputedStyle(label).outlineStyle);
      expect(await outline('Medio')).toBe('solid');
      expect(await outline('Fino')).toBe('none');
      const [bar, tallest, ground] = await page.evaluate(() => {
        const fill = (selector: string) => {
          const rect = document.querySelector(`${selector} .bar-track rect`);
          return rect && getComputedStyle(rect).fill;
        };
        return [fill('.bar:not(.tallest)'), fill('.bar.tallest'), getComputedStyle(document.body).backgroundColor];
      });
      expect(bar).not.toBe(tallest);
      expect([bar, tallest]).not.toContain(ground);

      await draw.gridButton.click();
      const cell = page.locator('[role="gridcell"]:focus');
      await expect(cell).toHaveCSS('outline-style', 'solid');
      await page.getByRole('button', { name: 'Empezar el barrido' }).click();
      const mark = page.locator('.mark');
      await expect(mark).toHaveCSS('outline-style', 'solid');
      expect(await mark.evaluate((element) => getComputedStyle(element).outlineColor)).not.toBe(
        await draw.canvas.evaluate(
          (canvas) => canvas.parentElement && getComputedStyle(canvas.parentElement).backgroundColor,
        ),
      );
    });
  });
}

// Drawing on the grid: with the keyboard, with clicks, and with a single switch. The clock of scanned pages is the test's.

import type { Locator, Page } from '@playwright/test';
import { recordAnnouncements } from '../support/announcements';
import { installClock } from '../support/clock';
import type { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { recordRequests } from '../support/network';
import { frameRendered } from '../support/page';

const START = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-01T11:00:00Z');
/** The duration of a step unless another is chosen, in milliseconds. */
const STEP = 1_000;

/** A cell, counted from one as it is told. */
function cell(page: Page, row: number, column: number): Locator {
  return page.getByRole('gridcell', { name: new RegExp(`^Fila ${row}, columna ${column}, `) });
}

async function press(page: Page, key: string, times = 1): Promise<void> {
  for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
}

async function openGrid(page: Page, draw: DrawPage): Promise<void> {
  await draw.gridButton.focus();
  await page.keyboard.press('Enter');
  await expect(cell(page, 15, 15)).toBeFocused();
}

test('the grid is loaded when it is chosen, and not before', async ({ page, draw }) => {
  const requests = recordRequests(page);
  const files = () => requests.filter(({ pathname }) => /\/(split|chunk)_[^/]*\.wasm$/.test(pathname)).length;
  await draw.open();
  await frameRendered(page);
  expect(files()).toBe(0);
  await openGrid(page, draw);
  expect(files()).toBeGreaterThan(0);
  await expect(page.getByRole('gridcell')).toHaveCount(28 * 28);
  await expect(page.getByRole('row')).toHaveCount(28);
});

test('a 1 is drawn with the keyboard alone; each cell says where it is and whether it is filled', async ({
  page,
  draw,
}) => {
  await draw.open();
  const paper = await draw.ink();
  const said = await recordAnnouncements(page);
  await openGrid(page, draw);
  await expect(cell(page, 15, 15)).toHaveAccessibleName('Fila 15, columna 15, vacía');
  await press(page, 'ArrowUp', 9);
  await expect(cell(page, 6, 15)).toBeFocused();
  for (let row = 6; row <= 23; row += 1) {
    await press(page, row % 2 ? 'Enter' : ' ');
    await expect.poll(said).toContain(`Fila ${row}, columna 15, llena`);
    await press(page, 'ArrowDown');
  }
  await draw.expectPrediction(1);
  await expect(page.getByRole('gridcell', { name: /llena/ })).toHaveCount(18);

  // Clearing a cell, and undoing that.
  await press(page, 'ArrowUp');
  await press(page, ' ');
  await expect(cell(page, 23, 15)).toHaveAccessibleName('Fila 23, columna 15, vacía');
  await expect.poll(said).toContain('Fila 23, columna 15, vacía');
  await press(page, 'Backspace');
  await expect(cell(page, 23, 15)).toHaveAccessibleName('Fila 23, columna 15, llena');
  await press(page, 'Control+z', 2);
  await expect(page.getByRole('gridcell', { name: /llena/ })).toHaveCount(16);
  await press(page, 'Control+y', 2);
  await expect(page.getByRole('gridcell', { name: /llena/ })).toHaveCount(18);

  // It is the same drawing without the grid.
  await press(page, 'Escape');
  await expect(page.getByRole('grid')).toHaveCount(0);
  await expect(draw.gridButton).toBeFocused();
  await draw.expectPrediction(1);
  await draw.askServer.click();
  await draw.expectServerPrediction(1);
  for (let row = 0; row < 18; row += 1) await draw.undo.click();
  await draw.expectInk(paper);
  await expect(draw.undo).toBeDisabled();
});

test('keys move within the grid, and none leaves it or scrolls', async ({ page, draw }) => {
  await draw.open();
  await openGrid(page, draw);
  for (const [key, row, column] of [
    ['Home', 15, 1],
    ['ArrowLeft', 15, 1],
    ['End', 15, 28],
    ['PageUp', 8, 28],
    ['Control+Home', 1, 1],
    ['ArrowUp', 1, 1],
    ['Control+End', 28, 28],
    ['PageDown', 28, 28],
  ] as const) {
    await page.keyboard.press(key);
    await expect(cell(page, row, column), key).toBeFocused();
  }
  await expect(page.locator('[role="gridcell"][tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Empezar el barrido' })).toBeFocused();
});

test('what the pen drew fills the cells under it, and a click clears or fills one', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('1-plain'));
  await draw.expectPrediction(1);
  await openGrid(page, draw);
  const filled = page.getByRole('gridcell', { name: /llena/ });
  expect(await filled.count()).toBeGreaterThan(8);
  await expect(draw.canvas).toHaveAttribute('inert');
  await cell(page, 2, 2).click();
  await expect(cell(page, 2, 2)).toHaveAccessibleName('Fila 2, columna 2, llena');
  await cell(page, 2, 2).click();
  await expect(cell(page, 2, 2)).toHaveAccessibleName('Fila 2, columna 2, vacía');
  await filled.first().click();
  await expect(filled).toHaveCount(0);
  await page.getByRole('button', { name: 'Volver al lienzo' }).click();
  await expect(draw.canvas).not.toHaveAttribute('inert');
  await draw.undo.click();
  await draw.expectPrediction(1);
});

test('where its code cannot be loaded, the page says so, and it can be chosen again', async ({
  page,
  draw,
  monitor,
}) => {
  monitor.allow(/ERR_FAILED|Failed to fetch|split|chunk/);
  await draw.open();
  await page.route(/\/(split|chunk)_[^/]*\.wasm$/, (route) => route.abort(), { times: 1 });
  await draw.gridButton.click();
  await expect(draw.alert).toContainText('No hay conexión con el servidor.');
  await draw.gridButton.click();
  await expect(page.getByRole('grid')).toBeVisible();
});

test.describe('with a single switch', () => {
  /** Opens the page, starts the scanning, and stops the page's clock. */
  async function startScanning(page: Page, draw: DrawPage): Promise<void> {
    await installClock(page, START);
    await draw.open();
    await draw.gridButton.click();
    await expect(page.getByRole('grid')).toBeVisible();
    await page.clock.pauseAt(LATER);
    await page.getByRole('button', { name: 'Empezar el barrido' }).click();
    await expect(page.getByRole('button', { name: 'Elegir lo marcado' })).toBeFocused();
  }

  const expectStep = (page: Page, text: string) => expect(page.getByTestId('step')).toHaveText(text);

  test('rows and then cells are marked in turn, and one key draws a 1', async ({ page, draw }) => {
    await startScanning(page, draw);
    const said = await recordAnnouncements(page);
    await expectStep(page, 'Fila 1');
    await page.clock.runFor(5 * STEP);
    for (let row = 6; row <= 23; row += 1) {
      await expectStep(page, `Fila ${row}`);
      await page.keyboard.press('Enter');
      // The first time the cells begin on the left, and then near the last one.
      await expectStep(page, `Fila ${row}, columna ${row === 6 ? 1 : 13}`);
      await page.clock.runFor((row === 6 ? 14 : 2) * STEP);
      await expectStep(page, `Fila ${row}, columna 15`);
      await page.keyboard.press(' ');
      await expect.poll(said).toContain(`Fila ${row}, columna 15, llena`);
      await page.clock.runFor(5 * STEP);
    }
    await draw.expectPrediction(1);
    const mark = await page.locator('.mark').boundingBox();
    const canvas = await draw.canvasBox();
    expect(Math.abs((mark?.width ?? 0) - canvas.width), 'the mark of a row is as wide as the canvas').toBeLessThan(3);
  });

  test('the same switch undoes, clears, asks the server and stops', async ({ page, draw }) => {
    await startScanning(page, draw);
    const said = await recordAnnouncements(page);
    await page.keyboard.press(' ');
    await page.keyboard.press(' ');
    await expect.poll(said).toContain('Fila 1, columna 1, llena');
    await page.clock.runFor((5 + 27) * STEP);
    await expectStep(page, 'Deshacer');
    await page.keyboard.press(' ');
    await expect.poll(said).toContain('Último trazo deshecho');
    await expect(draw.undo).toBeDisabled();

    await expectStep(page, 'Fila 1');
    await draw.redo.click();
    await page.getByRole('button', { name: 'Elegir lo marcado' }).focus();
    await page.clock.runFor(29 * STEP);
    await expectStep(page, 'Borrar');
    await page.keyboard.press(' ');
    await expect(draw.clear).toBeDisabled();

    await draw.undo.click();
    await page.getByRole('button', { name: 'Elegir lo marcado' }).focus();
    await page.clock.runFor(30 * STEP);
    await expectStep(page, 'Preguntar al servidor');
    const response = page.waitForResponse('**/predict');
    await page.keyboard.press(' ');
    expect((await response).status()).toBe(200);

    await page.clock.runFor(31 * STEP);
    await expectStep(page, 'Parar el barrido');
    await page.keyboard.press(' ');
    // The same key starts it again.
    await expect(page.getByRole('button', { name: 'Empezar el barrido' })).toBeFocused();
    await page.keyboard.press(' ');
    await expectStep(page, 'Fila 1');
  });

  test('its speed can be changed, a held key is one press, and Escape or a button stops it', async ({ page, draw }) => {
    await startScanning(page, draw);
    await page.getByLabel('Cada paso dura').selectOption('3');
    await page.clock.runFor(300);
    await expectStep(page, 'Fila 2');
    await page.getByLabel('Cada paso dura').selectOption('30');
    await page.clock.runFor(2_900);
    await expectStep(page, 'Fila 2');
    await page.clock.runFor(100);
    await expectStep(page, 'Fila 3');

    const surface = page.getByRole('button', { name: 'Elegir lo marcado' });
    await surface.focus();
    await page.keyboard.down('a');
    // Playwright repeats a key that is down.
    await page.keyboard.down('a');
    await page.keyboard.up('a');
    await expectStep(page, 'Fila 3, columna 1');
    await surface.click();
    await expect(draw.undo).toBeEnabled();

    await surface.focus();
    await page.keyboard.press('Escape');
    await expect(surface).toHaveCount(0);
    await page.clock.runFor(60_000);
    await expect(page.getByTestId('step')).toHaveCount(0);
    await page.getByRole('button', { name: 'Empezar el barrido' }).click();
    await expectStep(page, 'Fila 1');
    await page.getByRole('button', { name: 'Parar el barrido' }).click();
    await expect(surface).toHaveCount(0);
  });

  test('the cells are left out of the tab order while they are scanned', async ({ page, draw }) => {
    await startScanning(page, draw);
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).not.toBe('gridcell');
  });
});

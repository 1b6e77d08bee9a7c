// What a screen reader is told: every answer, once, and nothing while the pen moves. The page's clock is the test's.

import type { Page } from '@playwright/test';
import { recordAnnouncements } from '../support/announcements';
import { installClock } from '../support/clock';
import type { DrawPage } from '../support/draw-page';
import { expect, test } from '../support/fixtures';

const START = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-01T11:00:00Z');

/** Opens the page and stops its clock. Returns what its live region says from now on. */
async function openStopped(page: Page, draw: DrawPage): Promise<() => Promise<string[]>> {
  await installClock(page, START);
  await draw.open();
  await page.clock.pauseAt(LATER);
  return recordAnnouncements(page);
}

/** Moves the pen up and down on a line for three seconds: what is read stays a 1. */
async function drawOneSlowly(page: Page, draw: DrawPage): Promise<void> {
  const box = await draw.canvasBox();
  const x = box.x + box.width / 2;
  const y = (step: number) => box.y + box.height * (0.5 - 0.3 * Math.cos((step * Math.PI) / 10));
  await page.mouse.move(x, y(0));
  await page.mouse.down();
  for (let step = 1; step <= 30; step += 1) {
    await page.mouse.move(x, y(step));
    await page.clock.runFor(100);
  }
}

test('a reading is announced once, and not while the pen moves', async ({ page, draw }) => {
  const said = await openStopped(page, draw);
  await drawOneSlowly(page, draw);
  await draw.expectPrediction(1);
  expect(await said(), 'while the pen moves').toEqual([]);
  await page.mouse.up();
  await page.clock.runFor(2_000);
  expect(await said()).toEqual([expect.stringMatching(/Leo un 1: (seguro|parece)/)]);
  await page.clock.runFor(60_000);
  expect(await said(), 'a minute later').toHaveLength(1);

  await draw.languageSwitch.click();
  await page.clock.runFor(2_000);
  expect(await said(), 'in another language').toHaveLength(1);
});

test('the same digit is announced again after it was cleared and drawn again', async ({ page, draw }) => {
  const said = await openStopped(page, draw);
  for (const times of [1, 2]) {
    await drawOneSlowly(page, draw);
    await page.mouse.up();
    await page.clock.runFor(2_000);
    expect((await said()).filter((text) => text.startsWith('Leo un 1'))).toHaveLength(times);
    await draw.clear.click();
    await page.clock.runFor(2_000);
  }
});

test('each answer of the server is announced once, also if it is the same', async ({ page, draw }) => {
  const said = await openStopped(page, draw);
  await drawOneSlowly(page, draw);
  await page.mouse.up();
  await page.clock.runFor(2_000);
  for (const times of [1, 2]) {
    const response = page.waitForResponse('**/predict');
    await draw.askServer.click();
    await (await response).finished();
    await draw.expectServerPrediction(1);
    const server = async () => (await said()).filter((text) => text.startsWith('El servidor lee 1'));
    await expect.poll(server).toHaveLength(times);
    await page.clock.runFor(2_000);
    expect(await server()).toHaveLength(times);
  }
  expect(await said()).toHaveLength(3);
});

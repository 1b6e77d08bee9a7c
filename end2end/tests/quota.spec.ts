// What is left of the quota, on the drawing page and on the account page.

import { newAccount, register, registerUnconfirmed, signIn } from '../support/accounts';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { test as base, expect } from '../support/fixtures';
import { layoutShifts, recordLayoutShifts, totalShift } from '../support/layout-shifts';
import { expectNoHorizontalOverflow, frameRendered } from '../support/page';
import { type Server, startServer } from '../support/server';

const test = base.extend<{ limited: Server }>({
  /** A server with two predictions a day. */
  limited: async ({}, use) => {
    const server = await startServer({ RATELIMIT_ENABLED: 'true', RATELIMIT_PREDICT: '2 per day' });
    await use(server);
    await server.stop();
  },
});

test('after an answer the page says what is left today, and in the end when there is one more', async ({
  openPage,
  limited: server,
}) => {
  const account = newAccount('cuota');
  await register(server, account);
  const page = await openPage(server, await signIn(server, account));
  const draw = new DrawPage(page);
  await recordLayoutShifts(page);
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await expect(draw.quota).toBeEmpty();
  await draw.askServer.click();
  await expect(draw.quota).toHaveText('Te queda 1 de 2 hoy.');
  await draw.askServer.click();
  // Twelve hours later, which may be tomorrow.
  await expect(draw.quota).toHaveText(/^No te queda ninguna de 2\. La próxima: .*\d?\d:\d\d/);
  await draw.askServer.click();
  await expect(draw.alert).toContainText('12 horas');
  await expect(draw.quota).toContainText('ninguna de 2');
  await frameRendered(page);
  const shifts = await layoutShifts(page);
  expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);

  await draw.languageSwitch.click();
  await expect(draw.quota).toHaveText(/^None of 2 left\. The next one: /);
  await page.goto('/account');
  await expect(page.getByText('0 of 2 left')).toBeVisible();
  await expect(page.getByText('The next one in 12 hours.')).toBeVisible();
});

test('an account that is not confirmed is told the condition', async ({ openPage, limited: server }) => {
  const account = newAccount('pendiente');
  await registerUnconfirmed(server, account);
  const page = await openPage(server, await signIn(server, account));
  const draw = new DrawPage(page);
  await draw.open();
  await draw.draw(drawing('7-bar'));
  await draw.askServer.click();
  await expect(draw.quota).toHaveText('Te queda 1 de 2 hoy si confirmas tu correo.');
});

test('without a quota nothing is said', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.askServer.click();
  await draw.expectServerPrediction(3);
  await expect(draw.quota).toBeEmpty();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true });

  test('the quota has its place, too', async ({ page, draw }) => {
    await recordLayoutShifts(page);
    await page.route('**/predict', async (route) => {
      const response = await route.fetch();
      const reset = String(Math.floor(Date.now() / 1000) + 86_400);
      const quota = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
      await route.fulfill({ response, headers: { ...response.headers(), ...quota } });
    });
    await draw.open();
    await draw.draw(drawing('3-round'));
    await draw.expectPrediction(3);
    await draw.askServer.tap();
    await draw.expectServerPrediction(3);
    await expect(draw.quota).toHaveText(/^No te queda ninguna de 100\. La próxima: .*\d?\d:\d\d/);
    await expectNoHorizontalOverflow(page);
    await frameRendered(page);
    const shifts = await layoutShifts(page);
    expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
  });
});

// The status dashboard: its values follow what the server does, and it shows when the server is unreachable.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { signIn } from '../support/accounts';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { recordRequests } from '../support/network';
import { alerts, hydrated } from '../support/page';
import { admin } from '../support/server';

/** The value of a metric as it is shown now. */
async function value(page: Page, testId: string): Promise<number> {
  return Number(await page.getByTestId(testId).getAttribute('data-value'));
}

/** The value of a metric, once it is shown. */
async function firstValue(page: Page, testId: string): Promise<number> {
  await expect(page.getByTestId(testId)).toHaveAttribute('data-value', /\d/);
  return value(page, testId);
}

/** Opens the dashboard, and sets its shortest update interval once it is live. */
async function openDashboard(page: Page): Promise<void> {
  await page.goto('/admin/status');
  await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
  await page.getByLabel('Cada').selectOption('2');
}

test.describe('an admin', () => {
  test('sees requests, errors, users and predictions counted', async ({ openPage, privateServer: server }) => {
    const page = await openPage(server, await signIn(server, admin));
    await openDashboard(page);
    const context = page.context();
    const requests = await firstValue(page, 'requests');
    const errors = await firstValue(page, 'errors');
    const users = await firstValue(page, 'users');
    expect(users).toBe(1);

    // Five successful requests and three failed ones; one registration; two predictions, the second from the cache.
    for (let index = 0; index < 5; index += 1) expect((await fetch(`${server.url}/api/openapi.json`)).ok).toBe(true);
    for (let index = 0; index < 3; index += 1) expect((await fetch(`${server.url}/no-such-${index}`)).ok).toBe(false);
    const data = { username: 'nueva', email: 'nueva@example.com', password: 'what a user says' };
    expect((await context.request.post('/api/register', { data })).status()).toBe(201);
    const drawingPage = await context.newPage();
    const draw = new DrawPage(drawingPage);
    await draw.open();
    await draw.draw(drawing('7-bar'));
    for (let index = 0; index < 2; index += 1) {
      await draw.askServer.click();
      await draw.expectServerPrediction(7);
      await expect(draw.askServer).toHaveAttribute('aria-busy', 'false');
    }
    await drawingPage.close();

    await expect.poll(() => value(page, 'errors')).toBe(errors + 3);
    await expect.poll(() => value(page, 'users')).toBe(users + 1);
    // The requests of the dashboard and of the drawing page are counted too.
    await expect.poll(() => value(page, 'requests')).toBeGreaterThanOrEqual(requests + 5 + 3 + 1 + 2);
    await page.getByLabel('Desde el arranque').check({ force: true });
    await expect(page.getByRole('row', { name: /^GET \/api\/openapi\.json 5 / })).toBeVisible();
    await expect(page.locator('#digits [data-value="2"]')).toHaveCount(1);
  });

  test('sees how many answers of each day and model were corrected', async ({ openPage, privateServer: server }) => {
    const page = await openPage(server, await signIn(server, admin));
    const { request } = page.context();
    const buffer = await readFile('../server/benches/digits/4.png');
    const file = { name: 'digit.png', mimeType: 'image/png', buffer };
    let model = '';
    for (const said of [9, 4]) {
      const answer = await (await request.post(`${server.url}/api/predict`, { multipart: { file } })).json();
      const path = `/api/predictions/${answer.id}/correction`;
      expect((await request.post(server.url + path, { data: { digito: said } })).status()).toBe(200);
      model = answer.modelo;
    }
    await openDashboard(page);
    const row = page.locator('#corrected').getByRole('row').nth(1);
    await expect(row.getByRole('rowheader')).toHaveText(/^\d{4}-\d\d-\d\d$/);
    await expect(row.getByRole('cell')).toHaveText([model, '2', '1', /^50\s%$/]);
  });

  test('sees that the server is unreachable, and that it is back', async ({ openPage, privateServer: server }) => {
    const page = await openPage(server, await signIn(server, admin));
    await openDashboard(page);
    const freshness = page.getByTestId('freshness');
    const before = await firstValue(page, 'requests');
    await server.kill();
    await expect(freshness).toHaveAttribute('data-state', 'offline', { timeout: 20_000 });
    await expect(alerts(page).first()).toBeVisible();

    await server.restart();
    await expect(freshness).toHaveAttribute('data-state', 'live', { timeout: 30_000 });
    // The server's counters start at zero again, and the dashboard accounts for it.
    await expect.poll(() => value(page, 'requests')).toBeLessThan(before + 1_000);
    await expect(alerts(page)).toHaveCount(0);
  });

  test('reads the metrics below /api, since /metrics may be closed at the proxy', async ({
    openPage,
    server,
    sessions,
  }) => {
    const page = await openPage(server, sessions.admin);
    const requests = recordRequests(page);
    await openDashboard(page);
    await firstValue(page, 'requests');
    const paths = requests.map(({ pathname }) => pathname);
    expect(paths).toContain('/api/metrics');
    expect(paths).not.toContain('/metrics');
  });

  test('pauses the dashboard, which then sends no request until it is resumed', async ({
    openPage,
    server,
    sessions,
  }) => {
    const page = await openPage(server, sessions.admin);
    await page.clock.install();
    await openDashboard(page);
    await page.getByRole('button', { name: 'Pausa' }).click();
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'paused');
    const requests = recordRequests(page);
    await page.clock.runFor(60_000);
    const paths = requests.map(({ pathname }) => pathname);
    expect(paths.filter((path) => path.startsWith('/api/'))).toEqual([]);
    await page.getByRole('button', { name: 'Pausa' }).click();
    await expect.poll(() => requests.map(({ pathname }) => pathname)).toContain('/api/metrics');
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
  });
});

for (const as of ['visitor', 'user'] as const) {
  test.describe(`a ${as}`, () => {
    test.use({ as });

    test('does not see the dashboard, and no metrics are requested', async ({ page, monitor }) => {
      monitor.allow(/\/admin\/status/);
      const requests = recordRequests(page);
      await page.goto('/admin/status');
      // A page sends its requests when it is hydrated.
      await hydrated(page);
      const paths = requests.map(({ pathname }) => pathname);
      expect(paths.filter((path) => path === '/metrics' || path.startsWith('/api/'))).toEqual([]);
      await expect(page.getByTestId('requests')).toHaveCount(0);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        as === 'user' ? 'Solo para administradores' : 'Entrar',
      );
    });
  });
}

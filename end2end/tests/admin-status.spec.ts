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

/** Answers with this history in the server's place. `requests` has how many there were in all, every 15 seconds until now. */
async function stubHistory(page: Page, requests: number[], hasPrometheus = false): Promise<void> {
  const now = Date.now() / 1000;
  await page.route('**/api/admin/metrics/history', (route) =>
    route.fulfill({
      json: {
        instance: 'web-1:3000',
        has_prometheus: hasPrometheus,
        now,
        interval: 15,
        series: ['http_requests_total{method="GET",endpoint="/",status="200"}', 'model_ready'],
        scrapes: requests.map((total, index) => ({
          time: now - 15 * (requests.length - 1 - index),
          series: index === 0 ? [0, 1] : [0],
          values: index === 0 ? [total, 1] : [total],
        })),
      },
    }),
  );
}

test.describe('an admin', () => {
  test.use({ as: 'admin' });

  test('who opens the dashboard sees the past hour', async ({ page }) => {
    await stubHistory(
      page,
      Array.from({ length: 240 }, (_, index) => 30 * index),
    );
    await openDashboard(page);
    await expect(page.getByTestId('source')).toHaveText('Lo que ves es de la instancia web-1:3000.');
    // Without Prometheus there is no other to choose.
    await expect(page.getByLabel('Instancia')).toBeHidden();
    const chart = page.locator('#rate').getByRole('slider');
    expect(Number(await chart.getAttribute('aria-valuemax'))).toBeGreaterThanOrEqual(239);
    await chart.focus();
    await chart.press('Home');
    await chart.press('ArrowRight');
    await expect(page.locator('#rate [data-value="2"]')).toHaveText('2/s');
  });

  test('sees a value that no line leads to yet as a point with that value', async ({ page }) => {
    await stubHistory(page, []);
    // The dashboard itself asks for the metrics twice: there is one rate.
    await page.goto('/admin/status');
    await expect(page.locator('#rate .lone-value')).toHaveText(/^[\d,]+\/s$/);
    await expect(page.locator('#rate circle.dot')).toHaveCount(1);
    await expect(page.locator('#rate .plot-empty')).toBeHidden();
  });

  test('chooses between all servers, one of them, and the one that answers', async ({ page }) => {
    await stubHistory(page, [1, 2], true);
    let prometheus = 'answers';
    const asked: string[] = [];
    await page.route(/\/api\/admin\/metrics\/service/, (route) => {
      const { search, searchParams } = new URL(route.request().url());
      asked.push(search);
      const time = Date.now() / 1000;
      const answer = { prometheus, time, start: time - 30, step: 15, instances: [] as string[], figures: {} };
      if (prometheus === 'answers') {
        answer.instances = ['web-1:3000', 'web-2:3000'];
        answer.figures = {
          'sum(http_requests_total)': [
            { labels: {}, values: [searchParams.get('instance') === 'web-2:3000' ? 300 : 1000] },
          ],
          'sum(rate(http_requests_total[1m]))': [{ labels: {}, values: [1, 2, 3] }],
        };
      }
      return route.fulfill({ json: answer });
    });
    await page.goto('/admin/status');
    const source = page.getByTestId('source');
    await expect(source).toHaveText('Todo el servicio según Prometheus: 2 instancias.');
    await expect(page.getByTestId('requests')).toHaveAttribute('data-value', '1000');
    await page.getByLabel('1 día').check({ force: true });
    await expect.poll(() => asked.at(-1)).toContain('range=day');
    await page.getByLabel('Instancia').selectOption('web-2:3000');
    await expect(page.getByTestId('requests')).toHaveAttribute('data-value', '300');
    await expect(source).toHaveText('La instancia web-2:3000 según Prometheus.');
    await page.getByLabel('Instancia').selectOption('Solo web-1:3000, en vivo');
    await expect(source).toHaveText('Lo que ves es de la instancia web-1:3000.');
    await expect(page.getByLabel('Desde el arranque')).toBeVisible();
    expect(await value(page, 'requests')).not.toBe(300);

    // Prometheus is away: it says so, and shows the server that answers.
    prometheus = 'away';
    await page.getByLabel('Instancia').selectOption('Todo el servicio');
    await expect(source).toContainText('Prometheus no responde');
    expect([300, 1000]).not.toContain(await value(page, 'requests'));
  });
});

for (const [locale, colorScheme] of [
  ['es-ES', 'light'],
  ['en-GB', 'dark'],
] as const) {
  test.describe(`on a phone, ${locale}, ${colorScheme}`, () => {
    test.use({
      as: 'admin',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      locale,
      colorScheme,
    });

    test('the first screen has the numbers, what is wrong and a chart', async ({ page }) => {
      await page.goto('/admin/status');
      await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
      const numbers = ['requests', 'errors', 'users'].map((id) => page.getByTestId(id));
      for (const part of [...numbers, page.locator('#alerts'), page.locator('#rate')]) {
        const box = await part.boundingBox();
        expect((box?.y ?? Number.NaN) + (box?.height ?? 0), `the lower edge of ${part}`).toBeLessThanOrEqual(844);
      }
      // The controls are one tap away.
      const pause = page.getByRole('button', { name: locale === 'es-ES' ? 'Pausa' : 'Pause' });
      await expect(pause).toBeHidden();
      await page.getByRole('button', { name: locale === 'es-ES' ? 'Ajustes' : 'Settings' }).tap();
      await expect(pause).toBeVisible();
    });
  });
}

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

// The status dashboard: its numbers move by exactly what was done, and it tells when the server is gone.

import type { Browser, Page } from '@playwright/test';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { type Cookies, signIn } from '../support/people';
import { admin, type Server, startServer } from '../support/server';
import { expect, test } from '../support/test';

const number = async (page: Page, id: string) => Number(await page.getByTestId(id).getAttribute('data-value'));

async function shown(page: Page, id: string): Promise<number> {
  await expect(page.getByTestId(id)).toHaveAttribute('data-value', /\d/);
  return number(page, id);
}

/** The dashboard, live, at the quickest there is; in a browser of its own, which may see the server fail. */
async function watching(browser: Browser, server: Server, storageState: Cookies | undefined): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, storageState, locale: 'es-ES' });
  const page = await context.newPage();
  await page.goto('/admin/status');
  await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
  await page.getByLabel('Cada').selectOption('2');
  return page;
}

test.describe('an admin', () => {
  // A server of its own: nobody else moves its numbers.
  test('sees requests, errors, users and digits move by what was done', async ({ browser }) => {
    const server = await startServer();
    const page = await watching(browser, server, await signIn(server, admin));
    const context = page.context();
    const [requests, errors, users] = [
      await shown(page, 'requests'),
      await shown(page, 'errors'),
      await shown(page, 'users'),
    ];
    expect(users).toBe(1);

    // Five that are found and three that are not; a user; and two predictions, one of them remembered.
    for (let index = 0; index < 5; index += 1) expect((await fetch(`${server.url}/api/openapi.json`)).ok).toBe(true);
    for (let index = 0; index < 3; index += 1) expect((await fetch(`${server.url}/no-such-${index}`)).ok).toBe(false);
    const data = { username: 'nueva', email: 'nueva@example.com', password: 'what a user says' };
    expect((await context.request.post('/api/register', { data })).status()).toBe(201);
    const drawn = await context.newPage();
    const sheet = new DrawPage(drawn);
    await sheet.open();
    await sheet.draw(drawing('7-bar'));
    for (let index = 0; index < 2; index += 1) {
      await sheet.ask.click();
      await sheet.serverReads(7);
      await expect(sheet.ask).toHaveAttribute('aria-busy', 'false');
    }
    await drawn.close();

    await expect.poll(() => number(page, 'errors')).toBe(errors + 3);
    await expect.poll(() => number(page, 'users')).toBe(users + 1);
    // The dashboard's own scrapes and the page that was drawn on come on top.
    await expect.poll(() => number(page, 'requests')).toBeGreaterThanOrEqual(requests + 5 + 3 + 1 + 2);
    await page.getByLabel('Desde el arranque').check({ force: true });
    await expect(page.getByRole('row', { name: /^GET \/api\/openapi\.json 5 / })).toBeVisible();
    await expect(page.locator('#digits [data-value="2"]')).toHaveCount(1);
    await context.close();
    await server.stop();
  });

  test('is told when the server is gone, and sees it come back', async ({ browser }) => {
    const server = await startServer();
    const page = await watching(browser, server, await signIn(server, admin));
    const freshness = page.getByTestId('freshness');
    const before = await shown(page, 'requests');
    await server.kill();
    await expect(freshness).toHaveAttribute('data-state', 'offline', { timeout: 20_000 });
    await expect(page.getByRole('alert').filter({ hasText: /\S/ }).first()).toBeVisible();

    await server.start();
    await expect(freshness).toHaveAttribute('data-state', 'live', { timeout: 30_000 });
    // The counters began anew, and the page has noticed.
    await expect.poll(() => number(page, 'requests')).toBeLessThan(before + 1_000);
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0);
    await page.context().close();
    await server.stop();
  });

  test('pauses it, and nothing is asked while it rests', async ({ browser, server, cookies }) => {
    const page = await watching(browser, server, cookies.admin);
    await page.getByRole('button', { name: 'Pausa' }).click();
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'paused');
    let asked = 0;
    page.on('request', () => {
      asked += 1;
    });
    await page.waitForTimeout(5_000);
    expect(asked).toBe(0);
    await page.getByRole('button', { name: 'Pausa' }).click();
    await expect(page.getByTestId('freshness')).toHaveAttribute('data-state', 'live');
    expect(asked).toBeGreaterThan(0);
    await page.context().close();
  });
});

for (const as of ['visitor', 'user'] as const) {
  test.describe(`a ${as}`, () => {
    test.use({ as });

    test('sees nothing of it, and nothing is asked for', async ({ page, guard }) => {
      guard.announce(/\/admin\/status/);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.goto('/admin/status');
      await page.waitForLoadState('networkidle');
      expect(asked.filter((path) => path === '/metrics' || path.startsWith('/api/'))).toEqual([]);
      await expect(page.getByTestId('requests')).toHaveCount(0);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        as === 'user' ? 'Solo para administradores' : 'Entrar',
      );
    });
  });
}

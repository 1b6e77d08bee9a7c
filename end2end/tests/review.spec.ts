// The admins' review of corrections, decided by keyboard.

import { readFile } from 'node:fs/promises';
import { type APIRequestContext, type Page, request } from '@playwright/test';
import { type Account, newAccount, register, signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { expectNoHorizontalOverflow, hydrated, loaded } from '../support/page';
import { admin, type Server } from '../support/server';

test.use({ as: 'admin' });

/** Makes an account that has corrected predictions of these digits, each with what it says. */
async function withCorrections(
  server: Server,
  corrections: [digit: number, said: number | 'none'][],
): Promise<Account> {
  const account = newAccount('corrige');
  await register(server, account);
  const api = await request.newContext({ baseURL: server.url, storageState: await signIn(server, account) });
  for (const [digit, said] of corrections) await correct(api, digit, said);
  await api.dispose();
  return account;
}

async function correct(api: APIRequestContext, digit: number, said: number | 'none'): Promise<void> {
  const buffer = await readFile(`../server/benches/digits/${digit}.png`);
  const file = { name: 'digit.png', mimeType: 'image/png', buffer };
  const { id } = await (await api.post('/api/predict', { multipart: { file } })).json();
  const data = said === 'none' ? { no_es_un_digito: true } : { digito: said };
  expect((await api.post(`/api/predictions/${id}/correction`, { data })).status()).toBe(200);
}

/** The corrections of an account, from the server. */
async function entries(page: Page, account: Account, state: string): Promise<{ said: string; label: string | null }[]> {
  const answer = await page.request.get(`/api/admin/review?user=${account.username}&state=${state}&sort=newest`);
  return (await answer.json()).entries;
}

async function labels(page: Page, account: Account, state: string): Promise<(string | null)[]> {
  return (await entries(page, account, state)).map(({ label }) => label).toSorted();
}

async function open(page: Page, account: Account, parameters = ''): Promise<void> {
  await page.goto(`/admin/review?user=${account.username}${parameters}`);
  await loaded(page);
}

test('corrections are decided by keyboard alone, and undone', async ({ page, server }) => {
  const account = await withCorrections(server, [
    [1, 7],
    [2, 3],
    [5, 'none'],
    [4, 9],
  ]);
  await open(page, account, '&sort=newest');
  const card = page.getByTestId('review-card');
  await expect(page.getByText('Quedan 4 en esta página.')).toBeVisible();
  await expect(card).toContainText(account.username);
  await expect(card.getByRole('img', { name: 'La imagen que se leyó como 4' })).toBeVisible();
  await expect(card.locator('dd').first()).toHaveText('9');
  await expect(card).toBeFocused();

  // The user is right, the label is another one, it is no digit, and it is of no use.
  await page.keyboard.press('Space');
  await expect(card.locator('dd').first()).toHaveText('ningún dígito');
  await page.keyboard.press('5');
  await expect(card.locator('dd').first()).toHaveText('3');
  await page.keyboard.press('x');
  await expect(card.locator('dd').first()).toHaveText('7');
  await page.keyboard.press('d');
  await expect(page.getByText('No queda ninguna.').first()).toBeVisible();
  await expect.poll(() => labels(page, account, 'agreed')).toEqual(['5', '9', 'none']);
  await expect.poll(() => labels(page, account, 'dropped')).toEqual([null]);

  await page.keyboard.press('u');
  await expect(card.locator('dd').first()).toHaveText('7');
  await page.keyboard.press('u');
  await expect(page.getByText('Quedan 2 en esta página.')).toBeVisible();
  await expect.poll(() => labels(page, account, 'waiting')).toEqual([null, null]);
  await page.keyboard.press('Space');
  await expect(card.locator('dd').first()).toHaveText('7');
  await expect.poll(() => labels(page, account, 'agreed')).toEqual(['3', '5', '9']);
});

test('the buttons do the same, and the space bar then decides about the next one', async ({ page, server }) => {
  const account = await withCorrections(server, [
    [1, 7],
    [2, 3],
    [4, 9],
  ]);
  await open(page, account, '&sort=newest');
  const card = page.getByTestId('review-card');
  await page.getByRole('button', { name: '8', exact: true }).click();
  await expect(card).toBeFocused();
  await expect(page.getByRole('button', { name: /^Sí, es un 3/ })).toBeVisible();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /^Descartar d/ }).click();
  await expect.poll(() => labels(page, account, 'agreed')).toEqual(['3', '8']);
  await expect.poll(() => labels(page, account, 'dropped')).toEqual([null]);
});

test('what is typed into the filter decides nothing, and the URL shows the same queue again', async ({
  page,
  server,
}) => {
  const account = await withCorrections(server, [
    [1, 7],
    [2, 'none'],
  ]);
  await page.goto('/admin/review');
  await loaded(page);
  const name = page.getByLabel('Usuario', { exact: true });
  await name.fill(account.username);
  await name.press('x');
  await name.press('Backspace');
  await name.press('Enter');
  await expect(page).toHaveURL(new RegExp(`user=${account.username}$`));
  await expect(page.getByText('Quedan 2 en esta página.')).toBeVisible();
  await page.getByLabel('La persona dice').selectOption('ningún dígito');
  await expect(page).toHaveURL(/label=none/);
  await expect(page.getByText('Queda 1 en esta página.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Queda 1 en esta página.')).toBeVisible();
  await expect(page.getByLabel('La persona dice')).toHaveValue('none');
  await page.getByLabel('Estado').selectOption('Descartadas');
  await expect(page.getByText('No queda ninguna.').first()).toBeVisible();
  await page.goBack();
  await expect(page.getByText('Queda 1 en esta página.')).toBeVisible();
  // Nor is what is pressed elsewhere.
  await page.getByRole('link', { name: 'IDX', exact: true }).focus();
  await page.keyboard.press('5');
  await expect(page.getByText('Queda 1 en esta página.')).toBeVisible();
  expect(await entries(page, account, 'waiting')).toHaveLength(2);
});

test('near duplicates are decided together', async ({ page, server }) => {
  const account = await withCorrections(server, [
    [6, 0],
    [6, 0],
    [3, 5],
    [6, 0],
  ]);
  await open(page, account, '&sort=newest');
  await expect(page.getByText('Quedan 2 en esta página.')).toBeVisible();
  await expect(page.getByTestId('review-card')).toContainText('2, y se deciden a la vez');
  await page.keyboard.press('6');
  await expect(page.getByText('Queda 1 en esta página.')).toBeVisible();
  await expect.poll(() => labels(page, account, 'agreed')).toEqual(['6', '6', '6']);
  await page.keyboard.press('u');
  await expect.poll(() => labels(page, account, 'waiting')).toHaveLength(4);
});

test('what the model confirms is agreed to at once, and the rest of a person dropped', async ({
  privateServer: server,
  openPage,
}) => {
  const account = await withCorrections(server, [
    [1, 1],
    [2, 2],
    [7, 4],
    [8, 3],
  ]);
  const page = await openPage(server, await signIn(server, admin));
  await page.goto('/admin/review');
  await loaded(page);
  await page.getByRole('button', { name: 'Aceptar las que el modelo confirma (2)' }).click();
  await expect(page.getByRole('status')).toHaveText('2 correcciones decididas.');
  await expect(page.getByText('Quedan 2 en esta página.')).toBeVisible();
  const people = page.getByRole('region', { name: 'Personas' });
  await expect(people.getByRole('listitem')).toContainText('2 esperan; de 2 decididas, 0');
  await people.getByRole('button', { name: `Descartar todas las que esperan de ${account.username}` }).click();
  const question = people.getByRole('group', { name: `Descartar todas las que esperan de ${account.username}` });
  await expect(question.getByRole('alert')).toHaveText(
    `¿Descartar las 2 correcciones de ${account.username} que esperan?`,
  );
  await expect(question.getByRole('button', { name: 'Cancelar' })).toBeFocused();
  await question.getByRole('button', { name: 'Descartar todas' }).click();
  await expect(page.getByText('No queda ninguna.').first()).toBeVisible();
  await expect(people.getByRole('listitem')).toContainText('0 esperan; de 4 decididas, 50');
});

test('a decision that fails is shown, and the correction comes back', async ({ page, server, monitor }) => {
  monitor.allow(/status 503/, /503 \(Service Unavailable\)/);
  const account = await withCorrections(server, [
    [1, 7],
    [2, 3],
  ]);
  await open(page, account, '&sort=newest');
  await page.route('**/api/admin/review', (route) =>
    route.fulfill({ status: 503, json: { code: 'overloaded', msg: '' } }),
  );
  await page.keyboard.press('Space');
  await expect(page.getByRole('alert').filter({ hasText: 'El servidor está ocupado.' })).toBeVisible();
  await expect(page.getByTestId('review-card').locator('dd').first()).toHaveText('3');
  await expect(page.getByText('Quedan 2 en esta página.')).toBeVisible();
  await page.unroute('**/api/admin/review');
  await page.keyboard.press('Space');
  await expect.poll(() => labels(page, account, 'agreed')).toEqual(['3']);
});

test('the data set is downloaded', async ({ page, server }) => {
  await withCorrections(server, [[1, 7]]);
  await page.goto('/admin/review');
  await loaded(page);
  for (const [name, file] of [
    ['IDX', 'trazo-idx.tar'],
    ['PNG', 'trazo-png.tar'],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    const bytes = Buffer.concat(await (await download.createReadStream()).toArray());
    expect(bytes.subarray(0, 9).toString()).toBe('card.json');
  }
});

for (const width of [320, 390, 1280]) {
  test(`the page with a correction is accessible at ${width} px`, async ({ page, server }) => {
    const account = await withCorrections(server, [
      [1, 7],
      [1, 7],
    ]);
    await page.setViewportSize({ width, height: 844 });
    await open(page, account);
    await expect(page.getByTestId('review-card').getByRole('img').first()).toBeVisible();
    expect(await accessibilityViolations(page)).toEqual([]);
    await expectNoHorizontalOverflow(page);
    const sizes = await page
      .getByRole('group')
      .getByRole('button')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(44);
  });
}

test.describe('a user who is not an admin', () => {
  test.use({ as: 'user' });

  test('sees that the page is for admins', async ({ page, monitor }) => {
    monitor.allow(/\/admin\/review/);
    const response = await page.goto('/admin/review');
    expect(response?.status()).toBe(403);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Solo para administradores');
  });
});

// The admin's user list, whose search, filters and order are part of its URL.

import { newAccount, register, registerUnconfirmed, uniqueName } from '../support/accounts';
import { expect, test } from '../support/fixtures';
import { recordRequests, usePageSize } from '../support/network';
import { hydrated, loaded } from '../support/page';

test.use({ as: 'admin' });

test('search, filters and order are part of the URL, which shows the same list again', async ({ page, server }) => {
  const prefix = uniqueName('lista');
  const [zoe, abel] = [newAccount(`${prefix}-zoe`), newAccount(`${prefix}-abel`)];
  await register(server, zoe);
  await register(server, abel);
  await page.goto('/admin/users');
  await page.getByLabel('Buscar').fill(prefix);
  const names = page.getByRole('rowheader').filter({ hasText: prefix });
  await expect(names).toHaveCount(2);
  await page.getByRole('columnheader', { name: 'Nombre' }).getByRole('button').click();
  await expect(names.first()).toContainText(abel.username);
  await page.getByRole('columnheader', { name: 'Nombre' }).getByRole('button').click();
  await expect(names.first()).toContainText(zoe.username);
  // Leaving the page before the response has arrived would abort the request.
  const response = page.waitForResponse(/\/api\/admin\/users\?.*confirmed=true/);
  await page.getByLabel('Correo', { exact: true }).selectOption('Confirmado');
  await expect(page).toHaveURL(/confirmed=true/);
  await (await response).finished();
  await expect(names).toHaveCount(2);

  const url = page.url();
  await page.goto('/');
  await hydrated(page);
  await page.goto(url);
  await expect(names).toHaveCount(2);
  await expect(names.first()).toContainText(zoe.username);
  await expect(page.getByLabel('Buscar')).toHaveValue(prefix);
  await expect(page.getByLabel('Correo', { exact: true })).toHaveValue('true');

  await page.getByLabel('Rol', { exact: true }).selectOption('Administrador');
  await expect(page.getByText('Ninguna cuenta coincide.')).toBeVisible();
  await page.goBack();
  await expect(names).toHaveCount(2);
});

test('pages follow each other with the search and the order kept, and Back returns to the page before', async ({
  page,
  server,
}) => {
  const prefix = uniqueName('hojas');
  for (const name of ['c', 'a', 'e', 'b', 'd']) await register(server, newAccount(`${prefix}-${name}`));
  await usePageSize(page, '/api/admin/users', 2);
  const names = page.getByRole('rowheader').filter({ hasText: prefix });
  const pager = page.getByRole('navigation', { name: 'Páginas' });
  const expectNames = async (...expected: string[]) => {
    await expect(names).toContainText(expected.map((name) => `${prefix}-${name}`));
  };
  await page.goto(`/admin/users?search=${prefix}&sort=username&order=desc`);
  await expectNames('e', 'd');
  await expect(pager.getByRole('link')).toHaveText(['Siguiente']);
  await pager.getByRole('link', { name: 'Siguiente' }).click();
  await expectNames('c', 'b');
  await expect(page).toHaveURL(/order=desc&cursor=/);
  await expect(pager.getByRole('link')).toHaveText(['Anterior', 'Ir a la primera', 'Siguiente']);
  // An account that is added meanwhile doesn't move the pages.
  await register(server, newAccount(`${prefix}-f`));
  await pager.getByRole('link', { name: 'Siguiente' }).click();
  await expectNames('a');
  // The link that was followed is gone.
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(pager.getByRole('link', { name: 'Siguiente' })).toHaveCount(0);
  await page.goBack();
  await expectNames('c', 'b');
  await pager.getByRole('link', { name: 'Anterior' }).click();
  await expectNames('e', 'd');
  await pager.getByRole('link', { name: 'Ir a la primera' }).click();
  await expectNames('f', 'e');
  // The URL of a page shows it again; another order begins at its first page.
  await page.goBack();
  await expectNames('e', 'd');
  await page.reload();
  await expectNames('e', 'd');
  await page.getByRole('columnheader', { name: 'Nombre' }).getByRole('button').click();
  await expectNames('a', 'b');
  await expect(page).not.toHaveURL(/cursor=/);
});

test('on a phone every column can be chosen to sort by, without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/admin/users');
  await loaded(page);
  const buttons = page.getByRole('columnheader').getByRole('button');
  await expect(buttons).toHaveCount(8);
  for (const button of await buttons.all()) {
    const box = await button.boundingBox();
    expect(box?.x, `${button}`).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0), `${button}`).toBeLessThanOrEqual(390);
  }
  await buttons.last().click();
  await expect(page).toHaveURL(/sort=predictions/);
});

test('a URL with a page of another list leads to the first page', async ({ page, monitor }) => {
  monitor.allow(/status 400/, /400 \(Bad Request\)/);
  await page.goto('/admin/users?search=ada&cursor=nothing');
  await page.getByRole('link', { name: 'Ir a la primera' }).click();
  await expect(page.getByRole('rowheader').filter({ hasText: 'ada' }).first()).toBeVisible();
  await expect(page).not.toHaveURL(/cursor=/);
});

test('the list can be downloaded as CSV', async ({ page, server }) => {
  const account = newAccount('hoja');
  await register(server, account);
  await page.goto(`/admin/users?search=${account.username}`);
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Descargar CSV' }).click(),
  ]);
  const text = await (await download.createReadStream()).toArray();
  const lines = Buffer.concat(text).toString().trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(account.email);
});

test('a confirmation email can be sent again, and the row records it', async ({ page, server }) => {
  const account = newAccount('espera');
  await registerUnconfirmed(server, account);
  await server.smtp.nextMail(account.email);
  await page.goto(`/admin/users?search=${account.username}`);
  const row = page.getByRole('rowgroup').filter({ hasText: account.email });
  await page.getByLabel(`Acciones para ${account.username}`).click();
  await row.getByRole('button', { name: 'Reenviar la confirmación' }).click();
  await expect(row.getByRole('status')).toContainText('va de camino');
  expect((await server.smtp.nextMail(account.email)).subject).toBe('Por favor confirma tu email');
  for (const isReloaded of [false, true]) {
    if (isReloaded) await page.reload();
    await row.getByText('1 cambio').click();
    await expect(row.getByRole('listitem').filter({ hasText: 'Confirmación reenviada por ada' })).toBeVisible();
  }
});

test('the only admin cannot be demoted, and the page explains why', async ({ page, monitor }) => {
  monitor.allow(/status 409/, /409 \(Conflict\)/);
  await page.goto('/admin/users?search=ada');
  await page.getByLabel('Acciones para ada').click();
  const row = page.getByRole('rowgroup').filter({ hasText: 'ada@example.com' });
  await row.getByRole('button', { name: 'Quitar la administración' }).click();
  await expect(row.getByRole('button', { name: 'Cancelar' })).toBeFocused();
  await row.getByRole('group').getByRole('button', { name: 'Quitar la administración' }).click();
  await expect(row.getByRole('alert').filter({ hasText: 'único administrador' })).toBeVisible();
});

test.describe('a user who is not an admin', () => {
  test.use({ as: 'user' });

  test('sees that the page is for admins, and no user data is requested', async ({ page, monitor }) => {
    monitor.allow(/\/admin\/users/);
    const requests = recordRequests(page);
    const response = await page.goto('/admin/users');
    expect(response?.status()).toBe(403);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Solo para administradores');
    // A page sends its requests when it is hydrated.
    await hydrated(page);
    expect(requests.filter(({ href }) => href.includes('/api/'))).toEqual([]);
  });
});

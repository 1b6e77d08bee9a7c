// The admin's user list: what its address says is what it shows.

import { hydrated } from '../support/draw-page';
import { register, somebody } from '../support/people';
import { expect, test } from '../support/test';

test.use({ as: 'admin' });

test('search, filters and order stand in the address, and a link shows the same list', async ({ page, server }) => {
  const [zoe, abel] = [somebody('lista-zoe'), somebody('lista-abel')];
  await register(server, zoe);
  await register(server, abel);
  await page.goto('/admin/users');
  await page.getByLabel('Buscar').fill('lista-');
  const names = page.getByRole('rowheader').filter({ hasText: /^lista-/ });
  await expect(names).toHaveCount(2);
  await page.getByRole('columnheader', { name: 'Nombre' }).getByRole('button').click();
  await expect(names.first()).toContainText(abel.username);
  await page.getByRole('columnheader', { name: 'Nombre' }).getByRole('button').click();
  await expect(names.first()).toContainText(zoe.username);
  const answered = page.waitForResponse(/\/api\/admin\/users\?.*confirmed=true/);
  await page.getByLabel('Correo', { exact: true }).selectOption('Confirmado');
  await expect(page).toHaveURL(/confirmed=true/);
  await (await answered).finished();
  await expect(names).toHaveCount(2);

  const address = page.url();
  await page.goto('/');
  await hydrated(page);
  await page.goto(address);
  await expect(names).toHaveCount(2);
  await expect(names.first()).toContainText(zoe.username);
  await expect(page.getByLabel('Buscar')).toHaveValue('lista-');
  await expect(page.getByLabel('Correo', { exact: true })).toHaveValue('true');

  await page.getByLabel('Papel').selectOption('Administrador');
  await expect(page.getByText('Ninguna cuenta coincide.')).toBeVisible();
  await page.goBack();
  await expect(names).toHaveCount(2);
});

test('the list can be had as CSV', async ({ page, server }) => {
  const person = somebody('hoja');
  await register(server, person);
  await page.goto(`/admin/users?search=${person.username}`);
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Descargar CSV' }).click(),
  ]);
  const text = await (await download.createReadStream()).toArray();
  const lines = Buffer.concat(text).toString().trim().split(/\r?\n/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(person.email);
});

test('a confirmation can be sent again, and the row says that it was', async ({ page, server }) => {
  const person = somebody('espera');
  expect((await page.request.post('/api/register', { data: person })).status()).toBe(201);
  await server.sink.mail(person.email);
  await page.goto(`/admin/users?search=${person.username}`);
  const row = page.getByRole('rowgroup').filter({ hasText: person.email });
  await page.getByLabel(`Acciones para ${person.username}`).click();
  await row.getByRole('button', { name: 'Reenviar la confirmación' }).click();
  await expect(row.getByRole('status')).toContainText('va de camino');
  expect((await server.sink.mail(person.email)).subject).toBe('Por favor confirma tu email');
  for (const again of [false, true]) {
    if (again) await page.reload();
    await row.getByText('1 cambio').click();
    await expect(row.getByRole('listitem').filter({ hasText: 'Confirmación reenviada por ada' })).toBeVisible();
  }
});

test('the last admin is told why that can’t be', async ({ page, guard }) => {
  guard.announce(/status 409/, /409 \(Conflict\)/);
  await page.goto('/admin/users?search=ada');
  await page.getByLabel('Acciones para ada').click();
  const row = page.getByRole('rowgroup').filter({ hasText: 'ada@example.com' });
  await row.getByRole('button', { name: 'Quitar la administración' }).click();
  await expect(row.getByRole('button', { name: 'Cancelar' })).toBeFocused();
  await row.getByRole('group').getByRole('button', { name: 'Quitar la administración' }).click();
  await expect(row.getByRole('alert').filter({ hasText: 'único administrador' })).toBeVisible();
});

test.describe('somebody who is no admin', () => {
  test.use({ as: 'user' });

  test('sees that it is for admins, and nothing of the list is fetched', async ({ page, guard }) => {
    guard.announce(/\/admin\/users/);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const answer = await page.goto('/admin/users');
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Solo para administradores');
    await page.waitForLoadState('networkidle');
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([]);
  });
});

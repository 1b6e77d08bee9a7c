// The API keys of the account page: made, copied, used and revoked.

import type { Locator, Page } from '@playwright/test';
import { type Account, newAccount, register, signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { expectNoHorizontalOverflow, failOnDialog, inBothThemes, loaded } from '../support/page';
import type { Server } from '../support/server';

// Each test signs in with an account of its own.
test.use({ as: 'visitor' });

/** Registers an account, and opens its page. */
async function openAccount(page: Page, server: Server, prefix: string, language = 'es'): Promise<Account> {
  const account = newAccount(prefix);
  await register(server, account);
  await page.context().addCookies((await signIn(server, account)).cookies);
  await page.context().addCookies([{ name: 'trazo_lang', value: language, url: server.url }]);
  await page.goto('/account');
  await loaded(page);
  return account;
}

function panel(page: Page, name = 'Claves de API'): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** Opens the form and makes a key, which the panel then shows. */
async function makeKey(keys: Locator, account: Account, name: string, scopes = 'Leer imágenes'): Promise<string> {
  await keys.getByText('Crear una clave…').click();
  await keys.getByLabel('Nombre de la clave').fill(name);
  await keys.getByLabel('Para qué vale').selectOption(scopes);
  await keys.getByLabel('Contraseña', { exact: true }).fill(account.password);
  await keys.getByRole('button', { name: 'Crear la clave' }).click();
  return shownKey(keys);
}

/** The key that the panel shows. */
async function shownKey(keys: Locator): Promise<string> {
  await expect(keys).toContainText('no se vuelve a mostrar');
  const key = await keys.getByText(/^trazo_[0-9a-f]{64}$/).textContent();
  return key ?? '';
}

/** The status of a request with a key. */
async function statusOf(page: Page, server: Server, path: string, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return (await page.request.get(`${server.url}${path}`, { headers })).status();
}

test.describe('with access to the clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('a key is made, copied, used, and revoked after a question', async ({ page, server, monitor }) => {
    monitor.allow(/\/api\/keys/);
    const account = await openAccount(page, server, 'claves');
    const keys = panel(page);
    const heading = keys.getByRole('heading', { name: 'Claves de API' });
    const rows = keys.getByRole('listitem');
    await expect(keys).toContainText('No hay ninguna.');

    // Errors stand beside their fields.
    await keys.getByText('Crear una clave…').click();
    const name = keys.getByLabel('Nombre de la clave');
    const password = keys.getByLabel('Contraseña', { exact: true });
    const create = keys.getByRole('button', { name: 'Crear la clave' });
    await create.click();
    await expect(name).toHaveAccessibleDescription(/Falta el nombre/);
    await expect(password).toHaveAccessibleDescription(/Falta la contraseña/);
    await expect(name).toBeFocused();
    await name.fill('x'.repeat(65));
    await password.fill('not this one');
    await create.click();
    await expect(name).toHaveAccessibleDescription(/1 a 64/);
    await name.fill('cámara del <b>jardín</b>');
    await create.click();
    await expect(password).toHaveAccessibleDescription(/No es la contraseña de tu cuenta/);
    await expect(name).toHaveValue('cámara del <b>jardín</b>');
    await keys.getByLabel('Para qué vale').selectOption('Ver y corregir tu historial');
    await keys.getByLabel('Caduca').selectOption('Dentro de 30 días');
    await password.fill(account.password);
    await create.click();

    const key = await shownKey(keys);
    await expect(heading).toBeFocused();
    await keys.getByRole('button', { name: 'Copiar la clave' }).click();
    await expect(keys.getByRole('button', { name: 'Clave copiada' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    await keys.getByRole('button', { name: 'La he guardado' }).click();
    await expect(heading).toBeFocused();
    await expect(page.getByText(key)).toHaveCount(0);
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('cámara del <b>jardín</b>');
    await expect(rows).toContainText(`${key.slice(0, 14)}…`);
    await expect(rows).toContainText('Ver y corregir tu historial');
    await expect(rows).toContainText('Caduca el');
    await expect(rows).toContainText('Sin usar.');

    expect(await statusOf(page, server, '/api/predictions', key)).toBe(200);
    expect(await statusOf(page, server, '/api/me', key)).toBe(403);
    await expect(async () => {
      await page.reload();
      await loaded(page);
      await expect(rows).toContainText('Último uso:', { timeout: 500 });
    }).toPass();
    expect(await page.content()).not.toContain(key);

    const revoke = rows.getByRole('button', { name: 'Revocar la clave: cámara del <b>jardín</b>' });
    await revoke.focus();
    await page.keyboard.press('Enter');
    const question = rows.getByRole('group');
    await expect(question).toContainText('¿Revocar «cámara del <b>jardín</b>»?');
    const cancel = question.getByRole('button', { name: 'Cancelar' });
    await expect(cancel).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(question).toHaveCount(0);
    await expect(rows).toBeFocused();
    expect(await statusOf(page, server, '/api/predictions', key)).toBe(200);
    await revoke.click();
    await question.getByRole('button', { name: 'Revocar', exact: true }).click();
    await expect(rows).toContainText('Revocada');
    await expect(rows).toBeFocused();
    await expect(keys.getByRole('status').filter({ hasText: 'Clave revocada' })).toHaveCount(1);
    expect(await statusOf(page, server, '/api/predictions', key)).toBe(401);
    await page.reload();
    await expect(keys).toContainText('No hay ninguna.');
  });
});

test('a key is made in English with the keyboard alone', async ({ page, server }) => {
  const account = await openAccount(page, server, 'keys', 'en');
  const keys = panel(page, 'API keys');
  await keys.getByText('Create a key…').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(keys.getByLabel('Name of the key')).toBeFocused();
  await page.keyboard.type('backup');
  await page.keyboard.press('Tab');
  await expect(keys.getByLabel('What it is for')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Tab');
  await expect(keys.getByLabel('Expires')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Tab');
  await page.keyboard.type(account.password);
  await page.keyboard.press('Enter');
  await expect(keys).toContainText('it isn’t shown again');
  await keys.getByRole('button', { name: 'I have kept it' }).press('Enter');
  const row = keys.getByRole('listitem');
  await expect(row).toContainText('Reading pictures, and seeing and correcting your history');
  await expect(row).toContainText('Doesn’t expire.');
});

test('that there are too many is said below the form', async ({ page, server, monitor }) => {
  monitor.allow(/\/api\/keys/);
  const account = await openAccount(page, server, 'muchas');
  const keys = panel(page);
  await page.route('**/api/keys', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 409, json: { code: 'too_many_keys', msg: '' } })
      : route.fallback(),
  );
  await keys.getByText('Crear una clave…').click();
  await keys.getByLabel('Nombre de la clave').fill('otra');
  await keys.getByLabel('Contraseña', { exact: true }).fill(account.password);
  await keys.getByRole('button', { name: 'Crear la clave' }).click();
  await expect(keys.getByRole('alert').filter({ hasText: /\S/ })).toContainText('Revoca antes una.');
});

test('keys that can’t be listed are asked for again', async ({ page, server, monitor }) => {
  monitor.allow(/\/api\/keys/);
  await page.route('**/api/keys', (route) => route.fulfill({ status: 503, json: { code: 'overloaded', msg: '' } }));
  await openAccount(page, server, 'otravez');
  const keys = panel(page);
  await expect(keys).toContainText('El servidor está ocupado.');
  await expect(keys.getByText('Crear una clave…')).toHaveCount(0);
  await page.unroute('**/api/keys');
  await keys.getByRole('button', { name: 'Probar otra vez' }).click();
  await expect(keys).toContainText('No hay ninguna.');
  await expect(keys.getByText('Crear una clave…')).toBeVisible();
});

for (const width of [1280, 390, 320]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } });

    test('the form, a new key, the list and the question have no violation and fit', async ({ page, server }) => {
      failOnDialog(page);
      const account = await openAccount(page, server, 'axe');
      const keys = panel(page);
      await keys.scrollIntoViewIfNeeded();
      const check = (what: string) =>
        inBothThemes(page, async (theme) => {
          expect(await accessibilityViolations(page), `${what}, ${theme}`).toEqual([]);
          await expectNoHorizontalOverflow(page);
        });
      await keys.getByText('Crear una clave…').click();
      await check('the form');
      await keys.getByText('Crear una clave…').click();
      await makeKey(keys, account, 'una clave cuyo nombre es tan largo que no cabe en ninguna línea.');
      await check('the new key');
      await keys.getByRole('button', { name: 'La he guardado' }).click();
      await loaded(page);
      await check('the list');
      await keys.getByRole('button', { name: 'Revocar' }).click();
      await check('the question');
      for (const button of await keys.getByRole('button').all()) {
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      }
    });
  });
}

// What users change about their own account: password, address, sessions, second factor, and that it exists.

import type { Locator, Page } from '@playwright/test';
import { type Account, newAccount, promote, register, registerWithFactor, signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { fillInPlainForm, signInByForm } from '../support/forms';
import { layoutShifts, recordLayoutShifts, totalShift } from '../support/layout-shifts';
import { linkIn } from '../support/mail';
import { alerts, expectNoHorizontalOverflow, frameRendered, hydrated, inBothThemes, loaded } from '../support/page';
import { admin, type Server } from '../support/server';
import { totp } from '../support/totp';

// Each test signs in with an account of its own.
test.use({ as: 'visitor' });

const newPassword = 'something else entirely';
const codeLabel = 'Código de tu aplicación de autenticación, o un código de recuperación';

/** Gives the page a session of the account. */
async function enter(page: Page, server: Server, account: Account): Promise<void> {
  await page.context().addCookies((await signIn(server, account)).cookies);
}

/** Opens the account page in a new session. */
async function openAccount(page: Page, server: Server, account: Account): Promise<void> {
  await enter(page, server, account);
  await page.goto('/account');
  await loaded(page);
}

function panel(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

async function expectHasSession(page: Page): Promise<void> {
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
}

async function expectHasNoSession(page: Page): Promise<void> {
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login/);
}

test.describe('the password', () => {
  test('is changed, which ends the other sessions', async ({ page, openPage, server, monitor }) => {
    monitor.allow(/\/api\/me\/password/);
    const account = newAccount('clave');
    await register(server, account);
    const otherPage = await openPage(server, await signIn(server, account));
    await expectHasSession(otherPage);
    await openAccount(page, server, account);
    await expect(page.getByText('2 abiertas')).toBeVisible();

    const form = panel(page, 'Cambiar la contraseña');
    const current = form.getByLabel('Contraseña actual');
    const next = form.getByLabel('Contraseña nueva');
    const button = form.getByRole('button', { name: 'Cambiar la contraseña' });
    await expect(current).toHaveAttribute('autocomplete', 'current-password');
    await expect(next).toHaveAttribute('autocomplete', 'new-password');
    await button.click();
    await expect(current).toHaveAccessibleDescription(/Falta la contraseña/);
    await expect(next).toHaveAccessibleDescription(/Falta la contraseña/);
    await expect(current).toBeFocused();

    await current.fill('not this one');
    await next.fill(newPassword);
    await button.click();
    await expect(current).toHaveAccessibleDescription(/No es la contraseña de tu cuenta/);
    await expect(current).toBeFocused();
    await expect(next).toHaveValue(newPassword);

    await current.fill(account.password);
    await next.fill('password');
    await button.click();
    await expect(next).toHaveAccessibleDescription(/fácil de adivinar/);

    await next.fill(newPassword);
    await button.click();
    await expect(form.getByRole('status')).toContainText('Contraseña cambiada');
    await expect(current).toHaveValue('');
    await expect(next).toHaveValue('');
    await expect(page.getByText('Solo esta', { exact: true })).toBeVisible();
    await expectHasSession(page);
    await expectHasNoSession(otherPage);
    await signIn(server, { ...account, password: newPassword });
  });

  test('is changed with the keyboard alone', async ({ page, server }) => {
    const account = newAccount('teclado');
    await register(server, account);
    await openAccount(page, server, account);
    const form = panel(page, 'Cambiar la contraseña');
    await form.getByLabel('Contraseña actual').focus();
    await page.keyboard.type(account.password);
    await page.keyboard.press('Tab');
    await expect(form.getByRole('button', { name: 'Mostrar la contraseña' }).first()).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.type(newPassword);
    await page.keyboard.press('Enter');
    await expect(form.getByRole('status')).toContainText('Contraseña cambiada');
  });

  test('the limit and a failed connection are told below the form, and nothing moves', async ({
    page,
    server,
    monitor,
  }) => {
    monitor.allow(/\/api\/me\/password/);
    const account = newAccount('quieta');
    await register(server, account);
    await recordLayoutShifts(page);
    await openAccount(page, server, account);
    const form = panel(page, 'Cambiar la contraseña');
    const button = form.getByRole('button', { name: 'Cambiar la contraseña' });
    await button.click();
    await form.getByLabel('Contraseña actual').fill(account.password);
    await form.getByLabel('Contraseña nueva').fill(newPassword);
    await page.route('**/api/me/password', (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '180' }, json: { code: 'rate_limited', msg: '' } }),
    );
    await button.click();
    await expect(alerts(page)).toContainText('3 minutos');
    await page.unroute('**/api/me/password');
    await page.route('**/api/me/password', (route) => route.abort());
    await button.click();
    await expect(alerts(page)).toContainText('No hay conexión');
    await page.unroute('**/api/me/password');
    await button.click();
    await expect(form.getByRole('status')).toContainText('Contraseña cambiada');
    await loaded(page);
    await frameRendered(page);
    const shifts = await layoutShifts(page);
    expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
  });
});

test('the address changes when the link in the email is confirmed', async ({ page, server, monitor }) => {
  monitor.allow(/\/api\/me\/email/);
  const account = newAccount('mudanza');
  const email = `new-${account.email}`;
  await register(server, account);
  await openAccount(page, server, account);
  const form = panel(page, 'Cambiar el correo');
  const address = form.getByLabel('Correo nuevo');
  const password = form.getByLabel('Contraseña', { exact: true });
  const button = form.getByRole('button', { name: 'Enviar el enlace' });
  await expect(form).toContainText(`Tu correo es ${account.email}.`);

  await address.fill('nobody');
  await button.click();
  await expect(address).toHaveAccessibleDescription(/no está completa/);
  await expect(password).toHaveAccessibleDescription(/Falta la contraseña/);
  await expect(address).toBeFocused();
  await address.fill(email);
  await password.fill('not this one');
  await button.click();
  await expect(password).toHaveAccessibleDescription(/No es la contraseña de tu cuenta/);
  await address.fill(admin.email);
  await password.fill(account.password);
  await button.click();
  await expect(address).toHaveAccessibleDescription(/Ya hay una cuenta con ese correo/);

  await address.fill(email);
  await button.click();
  await expect(form.getByRole('status')).toContainText(`Hemos enviado un enlace a ${email}.`);
  await expect(form).toContainText(`Tu correo es ${account.email}.`);

  await page.goto(linkIn(await server.smtp.nextMail(email)));
  await hydrated(page);
  await page.getByRole('button', { name: 'Confirmar mi correo' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Correo cambiado');
  await expect(page.getByRole('main').getByRole('status')).toContainText('El correo de tu cuenta ha cambiado.');
  await expectHasSession(page);
  await expect(panel(page, 'Cambiar el correo')).toContainText(`Tu correo es ${email}.`);
  await signIn(server, { ...account, username: email });
});

test.describe('sessions', () => {
  test('one is ended, in another browser, and the row says so', async ({ page, openPage, server }) => {
    const account = newAccount('sesiones');
    await register(server, account);
    const otherPage = await openPage(server);
    await otherPage.goto('/login');
    await signInByForm(otherPage, account);
    await expect(otherPage).toHaveURL(`${server.url}/`);
    await openAccount(page, server, account);

    const list = panel(page, 'Sesiones');
    const rows = list.getByRole('listitem');
    await expect(list.getByText('2 abiertas')).toBeVisible();
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: 'Esta sesión' })).toHaveCount(1);
    const other = rows.filter({ hasNotText: 'Esta sesión' });
    // The browser that the other session was started in.
    await expect(other).toContainText('Linux');
    await other.getByRole('button', { name: 'Cerrar la sesión' }).focus();
    await page.keyboard.press('Enter');
    await expect(other).toContainText('Cerrada');
    await expect(other).toBeFocused();
    await expect(list.getByRole('status')).toContainText('Sesión cerrada');
    await expect(list.getByText('Solo esta', { exact: true })).toBeVisible();
    await expectHasNoSession(otherPage);
    await page.reload();
    await expect(rows).toHaveCount(1);
  });

  test('this one is ended, which leads to the sign-in', async ({ page, server }) => {
    const account = newAccount('adios');
    await register(server, account);
    await openAccount(page, server, account);
    const row = panel(page, 'Sesiones').getByRole('listitem').filter({ hasText: 'Esta sesión' });
    await row.getByRole('button', { name: 'Cerrar la sesión' }).click();
    await expect(page).toHaveURL(/\/login/);
    await expectHasNoSession(page);
  });

  test('that can’t be listed are asked for again', async ({ page, server, monitor }) => {
    monitor.allow(/\/api\/me\/sessions/);
    const account = newAccount('otravez');
    await register(server, account);
    await page.route('**/api/me/sessions', (route) =>
      route.fulfill({ status: 503, json: { code: 'overloaded', msg: '' } }),
    );
    await openAccount(page, server, account);
    const list = panel(page, 'Sesiones');
    await expect(list).toContainText('El servidor está ocupado.');
    await page.unroute('**/api/me/sessions');
    await list.getByRole('button', { name: 'Probar otra vez' }).click();
    await expect(list.getByRole('listitem')).toHaveCount(1);
  });
});

test.describe('the second factor', () => {
  test('is for admins only', async ({ page, server }) => {
    const account = newAccount('sinfactor');
    await register(server, account);
    await openAccount(page, server, account);
    await expect(panel(page, 'Sesiones')).toBeVisible();
    await expect(panel(page, 'Segundo factor')).toHaveCount(0);
  });

  test.describe('with access to the clipboard', () => {
    test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

    test('is set up, asked for at the sign-in, and removed', async ({ page, openPage, server, monitor }) => {
      monitor.allow(/\/api\/me\/totp/);
      const account = newAccount('ambos');
      await register(server, account);
      await promote(server, account);
      await openAccount(page, server, account);
      const factor = panel(page, 'Segundo factor');
      const heading = factor.getByRole('heading', { name: 'Segundo factor' });
      const password = factor.getByLabel('Contraseña', { exact: true });
      await password.fill('not this one');
      await factor.getByRole('button', { name: 'Configurar' }).click();
      await expect(password).toHaveAccessibleDescription(/No es la contraseña de tu cuenta/);
      await password.fill(account.password);
      await factor.getByRole('button', { name: 'Configurar' }).click();

      // The secret, in three forms.
      await expect(factor.getByRole('img', { name: 'Código QR con la clave' })).toBeVisible();
      await expect(heading).toBeFocused();
      const shown = (await factor.locator('code').textContent()) ?? '';
      expect(shown).toMatch(/^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$/);
      const secret = shown.replaceAll(' ', '');
      const link = factor.getByRole('link', { name: 'Abrir en la aplicación' });
      await expect(link).toHaveAttribute('href', new RegExp(`^otpauth://totp/.*secret=${secret}`));
      expect(await accessibilityViolations(page)).toEqual([]);

      const code = factor.getByLabel('Código de la aplicación');
      await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
      await expect(code).toHaveAttribute('inputmode', 'numeric');
      await factor.getByRole('button', { name: 'Activar' }).click();
      await expect(code).toHaveAccessibleDescription(/Falta el código/);
      // Not a code of the last hour.
      await code.fill(totp(secret, -1000));
      await factor.getByRole('button', { name: 'Activar' }).click();
      await expect(code).toHaveAccessibleDescription(/Ese código no vale/);
      // As apps show it.
      const now = totp(secret);
      await code.fill(`${now.slice(0, 3)} ${now.slice(3)}`);
      await page.keyboard.press('Enter');

      const codes = factor.getByRole('listitem');
      await expect(codes).toHaveCount(10);
      await expect(heading).toBeFocused();
      await expect(factor.getByRole('status')).toContainText('Guarda estos códigos de recuperación');
      expect(await accessibilityViolations(page)).toEqual([]);
      const recoveryCodes = await codes.allTextContents();
      expect(new Set(recoveryCodes).size).toBe(10);
      await factor.getByRole('button', { name: 'Copiar los códigos' }).click();
      await expect(factor.getByRole('button', { name: 'Códigos copiados' })).toBeVisible();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(recoveryCodes.join('\n'));
      await factor.getByRole('button', { name: 'Los he guardado' }).click();
      await expect(factor.getByRole('status')).toContainText('El segundo factor está activo');
      await expect(codes).toHaveCount(0);
      await page.reload();
      await expect(factor.getByRole('status')).toContainText('El segundo factor está activo');

      const otherPage = await openPage(server);
      await otherPage.goto('/login');
      await signInByForm(otherPage, account);
      const asked = otherPage.getByLabel(codeLabel);
      await expect(asked).toBeFocused();
      // The code of the step in which it was activated isn't accepted again.
      await asked.fill(totp(secret, 1));
      await otherPage.keyboard.press('Enter');
      await expect(otherPage).toHaveURL(`${server.url}/`);

      await loaded(page);
      await factor.locator('summary').click();
      await factor.getByLabel('Contraseña', { exact: true }).fill(account.password);
      await factor.getByLabel(codeLabel).fill('ABCD-EFGH');
      await factor.locator('form').getByRole('button', { name: 'Quitar el segundo factor' }).click();
      await expect(factor.getByLabel(codeLabel)).toHaveAccessibleDescription(/Ese código no vale/);
      await factor.getByLabel(codeLabel).fill(recoveryCodes[0] ?? '');
      await factor.locator('form').getByRole('button', { name: 'Quitar el segundo factor' }).click();
      await expect(factor.getByRole('button', { name: 'Configurar' })).toBeVisible();
      await expect(heading).toBeFocused();
      await signIn(server, account);
    });
  });

  test('the sign-in asks for a code and keeps what was typed', async ({ page, server, monitor }) => {
    monitor.allow(/\/api\/login/);
    const account = newAccount('portera');
    const [first = '', second = ''] = await registerWithFactor(server, account);
    await page.goto('/login');
    const code = page.getByLabel(codeLabel);
    await expect(code).toHaveCount(0);
    await signInByForm(page, { ...account, password: 'not this one' });
    await expect(alerts(page)).toContainText('El nombre o la contraseña no son correctos.');
    await expect(code).toHaveCount(0);

    await signInByForm(page, account);
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
    await expect(code).toHaveAccessibleDescription(/Falta el código/);
    await expect(alerts(page)).toHaveCount(0);
    await expect(page.getByLabel('Usuario o correo')).toHaveValue(account.username);
    await expect(page.getByLabel('Contraseña', { exact: true })).toHaveValue(account.password);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.type('123456789');
    await page.keyboard.press('Enter');
    await expect(code).toHaveAccessibleDescription(/Ese código no vale/);
    await expect(code).toBeFocused();
    await code.fill(first);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();

    // The deletion asks for one, too.
    await page.goto('/account');
    await loaded(page);
    const deletion = panel(page, 'Eliminar la cuenta');
    await deletion.getByText('Eliminar la cuenta…').click();
    await deletion.getByLabel(codeLabel).fill(second);
    await deletion.getByLabel('Contraseña', { exact: true }).fill(account.password);
    await deletion.getByRole('button', { name: 'Eliminar mi cuenta para siempre' }).click();
    await expect(page.getByRole('status').getByText('Tu cuenta se ha eliminado.')).toBeVisible();
  });
});

test.describe('the deletion', () => {
  test('ends with a notice, and the name is free again', async ({ page, openPage, server, monitor }) => {
    monitor.allow(/\/api\/me\/delete/);
    const account = newAccount('fugaz');
    await register(server, account);
    const otherPage = await openPage(server, await signIn(server, account));
    await openAccount(page, server, account);
    const deletion = panel(page, 'Eliminar la cuenta');
    const password = deletion.getByLabel('Contraseña', { exact: true });
    await expect(password).toBeHidden();
    await deletion.getByText('Eliminar la cuenta…').focus();
    await page.keyboard.press('Enter');
    await expect(deletion).toContainText('todo tu historial');
    await expect(deletion.getByLabel(codeLabel)).toHaveCount(0);
    await password.fill('not this one');
    const button = deletion.getByRole('button', { name: 'Eliminar mi cuenta para siempre' });
    await button.click();
    await expect(password).toHaveAccessibleDescription(/No es la contraseña de tu cuenta/);
    await password.fill(account.password);
    await button.click();

    await expect(page.getByRole('status').getByText('Tu cuenta se ha eliminado.')).toBeVisible();
    expect(new URL(page.url()).pathname).toBe('/');
    await hydrated(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    await expect(page.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
    await expectHasNoSession(otherPage);
    expect((await server.smtp.nextMail(account.email)).text).toContain('se ha borrado');
    await register(server, account);
  });

  test('of the only admin is refused', async ({ openPage, privateServer }) => {
    const adminPage = await openPage(privateServer, await signIn(privateServer, admin));
    await adminPage.goto('/account');
    await loaded(adminPage);
    const deletion = panel(adminPage, 'Eliminar la cuenta');
    await deletion.getByText('Eliminar la cuenta…').click();
    await deletion.getByLabel('Contraseña', { exact: true }).fill(admin.password);
    await deletion.getByRole('button', { name: 'Eliminar mi cuenta para siempre' }).click();
    await expect(alerts(adminPage)).toContainText('Es el único administrador que queda.');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('password and address are changed, a code is asked for, and the account is deleted', async ({
    page,
    server,
    monitor,
  }) => {
    // The browser blocks the scripts that it preloaded, and aborts what the page before it preloaded.
    monitor.allow(/\/pkg\//, /\/account/, /\/login/);
    const account = newAccount('sobria');
    const [first = '', second = ''] = await registerWithFactor(server, account);
    const changed = { ...account, password: newPassword };
    const main = page.getByRole('main');
    const enter = main.getByRole('button', { name: 'Entrar' });

    await page.goto('/login?next=/account');
    await fillInPlainForm(page, { 'Usuario o correo': account.username, Contraseña: account.password });
    await expect(page.getByLabel(codeLabel)).toHaveCount(0);
    await enter.click();
    const code = page.getByLabel(codeLabel);
    await expect(code).toHaveAccessibleDescription(/Falta el código/);
    await expect(page.getByLabel('Usuario o correo')).toHaveValue(account.username);
    await fillInPlainForm(page, { Contraseña: account.password, [codeLabel]: '000000000' });
    await enter.click();
    await expect(code).toHaveAccessibleDescription(/Ese código no vale/);
    await expect(code).toHaveValue('');
    await fillInPlainForm(page, { Contraseña: account.password, [codeLabel]: first });
    await enter.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');

    const password = panel(page, 'Cambiar la contraseña');
    const change = password.getByRole('button', { name: 'Cambiar la contraseña' });
    await password.getByLabel('Contraseña actual').fill('not this one');
    await password.getByLabel('Contraseña nueva').fill(changed.password);
    await change.click();
    await expect(password.getByLabel('Contraseña actual')).toHaveAccessibleDescription(/No es la contraseña/);
    await password.getByLabel('Contraseña actual').fill(account.password);
    await password.getByLabel('Contraseña nueva').fill(changed.password);
    await change.click();
    await expect(password.getByRole('status')).toContainText('Contraseña cambiada');

    const address = panel(page, 'Cambiar el correo');
    await address.getByLabel('Correo nuevo').fill(`new-${account.email}`);
    await address.getByLabel('Contraseña', { exact: true }).fill('not this one');
    await address.getByRole('button', { name: 'Enviar el enlace' }).click();
    await expect(address.getByLabel('Contraseña', { exact: true })).toHaveAccessibleDescription(/No es la contraseña/);
    await expect(address.getByLabel('Correo nuevo')).toHaveValue(`new-${account.email}`);
    await address.getByLabel('Contraseña', { exact: true }).fill(changed.password);
    await address.getByRole('button', { name: 'Enviar el enlace' }).click();
    await expect(address.getByRole('status')).toContainText('Hemos enviado un enlace');
    await server.smtp.nextMail(`new-${account.email}`);

    const deletion = panel(page, 'Eliminar la cuenta');
    const remove = deletion.getByRole('button', { name: 'Eliminar mi cuenta para siempre' });
    await deletion.getByText('Eliminar la cuenta…').click();
    await deletion.getByLabel('Contraseña', { exact: true }).fill(changed.password);
    await remove.click();
    // The page opens where the error is.
    await expect(deletion.getByLabel(codeLabel)).toHaveAccessibleDescription(/Falta el código/);
    await deletion.getByLabel('Contraseña', { exact: true }).fill(changed.password);
    await deletion.getByLabel(codeLabel).fill(second);
    await remove.click();
    await expect(page.getByRole('status').getByText('Tu cuenta se ha eliminado.')).toBeVisible();
    for (const news of ['pide ahora también un código', 'se ha cambiado', 'se ha borrado']) {
      expect((await server.smtp.nextMail(account.email)).text).toContain(news);
    }
    await register(server, account);
  });
});

for (const width of [1280, 390, 320]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } });

    test('axe finds no violation with all panels open and with errors, and nothing overflows', async ({
      page,
      server,
    }) => {
      const account = newAccount('vista');
      await register(server, account);
      await promote(server, account);
      await openAccount(page, server, account);
      await panel(page, 'Eliminar la cuenta').getByText('Eliminar la cuenta…').click();
      for (const name of [
        'Cambiar la contraseña',
        'Enviar el enlace',
        'Configurar',
        'Eliminar mi cuenta para siempre',
      ]) {
        await page.getByRole('button', { name, exact: true }).click();
      }
      await expect(page.locator('[aria-invalid="true"]')).toHaveCount(6);
      const fits = () => expectNoHorizontalOverflow(page);
      await inBothThemes(page, async (theme) => {
        expect(await accessibilityViolations(page), theme).toEqual([]);
        await fits();
      });

      const factor = panel(page, 'Segundo factor');
      await factor.getByLabel('Contraseña', { exact: true }).fill(account.password);
      await factor.getByRole('button', { name: 'Configurar' }).click();
      const secret = ((await factor.locator('code').textContent()) ?? '').replaceAll(' ', '');
      await inBothThemes(page, fits);
      await factor.getByLabel('Código de la aplicación').fill(totp(secret));
      await factor.getByRole('button', { name: 'Activar' }).click();
      await expect(factor.getByRole('listitem')).toHaveCount(10);
      await inBothThemes(page, fits);
    });
  });
}

test.describe('in English', () => {
  test.use({ locale: 'en-GB' });

  test('every panel has its texts', async ({ page, server }) => {
    const account = newAccount('english');
    await register(server, account);
    await promote(server, account);
    await openAccount(page, server, account);
    const names = [
      'Change the password',
      'Change the email address',
      'Sessions',
      'Second factor',
      'Delete the account',
    ];
    for (const name of names) await expect(panel(page, name)).toBeVisible();
    await expect(panel(page, 'Sessions')).toContainText('This session');
    await expect(panel(page, 'Change the email address')).toContainText(`Your address is ${account.email}.`);
  });
});

// The forms: errors, limits, keyboard use and untrusted input.

import { newAccount, register, registerUnconfirmed, signIn } from '../support/accounts';
import { expect, test } from '../support/fixtures';
import { fillIn, signInByForm } from '../support/forms';
import { linkIn } from '../support/mail';
import { alerts, failOnDialog, hydrated, loaded } from '../support/page';
import { admin } from '../support/server';

test.describe('a visitor', () => {
  test.use({ as: 'visitor' });

  test('sees each error beside its field, and the fields keep their values', async ({ page, monitor }) => {
    monitor.allow(/\/api\/register/);
    await page.goto('/register');
    await hydrated(page);
    const button = page.getByRole('button', { name: 'Crear cuenta' });
    const name = page.getByLabel('Nombre de usuario');
    const email = page.getByLabel('Correo electrónico');
    const password = page.getByLabel('Contraseña', { exact: true });
    await button.click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveAccessibleDescription(/Falta el nombre de usuario/);
    await expect(email).toHaveAccessibleDescription(/Falta el correo/);
    await expect(password).toHaveAccessibleDescription(/Falta la contraseña/);
    await expect(name).toBeFocused();

    await name.fill('a b');
    await email.fill('nobody');
    await password.fill('short');
    await button.click();
    await expect(name).toHaveAccessibleDescription(/3 a 32/);
    await expect(email).toHaveAccessibleDescription(/no está completa/);
    await expect(password).toHaveAccessibleDescription(/8 a 128/);
    // Seven letters, each typed as two characters.
    await password.fill('n\u0303'.repeat(7));
    await button.click();
    await expect(password).toHaveAccessibleDescription(/8 a 128/);

    // Errors that only the server can find appear beside the field too.
    await name.fill(admin.username.toUpperCase());
    await email.fill('somebody-else@example.com');
    await password.fill('password');
    await button.click();
    await expect(password).toHaveAccessibleDescription(/fácil de adivinar/);
    await password.fill('a phrase of my own');
    await button.click();
    await expect(name).toHaveAccessibleDescription(/ya está en uso/);
    await expect(email).toHaveValue('somebody-else@example.com');
    await expect(password).toHaveValue('a phrase of my own');
  });

  test('is told at once that no mail can be sent to an address', async ({ page, monitor }) => {
    monitor.allow(/\/api\/register/);
    await page.goto('/register');
    const account = newAccount('buzon');
    const email = page.getByLabel('Correo electrónico');
    await fillIn(page, {
      'Nombre de usuario': account.username,
      'Correo electrónico': 'ana@gmail',
      Contraseña: account.password,
    });
    await page.getByRole('button', { name: 'Crear cuenta' }).click();
    await expect(email).toHaveAccessibleDescription(/no está completa/);
    await expect(email).toBeFocused();

    await page.route('**/api/register', (route) =>
      route.fulfill({ status: 400, json: { code: 'email_undeliverable', msg: '' } }),
    );
    await email.fill('ñandú@example.com');
    await page.getByRole('button', { name: 'Crear cuenta' }).click();
    await expect(email).toHaveAccessibleDescription(/sin tildes ni eñes/);
  });

  test('signs in with the address of the account', async ({ page, server }) => {
    const account = newAccount('correo');
    await register(server, account);
    await page.goto('/login');
    await signInByForm(page, { ...account, username: account.email.toUpperCase() });
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();
  });

  test('is told when to try again after the rate limit', async ({ page, monitor }) => {
    monitor.allow(/\/api\/login/);
    await page.route('**/api/login', (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '180' }, json: { code: 'rate_limited', msg: '' } }),
    );
    await page.goto('/login');
    await signInByForm(page, { username: 'ada', password: 'any password' });
    await expect(alerts(page)).toContainText('3 minutos');
  });

  test('sees the same message for a wrong password and for an unknown name', async ({ page, monitor }) => {
    monitor.allow(/\/api\/login/);
    await page.goto('/login');
    for (const username of ['ada', 'nobody-at-all']) {
      const response = page.waitForResponse('**/api/login');
      await signInByForm(page, { username, password: 'not this one' });
      expect((await response).status()).toBe(401);
      await expect(alerts(page)).toContainText('El nombre o la contraseña no son correctos.');
      await expect(page.getByLabel('Usuario o correo')).toHaveValue(username);
    }
  });

  test('signs in with the keyboard alone, and shows the password', async ({ page, server }) => {
    const account = newAccount('teclas');
    await register(server, account);
    await page.goto('/login');
    await hydrated(page);
    await page.getByLabel('Usuario o correo').focus();
    await page.keyboard.type(account.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(account.password);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Mostrar la contraseña' })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(page.getByLabel('Contraseña', { exact: true })).toHaveAttribute('type', 'text');
    await page.getByLabel('Contraseña', { exact: true }).press('Enter');
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();
  });

  test('sees that a confirmation link is invalid, and requests another email', async ({ page, monitor, server }) => {
    monitor.allow(/\/api\/confirm/);
    const account = newAccount('tarde');
    await registerUnconfirmed(server, account);
    await server.smtp.nextMail(account.email);
    await page.goto('/confirm/this-was-never-one');
    await hydrated(page);
    await page.getByRole('button', { name: 'Confirmar mi correo' }).click();
    await expect(alerts(page)).toContainText('no vale');
    await fillIn(page, { 'Correo electrónico': account.email });
    await page.getByRole('button', { name: 'Enviar otro correo' }).click();
    expect((await server.smtp.nextMail(account.email)).subject).toBe('Por favor confirma tu email');
  });

  test('sees that a reset link was used when it is opened, and asks for another', async ({ page, monitor, server }) => {
    monitor.allow(/\/api\/password\/reset\/check/);
    const account = newAccount('usado');
    await register(server, account);
    await page.request.post('/api/password/forgot', { data: { email: account.email } });
    const link = linkIn(await server.smtp.nextMail(account.email));
    await page.goto(link);
    await loaded(page);
    const password = page.getByLabel('Contraseña nueva');
    await expect(password).toBeVisible();
    await password.fill('another phrase of my own');
    await page.getByRole('button', { name: 'Guardar la contraseña' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contraseña cambiada');

    await page.goto(link);
    await expect(alerts(page)).toContainText('Este enlace no vale');
    await expect(password).toBeHidden();
    await page.getByRole('link', { name: 'Pedir otro enlace' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contraseña olvidada');
  });
});

test('HTML in any text field is shown as text on every page', async ({ page, openPage, server, monitor }) => {
  monitor.allow(/\/api\/register/);
  const payload = '<img src=x onerror=alert(1)>';
  failOnDialog(page);
  // The quoted part of an email address may contain characters that a username may not.
  const email = `"<script>alert(1)</script>"@example.com`;
  const account = { ...newAccount('guion'), email };
  await registerUnconfirmed(server, account);
  for (const invalid of [
    { ...newAccount('x'), username: payload },
    { ...newAccount('x'), email: `${payload}@example.com` },
  ]) {
    expect((await page.request.post('/api/register', { data: invalid })).status()).toBe(400);
  }
  const userState = await signIn(server, account);
  const adminState = await signIn(server, admin);
  for (const [state, path] of [
    [userState, '/account'],
    [adminState, `/admin/users?search=${account.username}`],
    [adminState, `/admin/users?search=${encodeURIComponent(payload)}`],
    [adminState, `/login?next=${encodeURIComponent(`/${payload}`)}`],
  ] as const) {
    const shown = await openPage(server, state);
    failOnDialog(shown);
    await shown.goto(path);
    await loaded(shown);
    if (path.includes(account.username) || path === '/account') {
      await expect(shown.getByText(email).first()).toBeVisible();
    }
    expect(await shown.locator('img[src="x"]').count(), path).toBe(0);
  }
});

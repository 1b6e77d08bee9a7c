// The forms: where errors stand, what they say, what a keyboard and a screen reader find; in both themes, at both widths.

import { violations } from '../support/axe';
import { hydrated } from '../support/draw-page';
import { register, signIn, somebody } from '../support/people';
import { admin } from '../support/server';
import { expect, test } from '../support/test';

test.describe('a visitor', () => {
  test.use({ as: 'visitor' });

  test('sees each error beside its field, in words of its own, and loses nothing typed', async ({ page, guard }) => {
    guard.announce(/\/api\/register/);
    await page.goto('/register');
    const button = page.getByRole('button', { name: 'Crear cuenta' });
    const name = page.getByLabel('Nombre de usuario');
    const email = page.getByLabel('Correo electrónico');
    const password = page.getByLabel('Contraseña', { exact: true });
    await button.click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveAccessibleDescription(/Falta este dato/);
    await expect(name).toBeFocused();

    await name.fill('a b');
    await email.fill('nobody');
    await password.fill('short');
    await button.click();
    await expect(name).toHaveAccessibleDescription(/3 a 32/);
    await expect(email).toHaveAccessibleDescription(/no está completa/);
    await expect(password).toHaveAccessibleDescription(/8 a 128/);

    // What only the server knows comes to its field too.
    await name.fill(admin.username.toUpperCase());
    await email.fill('somebody-else@example.com');
    await password.fill('password');
    await button.click();
    await expect(password).toHaveAccessibleDescription(/más usadas/);
    await password.fill('a phrase of my own');
    await button.click();
    await expect(name).toHaveAccessibleDescription(/ya tiene dueño/);
    await expect(email).toHaveValue('somebody-else@example.com');
    await expect(password).toHaveValue('a phrase of my own');
  });

  test('is told when to try again, whatever the limit', async ({ page, guard }) => {
    guard.announce(/\/api\/login/);
    await page.route('**/api/login', (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '180' }, json: { code: 'rate_limited', msg: '' } }),
    );
    await page.goto('/login');
    await page.getByLabel('Nombre de usuario').fill('ada');
    await page.getByLabel('Contraseña', { exact: true }).fill('whatever it was');
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText('3 minutos');
  });

  test('gets the same words for a wrong password and an unknown name', async ({ page, guard }) => {
    guard.announce(/\/api\/login/);
    await page.goto('/login');
    const told = page.getByRole('alert').filter({ hasText: /\S/ });
    for (const name of ['ada', 'nobody-at-all']) {
      await page.getByLabel('Nombre de usuario').fill(name);
      await page.getByLabel('Contraseña', { exact: true }).fill('not this one');
      await page.getByRole('button', { name: 'Entrar', exact: true }).click();
      await expect(told).toContainText('El nombre o la contraseña no son correctos.');
      await expect(page.getByLabel('Nombre de usuario')).toHaveValue(name);
    }
  });

  test('signs in by keyboard alone, and looks at the password', async ({ page, server }) => {
    const person = somebody('teclas');
    await register(server, person);
    await page.goto('/login');
    await hydrated(page);
    await page.getByLabel('Nombre de usuario').focus();
    await page.keyboard.type(person.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Mostrar la contraseña' })).toBeFocused();
    await page.keyboard.press('Space');
    await expect(page.getByLabel('Contraseña', { exact: true })).toHaveAttribute('type', 'text');
    await page.getByLabel('Contraseña', { exact: true }).press('Enter');
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(person.username)).toBeVisible();
  });

  test('a link that doesn’t hold says so and offers another mail', async ({ page, guard, server }) => {
    guard.announce(/\/api\/confirm/);
    const person = somebody('tarde');
    const { request } = page;
    expect((await request.post('/api/register', { data: person })).status()).toBe(201);
    await server.sink.mail(person.email);
    await page.goto('/confirm/this-was-never-one');
    await page.getByRole('button', { name: 'Confirmar mi correo' }).click();
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText('no vale');
    await page.getByLabel('Correo electrónico').fill(person.email);
    await page.getByRole('button', { name: 'Enviar otro correo' }).click();
    expect((await server.sink.mail(person.email)).subject).toBe('Por favor confirma tu email');
  });
});

test('a payload in any field that takes text shows as text in every page', async ({ page, browser, server, guard }) => {
  guard.announce(/\/api\/register/);
  const payload = '<img src=x onerror=alert(1)>';
  page.on('dialog', (dialog) => {
    throw new Error(`a script ran: ${dialog.message()}`);
  });
  // The address may hold what a name may not: its quoted part takes anything.
  const person = { ...somebody('guion'), email: `"<script>alert(1)</script>"@example.com` };
  expect((await page.request.post('/api/register', { data: person })).status()).toBe(201);
  for (const bad of [
    { ...somebody('x'), username: payload },
    { ...somebody('x'), email: `${payload}@example.com` },
  ]) {
    expect((await page.request.post('/api/register', { data: bad })).status()).toBe(400);
  }
  const theirs = await browser.newContext({ baseURL: server.url, storageState: await signIn(server, person) });
  const admins = await browser.newContext({ baseURL: server.url, storageState: await signIn(server, admin) });
  for (const [context, path] of [
    [theirs, '/account'],
    [admins, `/admin/users?search=${person.username}`],
    [admins, `/admin/users?search=${encodeURIComponent(payload)}`],
    [admins, `/login?next=${encodeURIComponent(`/${payload}`)}`],
  ] as const) {
    const shown = await context.newPage();
    shown.on('dialog', (dialog) => {
      throw new Error(`a script ran: ${dialog.message()}`);
    });
    await shown.goto(path);
    await hydrated(shown);
    if (path.includes(person.username) || path === '/account') {
      await expect(shown.getByText('"<script>alert(1)</script>"@example.com').first()).toBeVisible();
    }
    expect(await shown.locator('img[src="x"]').count(), path).toBe(0);
    await shown.close();
  }
  await theirs.close();
  await admins.close();
});

const pages: ['visitor' | 'user' | 'admin', string][] = [
  ['visitor', '/register'],
  ['visitor', '/login'],
  ['visitor', '/confirm/some-token'],
  ['visitor', '/forgot'],
  ['visitor', '/reset/some-token'],
  ['user', '/account'],
  ['admin', '/admin/users'],
  ['admin', '/admin/status'],
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [as, path] of pages) {
    test.describe(`${path}, ${colorScheme}`, () => {
      test.use({ as, colorScheme });

      test('axe finds nothing wrong, and nothing is wider than the window', async ({ page }) => {
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 844 });
          await page.goto(path);
          await hydrated(page);
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
          await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
          expect(await violations(page), `${width} px`).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        }
      });
    });
  }
}

// Every form without JavaScript, without WASM, and before the WASM is loaded: the browser sends it itself.

import { newAccount, register } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { fillInPlainForm } from '../support/forms';
import { linkIn } from '../support/mail';
import { holdRequests } from '../support/network';
import { alerts } from '../support/page';

/** A handwritten seven, 28 x 28. */
const seven = {
  name: 'siete.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBIAAAAp0lEQVR42mNgoD9ghDEkbDhkpN/++fOH58aGH2iKeN7/h4PjMEEWKP3ng8CPF194GBgYZFgkMMzn4IHSv/+X4HREzf/fCrjkBN7/n41TY8r//xI4JW//341TzuP/fwucktP/38cpx/H+fwtOyZj/v3WQuEwokiYMV67glPRmuILTVJX//wNwSob8/y/CgMtYB4Y7b3DqfP5/Mk45kd94gofBJ4ZhwAEATw090RDRXAAAAAAASUVORK5CYII=',
    'base64',
  ),
};
const fileLabel = 'Imagen con un dígito: PNG, JPG o GIF';

test.describe('without JavaScript', () => {
  test.use({ as: 'visitor', javaScriptEnabled: false });

  test('an account is created, confirmed, used, and given another password', async ({ page, server, monitor }) => {
    // The browser blocks the scripts that it preloaded, and aborts what the page before it preloaded.
    monitor.allow(/\/pkg\//, /\/login/);
    const account = newAccount('austera');
    const main = page.getByRole('main');
    const heading = page.getByRole('heading', { level: 1 });
    const done = main.getByRole('status');

    await page.goto('/');
    await main.getByRole('link', { name: 'Crear cuenta' }).click();
    await expect(heading).toHaveText('Crear una cuenta');
    await fillInPlainForm(page, {
      'Nombre de usuario': account.username,
      'Correo electrónico': account.email,
      Contraseña: account.password,
    });
    await main.getByRole('button', { name: 'Crear cuenta' }).click();
    await expect(done).toContainText('Cuenta creada.');

    await page.goto(linkIn(await server.smtp.nextMail(account.email)));
    await main.getByRole('button', { name: 'Confirmar mi correo' }).click();
    await expect(done).toContainText('tu cuenta está completa');

    await fillInPlainForm(page, { 'Usuario o correo': account.username, Contraseña: 'not this one' });
    await main.getByRole('button', { name: 'Entrar' }).click();
    await expect(alerts(page)).toContainText('El nombre o la contraseña no son correctos.');
    await expect(page.getByLabel('Usuario o correo')).toHaveValue(account.username);
    await expect(page.getByLabel('Contraseña', { exact: true })).toHaveValue('');
    await fillInPlainForm(page, { Contraseña: account.password });
    await main.getByRole('button', { name: 'Entrar' }).click();
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();

    await page.getByLabel(fileLabel).setInputFiles(seven);
    await main.getByRole('button', { name: 'Leer la imagen' }).click();
    await expect(heading).toHaveText('El servidor lee');
    await expect(page.getByTestId('reading')).toHaveText('7');
    await expect(done).toContainText('%');
    await expect(main).toContainText('Sin límite');

    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(main.getByRole('button', { name: 'Read the picture' })).toBeVisible();
    await page.getByRole('button', { name: 'Español' }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');

    await page.getByRole('navigation').getByText(account.username).click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
    await page.getByRole('link', { name: 'He olvidado la contraseña' }).click();
    await fillInPlainForm(page, { 'Correo electrónico': account.email });
    await main.getByRole('button', { name: 'Enviar el enlace' }).click();
    await expect(done).toContainText('el correo va de camino');

    await page.goto(linkIn(await server.smtp.nextMail(account.email)));
    await fillInPlainForm(page, { 'Contraseña nueva': 'something else entirely' });
    await main.getByRole('button', { name: 'Guardar la contraseña' }).click();
    await expect(done).toContainText('Todas tus sesiones se han cerrado');
    await fillInPlainForm(page, {
      'Usuario o correo': account.username,
      Contraseña: 'something else entirely',
    });
    await main.getByRole('button', { name: 'Entrar' }).click();
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();
  });
});

test('where the WASM can’t be loaded, a picture can be uploaded', async ({ page, draw, monitor }) => {
  const button = page.getByRole('button', { name: 'Leer la imagen' });
  await draw.open();
  await expect(button).toBeHidden();

  monitor.allow(/wasm|fetch|net::/i);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.reload();
  await expect(alerts(page)).toContainText('no se ha cargado del todo');
  await page.getByLabel(fileLabel).setInputFiles(seven);
  await button.click();
  await expect(page.getByTestId('reading')).toHaveText('7');
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByRole('main').getByRole('link', { name: 'Ir a dibujar' }).click();
  await expect(draw.canvas).toBeVisible();
});

test.describe('a visitor', () => {
  test.use({ as: 'visitor' });

  test('signs in before the WASM is loaded', async ({ page, draw, server, monitor }) => {
    // The next page aborts the requests of this one.
    monitor.allow(/\/pkg\/.* net::ERR_ABORTED/);
    const account = newAccount('deprisa');
    await register(server, account);
    const wasm = await holdRequests(page, '**/*.wasm');
    await page.goto('/login', { waitUntil: 'commit' });
    await fillInPlainForm(page, { 'Usuario o correo': account.username, Contraseña: account.password });
    await page.getByRole('main').getByRole('button', { name: 'Entrar' }).click();
    await expect(page).toHaveURL(`${server.url}/`);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();
    wasm.release();
    await draw.ready();
  });
});

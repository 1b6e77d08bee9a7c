// The whole life of an account, as its owner and as an admin live it; and of its sessions.

import type { Browser, Page } from '@playwright/test';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { link } from '../support/mail';
import { type Person, register, signIn, somebody } from '../support/people';
import { expect, test } from '../support/test';

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

async function signInByForm(page: Page, { username, password }: Person): Promise<void> {
  await fillIn(page, { 'Nombre de usuario': username, Contraseña: password });
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

/** A page of somebody's own, in a browser that knows nobody else. */
async function pageOf(browser: Browser, url: string, storageState?: Awaited<ReturnType<typeof signIn>>) {
  const context = await browser.newContext({ baseURL: url, storageState, locale: 'es-ES' });
  return context.newPage();
}

test.describe('somebody new', () => {
  test.use({ as: 'visitor' });

  test('signs up, confirms by mail, signs in, asks, corrects, and signs out', async ({ page, draw, server }) => {
    const person = somebody('nadia');

    // A visitor draws and is read; the server answers only those with an account.
    await draw.open();
    await draw.draw(drawing('7-bar'));
    await draw.reads(7);
    await draw.ask.click();
    await expect(draw.alert).toContainText('cuenta');
    await page.getByRole('main').getByRole('link', { name: 'Crear cuenta' }).click();

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Crear una cuenta');
    await fillIn(page, {
      'Nombre de usuario': person.username,
      'Correo electrónico': person.email,
      Contraseña: person.password,
    });
    await page.getByRole('button', { name: 'Crear cuenta' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cuenta creada');
    await expect(page.getByRole('main')).toContainText(person.email);

    const mail = await server.sink.mail(person.email);
    expect(mail.subject).toBe('Por favor confirma tu email');
    await page.goto(link(mail));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirmar el correo');
    await page.getByRole('button', { name: 'Confirmar mi correo' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Correo confirmado');
    await page.getByRole('link', { name: 'Entrar' }).last().click();
    await signInByForm(page, person);

    // The drawing has waited.
    await draw.ready();
    await expect(page).toHaveURL(`${server.url}/`);
    await draw.reads(7);
    await draw.ask.click();
    await draw.serverReads(7);

    await page.getByText(person.username).click();
    await page.getByRole('link', { name: 'Mi cuenta' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
    const past = page.getByRole('listitem').filter({ hasText: 'Leyó un 7' });
    await expect(past).toHaveCount(1);
    const picture = past.getByRole('img');
    expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(28);
    await past.getByRole('button', { name: 'Corregir' }).click();
    await past.getByRole('group').getByRole('button', { name: '1', exact: true }).click();
    await expect(past).toContainText('Era un 1');
    await page.reload();
    await expect(past).toContainText('Era un 1');

    await page.getByText(person.username).first().click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await draw.ready();
    await expect(page.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
    await page.goto('/account');
    await expect(page).toHaveURL(/\/login\?next=/);
    await signInByForm(page, person);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
    await expect(page.getByRole('listitem').filter({ hasText: 'Leyó un 7' })).toHaveCount(1);
  });

  test('who forgot the password gets a new one by mail, and every session ends', async ({ page, browser, server }) => {
    const person = somebody('olvido');
    await register(server, person);
    const elsewhere = await pageOf(browser, server.url, await signIn(server, person));
    await elsewhere.goto('/account');
    await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');

    await page.goto('/login');
    await page.getByRole('link', { name: 'He olvidado la contraseña' }).click();
    await fillIn(page, { 'Correo electrónico': person.email });
    await page.getByRole('button', { name: 'Enviar', exact: false }).click();
    await page.goto(link(await server.sink.mail(person.email)));
    const changed = { ...person, password: 'something else entirely' };
    await fillIn(page, { 'Contraseña nueva': changed.password });
    await page.getByRole('main').getByRole('button').last().click();
    await page.getByRole('main').getByRole('link', { name: 'Entrar' }).click();
    await signInByForm(page, changed);
    await expect(page.getByRole('navigation').getByText(person.username)).toBeVisible();

    await elsewhere.reload();
    await expect(elsewhere).toHaveURL(/\/login/);
    await elsewhere.context().close();
  });
});

test('“sign out everywhere” ends the session of a second browser', async ({ browser, server }) => {
  const person = somebody('marta');
  await register(server, person);
  const [here, there] = [
    await pageOf(browser, server.url, await signIn(server, person)),
    await pageOf(browser, server.url, await signIn(server, person)),
  ];
  const draw = new DrawPage(there);
  await draw.open();
  await draw.draw(drawing('4-closed'));
  await draw.ask.click();
  await draw.serverReads(4);

  await here.goto('/account');
  await expect(here.getByText('2 abiertas')).toBeVisible();
  await here.getByRole('button', { name: 'Cerrar todas las sesiones' }).click();
  await expect(here).toHaveURL(/\/login/);

  await draw.ask.click();
  await expect(draw.alert).toContainText('cuenta');
  await expect(there.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
  await there.goto('/account');
  await expect(there).toHaveURL(/\/login/);
  await Promise.all([here.context().close(), there.context().close()]);
});

test.describe('an admin', () => {
  test.use({ as: 'admin' });

  test('finds, disables and enables a user, whose next request is refused', async ({ page, browser, server }) => {
    const person = somebody('berta');
    await register(server, person);
    const theirs = await pageOf(browser, server.url, await signIn(server, person));
    const draw = new DrawPage(theirs);
    await draw.open();
    await draw.draw(drawing('2-plain'));
    await draw.ask.click();
    await draw.serverReads(2);

    await page.goto('/admin/users');
    const row = page.getByRole('rowgroup').filter({ hasText: person.email });
    await page.getByLabel('Buscar').pressSequentially(person.username.toUpperCase());
    await expect(row).toHaveCount(1);
    await expect(page.getByRole('status').first()).toHaveText('1 cuenta');
    expect(new URL(page.url()).searchParams.get('search')).toBe(person.username.toUpperCase());
    await page.getByLabel(`Acciones para ${person.username}`).click();
    await row.getByRole('button', { name: 'Desactivar', exact: true }).click();
    await row.getByRole('group').getByRole('button', { name: 'Desactivar', exact: true }).click();
    await expect(row).toContainText('Desactivada');
    await expect(row).toContainText('1 cambio');

    await draw.ask.click();
    await expect(draw.alert).toContainText('cuenta');
    await theirs.goto('/login');
    await signInByForm(theirs, person);
    await expect(theirs.getByRole('alert').filter({ hasText: /\S/ })).toContainText('desactivada');

    await page.getByLabel(`Acciones para ${person.username}`).click();
    await row.getByRole('button', { name: 'Activar', exact: true }).click();
    await expect(row).toContainText('2 cambios');
    await theirs.getByRole('button', { name: 'Entrar', exact: true }).click();
    await draw.ready();
    await expect(theirs.getByRole('navigation').getByText(person.username)).toBeVisible();
    await theirs.context().close();
  });
});

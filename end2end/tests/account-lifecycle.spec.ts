// The lifecycle of an account and of its sessions, from registration to disabling by an admin.

import { newAccount, register, signIn } from '../support/accounts';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { fillIn, signInByForm } from '../support/forms';
import { linkIn } from '../support/mail';
import { alerts, hydrated, loaded } from '../support/page';

test.describe('a new visitor', () => {
  test.use({ as: 'visitor' });

  test('registers, confirms by email, signs in, gets a prediction, corrects it and signs out', async ({
    page,
    draw,
    server,
  }) => {
    const account = newAccount('nadia');

    // The page predicts for visitors too; the server requires an account.
    await draw.open();
    await draw.draw(drawing('7-bar'));
    await draw.expectPrediction(7);
    await draw.askServer.click();
    await expect(draw.alert).toContainText('cuenta');
    await page.getByRole('main').getByRole('link', { name: 'Crear cuenta' }).click();

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Crear una cuenta');
    await fillIn(page, {
      'Nombre de usuario': account.username,
      'Correo electrónico': account.email,
      Contraseña: account.password,
    });
    await page.getByRole('button', { name: 'Crear cuenta' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cuenta creada');
    await expect(page.getByRole('main')).toContainText(account.email);

    const mail = await server.smtp.nextMail(account.email);
    expect(mail.subject).toBe('Por favor confirma tu email');
    await page.goto(linkIn(mail));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirmar el correo');
    await hydrated(page);
    await page.getByRole('button', { name: 'Confirmar mi correo' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Correo confirmado');
    await page.getByRole('link', { name: 'Entrar' }).last().click();
    await signInByForm(page, account);

    // The drawing was kept while the visitor was on other pages.
    await expect(page).toHaveURL(`${server.url}/`);
    await draw.ready();
    await draw.expectPrediction(7);
    await draw.askServer.click();
    await draw.expectServerPrediction(7);

    await page.getByText(account.username).click();
    await page.getByRole('link', { name: 'Mi cuenta' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
    const entry = page.getByRole('listitem').filter({ hasText: 'Leyó un 7' });
    await expect(entry).toHaveCount(1);
    const image = entry.getByRole('img');
    expect(await image.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(28);
    await entry.getByRole('button', { name: 'No, era un…' }).click();
    await entry.getByRole('group').getByRole('button', { name: '1', exact: true }).click();
    await expect(entry).toContainText('Era un 1');
    await page.reload();
    await expect(entry).toContainText('Era un 1');
    // The account's details are loaded too: when they arrive, the header is rendered again and an open menu closes.
    await expect(page.getByText('Solo esta', { exact: true })).toBeVisible();

    await page.getByText(account.username).first().click();
    await page.getByRole('button', { name: 'Cerrar sesión' }).click();
    await expect(page.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
    await draw.ready();
    await page.goto('/account');
    await expect(page).toHaveURL(/\/login\?next=/);
    await signInByForm(page, account);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
    await expect(page.getByRole('listitem').filter({ hasText: 'Leyó un 7' })).toHaveCount(1);
  });

  test('resets a forgotten password by email, which ends every session', async ({ page, openPage, server }) => {
    const account = newAccount('olvido');
    await register(server, account);
    const otherPage = await openPage(server, await signIn(server, account));
    await otherPage.goto('/account');
    await expect(otherPage.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');

    await page.goto('/login');
    await hydrated(page);
    await page.getByRole('link', { name: 'He olvidado la contraseña' }).click();
    await fillIn(page, { 'Correo electrónico': account.email });
    await page.getByRole('button', { name: 'Enviar', exact: false }).click();
    await expect(page.getByRole('main').getByRole('status')).toContainText('el correo va de camino');
    await page.goto(linkIn(await server.smtp.nextMail(account.email)));
    const changed = { ...account, password: 'something else entirely' };
    await fillIn(page, { 'Contraseña nueva': changed.password });
    await page.getByRole('main').getByRole('button').last().click();
    await page.getByRole('main').getByRole('link', { name: 'Entrar' }).click();
    await signInByForm(page, changed);
    await expect(page.getByRole('navigation').getByText(account.username)).toBeVisible();

    await otherPage.reload();
    await expect(otherPage).toHaveURL(/\/login/);
  });
});

test('“sign out everywhere” ends the session of a second browser', async ({ openPage, server }) => {
  const account = newAccount('marta');
  await register(server, account);
  const accountPage = await openPage(server, await signIn(server, account));
  const drawingPage = await openPage(server, await signIn(server, account));
  const draw = new DrawPage(drawingPage);
  await draw.open();
  await draw.draw(drawing('4-closed'));
  await draw.askServer.click();
  await draw.expectServerPrediction(4);

  await accountPage.goto('/account');
  await expect(accountPage.getByText('2 abiertas')).toBeVisible();
  await accountPage.getByRole('button', { name: 'Cerrar todas las sesiones' }).click();
  await expect(accountPage).toHaveURL(/\/login/);

  await draw.askServer.click();
  await expect(draw.alert).toContainText('Tu sesión se ha cerrado.');
  await expect(drawingPage.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
  await drawingPage.goto('/account');
  await expect(drawingPage).toHaveURL(/\/login/);
});

test('“sign out everywhere” in one tab: the other says so, keeps the drawing and leads back to it', async ({
  openPage,
  server,
}) => {
  const account = newAccount('lia');
  await register(server, account);
  const page = await openPage(server, await signIn(server, account));
  const draw = new DrawPage(page);
  await draw.open();
  await draw.draw(drawing('4-closed'));
  await draw.expectPrediction(4);
  const ink = await draw.ink();

  const otherTab = await page.context().newPage();
  await otherTab.goto('/account');
  await otherTab.getByRole('button', { name: 'Cerrar todas las sesiones' }).click();
  await expect(otherTab).toHaveURL(/\/login/);
  await page.bringToFront();

  // Also when the page already knows.
  for (let asked = 0; asked < 2; asked += 1) {
    await draw.askServer.click();
    await expect(draw.alert).toContainText('Tu sesión se ha cerrado. Entra otra vez');
    await expect(draw.alert).not.toContainText('cuenta');
    await expect(page.getByRole('main').getByRole('link', { name: 'Crear cuenta' })).toHaveCount(0);
  }
  await draw.expectInk(ink);

  await page.getByRole('main').getByRole('link', { name: 'Entrar' }).click();
  await signInByForm(page, account);
  await expect(page).toHaveURL(`${server.url}/`);
  await draw.ready();
  await draw.expectPrediction(4);
  await draw.askServer.click();
  await draw.expectServerPrediction(4);
});

test('a link from an email or a chat opens the page and not the sign-in', async ({ page, server }) => {
  // A page without an origin is another site, as a web mail is.
  await page.goto(`data:text/html,<a href="${server.url}/account">Trazo</a>`);
  await page.getByRole('link', { name: 'Trazo' }).click();
  await expect(page).toHaveURL(`${server.url}/account`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mi cuenta');
  await loaded(page);
});

test.describe('an admin', () => {
  test.use({ as: 'admin' });

  test('finds, disables and enables a user, whose next request is refused', async ({ page, openPage, server }) => {
    const account = newAccount('berta');
    await register(server, account);
    const userPage = await openPage(server, await signIn(server, account));
    const draw = new DrawPage(userPage);
    await draw.open();
    await draw.draw(drawing('2-plain'));
    await draw.askServer.click();
    await draw.expectServerPrediction(2);

    await page.goto('/admin/users');
    const search = account.username.toUpperCase();
    const searched = page.waitForResponse(
      (response) =>
        response.url().includes('/api/admin/users?') && new URL(response.url()).searchParams.get('search') === search,
    );
    await page.getByLabel('Buscar').pressSequentially(search);
    await (await searched).finished();
    // A later response would replace the rows, and close their menus.
    await loaded(page);
    const row = page.getByRole('rowgroup').filter({ hasText: account.email });
    await expect(row).toHaveCount(1);
    await expect(page.getByRole('status').first()).toHaveText('1 cuenta');
    await expect(page).toHaveURL((url) => url.searchParams.get('search') === search);
    await page.getByLabel(`Acciones para ${account.username}`).click();
    await row.getByRole('button', { name: 'Desactivar', exact: true }).click();
    await row.getByRole('group').getByRole('button', { name: 'Desactivar', exact: true }).click();
    await expect(row).toContainText('Desactivada');
    await expect(row).toContainText('1 cambio');

    await draw.askServer.click();
    await expect(draw.alert).toContainText('Tu sesión se ha cerrado.');
    await userPage.goto('/login');
    await signInByForm(userPage, account);
    await expect(alerts(userPage)).toContainText('desactivada');

    await page.getByLabel(`Acciones para ${account.username}`).click();
    await row.getByRole('button', { name: 'Activar', exact: true }).click();
    await expect(row).toContainText('2 cambios');
    await userPage.getByRole('button', { name: 'Entrar', exact: true }).click();
    await expect(userPage.getByRole('navigation').getByText(account.username)).toBeVisible();
  });
});

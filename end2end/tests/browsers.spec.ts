// The page in browsers as they are: translators and extensions that change it, tabs that are older than a deploy, the
// back-forward cache, browsers without WASM or JavaScript, and the focus after a navigation.

import type { Page } from '@playwright/test';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { type HeldRequests, holdRequests, recordRequests } from '../support/network';
import { alerts, frameRendered, hydrated } from '../support/page';
import { admin } from '../support/server';

test.use({ as: 'visitor' });

/** A WASM file that no browser accepts: it has a section of an unknown kind. */
const INVALID_WASM = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x7f, 0]);

/** Opens a page whose WASM waits until `release` is called: what is changed before that is changed before it is hydrated. */
async function openHeld(page: Page, path: string): Promise<HeldRequests> {
  const wasm = await holdRequests(page, '**/*.wasm');
  await page.goto(path, { waitUntil: 'commit' });
  await expect(page.getByRole('contentinfo')).toBeVisible();
  return wasm;
}

/**
 * Puts texts into two `font` elements each and changes the document's language, as Chrome's translator does. Texts in
 * elements that match `except` stay.
 */
function translate(except: string): void {
  document.documentElement.lang = 'fr';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    if (!text.data.trim() || text.parentElement?.closest(except)) continue;
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.textContent = `${text.data} (fr)`;
    outer.append(inner);
    text.replaceWith(outer);
  }
}

async function expectReading(page: Page, digit: number): Promise<void> {
  const draw = new DrawPage(page);
  await draw.ready();
  await draw.draw(drawing(digit === 7 ? '7-bar' : '3-round'));
  await draw.expectPrediction(digit);
  await expect(draw.prediction).toContainText(`${digit}`);
}

/** Whether the document is the one that `markDocument` was called in. */
const isSameDocument = (page: Page) => page.evaluate(() => 'isMarked' in window);
const markDocument = (page: Page) => page.evaluate(() => void Object.assign(window, { isMarked: true }));

/** The files of pages that are loaded on demand. */
const isLazyFile = ({ pathname }: URL) => /\/(split|chunk)_[^/]*\.wasm$/.test(pathname);

/** What the browser and the page report when such a file is missing. Another one may still be loading then. */
const MISSING_FILE = /status 404|\(Not Found\)|HTTP status|panicked|unreachable|preload|ERR_ABORTED/;

test('a page that was translated before it is hydrated works', async ({ page }) => {
  const wasm = await openHeld(page, '/');
  // A translator that ignores what it must not translate.
  await page.evaluate(translate, 'script, noscript');
  wasm.release();
  await expectReading(page, 7);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('button', { name: 'Ask the server' })).toBeVisible();
});

test('a page that is translated after it is hydrated goes on reading, and its links lead to whole pages', async ({
  page,
}) => {
  await page.goto('/');
  await hydrated(page);
  await page.evaluate(translate, 'script, noscript, [translate="no"]');
  await expect(page.getByRole('contentinfo')).toContainText('(fr)');
  await expect(page.locator('[translate="no"] font')).toHaveCount(0);
  for (const part of await page.locator('[translate="no"]').all()) await expect(part).toHaveAttribute('lang', 'es');
  await expectReading(page, 7);
  await page.getByRole('button', { name: 'Borrar', exact: true }).click();
  await expectReading(page, 3);

  await markDocument(page);
  await page.getByRole('contentinfo').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('El modelo');
  await hydrated(page);
  expect(await isSameDocument(page)).toBe(false);
});

test('forms, numbers and names are not translated', async ({ page, openPage, server, sessions }) => {
  for (const path of ['/login', '/register', '/forgot', '/confirm/some-token']) {
    await page.goto(path);
    await hydrated(page);
    await expect(page.locator('main form').locator('xpath=ancestor::*[@translate="no"]')).toHaveCount(1);
  }
  const adminPage = await openPage(server, sessions.admin);
  for (const path of ['/account', '/admin/users', '/admin/status']) {
    await adminPage.goto(path);
    await expect(adminPage.locator('main [translate="no"] h1')).toHaveCount(1);
    await expect(adminPage.locator('header[translate="no"]').getByText(admin.username)).toBeVisible();
  }
});

test('an element that an extension puts first into the body does not keep the page from working', async ({ page }) => {
  const wasm = await openHeld(page, '/');
  await page.evaluate(() => {
    const element = document.createElement('div');
    element.textContent = 'of an extension';
    document.body.prepend(element);
  });
  wasm.release();
  await expectReading(page, 7);
});

test.describe('a user', () => {
  test.use({ as: 'user' });

  test('whose name a phone takes for a telephone number can use the page', async ({ page }) => {
    const wasm = await openHeld(page, '/');
    await page.evaluate(() => {
      const name = document.querySelector('.user-name');
      const link = document.createElement('a');
      link.href = 'tel:5550123';
      link.textContent = name?.textContent ?? '';
      name?.replaceChildren(link);
    });
    wasm.release();
    await expectReading(page, 7);
    await expect(page.locator('meta[name="format-detection"]')).toHaveAttribute('content', /telephone=no/);
  });
});

test('a page that cannot be hydrated says so, and its links work', async ({ page, monitor }) => {
  monitor.allow(/panicked|unreachable/);
  const wasm = await openHeld(page, '/');
  await page.evaluate(() => document.querySelector('.skip')?.prepend(document.createElement('b')));
  wasm.release();
  await expect(alerts(page)).toContainText('no se ha cargado del todo');
  await markDocument(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entrar');
  await hydrated(page);
  expect(await isSameDocument(page)).toBe(false);
  await expect(alerts(page)).toHaveCount(0);
});

test('a link to a page whose code is gone since a deploy loads that page as a whole', async ({ page, monitor }) => {
  monitor.allow(MISSING_FILE);
  await page.goto('/');
  await hydrated(page);
  await markDocument(page);
  await page.route(isLazyFile, (route) => route.fulfill({ status: 404 }), { times: 1 });
  await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entrar');
  await hydrated(page);
  expect(await isSameDocument(page)).toBe(false);
  await expect(alerts(page)).toHaveCount(0);
});

test('a page whose code stays missing is loaded once, and says so without blaming the reader', async ({
  page,
  monitor,
}) => {
  monitor.allow(MISSING_FILE);
  await page.goto('/');
  await hydrated(page);
  await page.route(isLazyFile, (route) => route.fulfill({ status: 404 }));
  const requests = recordRequests(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
  await expect(alerts(page)).toContainText('no se ha cargado del todo');
  await expect(alerts(page)).not.toContainText('lector');
  expect(requests.filter(({ pathname }) => pathname === '/login')).toHaveLength(1);
});

test('a page that Back restores shows that its visitor has signed in meanwhile', async ({ page, monitor }) => {
  // The page is loaded again before the whole answer has arrived.
  monitor.allow(/api\/me net::ERR_ABORTED/);
  await page.goto('/');
  await hydrated(page);
  const { username, password } = admin;
  expect((await page.request.post('/api/login', { data: { username, password } })).status()).toBe(200);
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Entrar' })).toBeVisible();
  // Playwright turns the back-forward cache off; this is the event that it sends.
  await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page.getByRole('navigation').getByText(username)).toBeVisible();
  await hydrated(page);
});

test('a page that Back restores for a visitor who is still signed out stays as it is', async ({ page, monitor }) => {
  monitor.allow(/\/api\/me/);
  await page.goto('/');
  await hydrated(page);
  await markDocument(page);
  const answer = page.waitForResponse('**/api/me');
  await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  expect((await answer).status()).toBe(401);
  await frameRendered(page);
  expect(await isSameDocument(page)).toBe(true);
});

for (const [name, prepare] of [
  ['without WASM', (page: Page) => page.addInitScript(() => void Reflect.deleteProperty(globalThis, 'WebAssembly'))],
  [
    'that does not know the instructions of the WASM',
    (page: Page) =>
      page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: INVALID_WASM })),
  ],
] as const) {
  test(`in a browser ${name} the notice speaks of the browser, and links work`, async ({ page, monitor }) => {
    // A WASM that is not used may still be loading when the page is left.
    monitor.allow(/WebAssembly|preload|ERR_ABORTED/);
    await prepare(page);
    await page.goto('/');
    await expect(alerts(page)).toContainText('Tu navegador', { useInnerText: true });
    await expect(alerts(page)).not.toContainText('lector');
    await expect(alerts(page)).not.toContainText('conexión', { useInnerText: true });
    await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entrar');
    await expect(alerts(page)).toContainText('Tu navegador');
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('there is a notice where one draws, and none where everything works', async ({ page, monitor }) => {
    // The browser blocks the scripts that it preloaded, and may still be loading the WASM when a page is left.
    monitor.allow(/\.js csp$/, /ERR_ABORTED/, /nothing-here/);
    const notice = page.locator('.no-script');
    for (const path of ['/', '/?from=mail']) {
      await page.goto(path);
      await expect(notice).toContainText('Para dibujar aquí hace falta JavaScript.');
    }
    for (const path of ['/login', '/register', '/model', '/nothing-here']) {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await expect(notice).toHaveCount(0);
    }
  });
});

test('after a navigation within the page its one heading is right and has the focus', async ({ page }) => {
  await page.goto('/login');
  await hydrated(page);
  await markDocument(page);
  const heading = page.getByRole('heading', { level: 1 });
  const main = page.getByRole('main');
  const follow = async (link: () => Promise<unknown>, text: string) => {
    await link();
    await expect(heading).toHaveCount(1);
    await expect(heading).toHaveText(text);
    await expect(heading).toBeFocused();
  };
  await follow(() => main.getByRole('link', { name: '¿No tienes cuenta?' }).click(), 'Crear una cuenta');
  await follow(() => main.getByRole('link', { name: '¿Ya tienes cuenta?' }).click(), 'Entrar');
  await follow(() => main.getByRole('link', { name: 'He olvidado la contraseña' }).click(), 'Contraseña olvidada');
  await follow(() => main.getByRole('link', { name: 'Volver al inicio de sesión' }).click(), 'Entrar');
  await follow(() => page.goBack(), 'Contraseña olvidada');
  await follow(() => page.getByRole('contentinfo').getByRole('link').click(), 'El modelo');
  await follow(() => page.getByRole('banner').getByRole('link').first().click(), 'Dibuja un dígito y Trazo lo lee');
  expect(await isSameDocument(page)).toBe(true);
});

// The page without a server: installed, opened without a network, and what it keeps of what the server was asked.

import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { newAccount, register, type StorageState, signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { drawing, renderImage } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { signInByForm } from '../support/forms';
import { expectNoHorizontalOverflow, hydrated } from '../support/page';
import { root, type Server, startServer } from '../support/server';

// Pages are opened with `openPage`, which doesn't report the requests that fail on purpose here.
test.use({ serviceWorkers: 'allow' });

const notices = (page: Page) => page.getByRole('complementary', { name: 'Avisos' });
const list = (page: Page) => page.getByRole('dialog', { name: 'Dibujos guardados' });
const items = (page: Page) => list(page).getByRole('listitem');

/** Opens the drawing page, and waits until the service worker keeps it. */
async function openKept(page: Page): Promise<DrawPage> {
  const draw = new DrawPage(page);
  await draw.open();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
  return draw;
}

async function ask(draw: DrawPage, name: string): Promise<void> {
  const recorded = drawing(name);
  await draw.draw(recorded);
  await draw.expectPrediction(recorded.label);
  await draw.askServer.click();
}

async function openList(page: Page): Promise<void> {
  await notices(page).getByRole('button', { name: 'Ver los guardados' }).click();
  await expect(list(page)).toBeVisible();
}

/** How many predictions an account has made. */
async function total(browser: Browser, server: Server, storageState: StorageState): Promise<number> {
  const context = await browser.newContext({ baseURL: server.url, storageState });
  const { total } = (await (await context.request.get('/api/predictions')).json()) as { total: number };
  await context.close();
  return total;
}

async function changeUser(page: Page, state: StorageState): Promise<void> {
  await page.context().clearCookies();
  await page.context().addCookies(state.cookies);
}

/** What is kept in this browser: the state and the status of each record. */
async function records(page: Page): Promise<{ state: string; status?: number; bytes: number }[]> {
  return page.evaluate(async () => {
    // Opening it before the page does would make an empty one.
    if ((await indexedDB.databases()).every(({ name }) => name !== 'trazo')) return [];
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settled(indexedDB.open('trazo', 1));
    const all = await settled(database.transaction('asked').objectStore('asked').getAll());
    database.close();
    return all.map(({ state, status, bytes }) => ({ state, status, bytes: bytes.byteLength }));
  });
}

/** Has the browser tell the service worker that it is online again. */
async function backgroundSync(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations;
      if (registration) resolve(registration.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.dispatchSyncEvent', {
    origin: new URL(page.url()).origin,
    registrationId: await found,
    tag: 'asked',
    lastChance: false,
  });
  await session.detach();
}

/** Stops the server, and starts it with the site of another build: the same page, with another hash in a file's name. */
async function deploy(server: Server): Promise<string> {
  const site = await mkdtemp(join(tmpdir(), 'trazo-site-'));
  await cp(join(root, 'target/site'), site, { recursive: true });
  const hashes = await readFile(join(site, 'hash.txt'), 'utf8');
  const hash = /^css: (\S+)$/m.exec(hashes)?.[1] ?? '';
  const next = [...hash].reverse().join('');
  for (const name of await readdir(join(site, 'pkg'))) {
    if (name.startsWith(`trazo.${hash}.`)) {
      await rename(join(site, 'pkg', name), join(site, 'pkg', name.replace(hash, next)));
    }
  }
  await writeFile(join(site, 'hash.txt'), hashes.replace(hash, next));
  await server.kill();
  await server.restart({ LEPTOS_SITE_ROOT: site });
  return site;
}

/** The folder of the build that the document's files are in. */
const buildOf = (page: Page) =>
  page.evaluate(() => new URL((document.getElementById('style') as HTMLLinkElement).href).pathname.split('/')[1]);

const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in window);
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { isMarked: true }));

test('the page can be installed', async ({ openPage, server }) => {
  const page = await openPage(server);
  await openKept(page);
  const session = await page.context().newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(new URL(url).pathname).toBe('/manifest.webmanifest');
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Contexts of tests are like private windows, where nothing can be installed.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const icons = await page.evaluate(async () => {
    const manifest = await (await fetch('/manifest.webmanifest')).json();
    const loaded = async ({ src, sizes }: { src: string; sizes: string }) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return sizes === 'any' || sizes === `${image.naturalWidth}x${image.naturalHeight}`;
    };
    return Promise.all(manifest.icons.map(loaded));
  });
  expect(icons.length).toBeGreaterThanOrEqual(4);
  expect(icons).not.toContain(false);
});

test('without a network the page opens, draws, reads, and speaks the chosen language', async ({ openPage, server }) => {
  const page = await openPage(server);
  const draw = await openKept(page);
  const image = await renderImage(page, drawing('7-bar'), { type: 'image/png', ink: '#000', paper: '#fff' });
  await page.context().setOffline(true);
  await page.reload();
  await draw.ready();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  // The code that decodes images is loaded on demand.
  const chooser = page.waitForEvent('filechooser');
  await draw.upload.click();
  await (await chooser).setFiles({ name: '7.png', mimeType: 'image/png', buffer: image });
  await draw.expectPrediction(7);
  await draw.languageSwitch.click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const english = new DrawPage(page, 'en');
  await english.ready();
  await english.draw(drawing('4-closed'));
  await english.expectPrediction(4);
});

test('what the worker keeps is for everyone, and nothing of the API', async ({ openPage, server, sessions }) => {
  const page = await openPage(server, sessions.user);
  await openKept(page);
  const username = (await page.locator('.user-name').textContent()) ?? '';
  expect(username).toMatch(/^usuaria-/);
  await page.goto('/account');
  await hydrated(page);
  const kept = await page.evaluate(async () => {
    const found: { path: string; html: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        const isPage = response?.headers.get('content-type')?.startsWith('text/html');
        const { pathname, search } = new URL(request.url);
        found.push({ path: pathname + search, html: (isPage && (await response?.text())) || '' });
      }
    }
    return found;
  });
  const pages = kept.filter(({ html }) => html);
  expect(pages.map(({ path }) => path).sort()).toEqual(['/?shell=en', '/?shell=es']);
  for (const { html } of pages) {
    expect(html).not.toContain(username);
    expect(html).not.toContain('id="me"');
  }
  expect(kept.filter(({ path }) => /api|predict|account|metrics/.test(path))).toEqual([]);

  await page.context().setOffline(true);
  await page.goto('/');
  await hydrated(page);
  await expect(page.locator('.user-name')).toHaveCount(0);
});

test('over the quota the page answers, keeps the question, and says when it is sent', async ({ openPage }) => {
  const server = await startServer({ RATELIMIT_ENABLED: 'true', RATELIMIT_PREDICT: '1 per 3 hours' });
  try {
    const account = newAccount('cupo');
    await register(server, account);
    const page = await openPage(server, await signIn(server, account));
    const draw = new DrawPage(page);
    await draw.open();
    await ask(draw, '4-closed');
    await draw.expectServerPrediction(4);
    await draw.clear.click();
    await ask(draw, '7-bar');
    await expect(draw.alert).toContainText('muchas veces');
    await expect(notices(page)).toContainText(/Respuesta de esta página: 7 \(\d+,\d\s%\)\./);
    await expect(notices(page)).toContainText('Queda guardado: se enviará dentro de 3 horas.');
    await draw.expectPrediction(7);
    await openList(page);
    await expect(items(page)).toHaveCount(1);
    await expect(items(page)).toContainText('se enviará dentro de 3 horas');
    expect(await accessibilityViolations(page)).toEqual([]);

    // The quota is counted in the server's memory.
    await server.kill();
    await server.restart();
    await items(page).getByRole('button', { name: 'Enviar ahora' }).click();
    await expect(items(page)).toContainText('El servidor lee 7');
    await items(page).getByRole('button', { name: 'Quitar' }).click();
    await expect(items(page)).toHaveCount(0);
    await expect(list(page)).toContainText('No hay ninguno.');
    expect(await records(page)).toEqual([]);
    await list(page).getByRole('button', { name: 'Cerrar' }).click();
    await expect(list(page)).toBeHidden();
  } finally {
    await server.stop();
  }
});

test('what was asked without an account is kept, and sent only when its visitor asks for it', async ({
  openPage,
  server,
  browser,
}) => {
  const account = newAccount('visita');
  await register(server, account);
  const page = await openPage(server);
  const draw = new DrawPage(page);
  await draw.open();
  await ask(draw, '4-closed');
  await expect(draw.alert).toContainText('cuenta');
  await expect(notices(page)).toContainText('Respuesta de esta página: 4 ');
  await expect(notices(page)).toContainText('podrás enviarlo cuando entres');
  // Asked twice, it is kept once.
  await draw.askServer.click();
  await openList(page);
  await expect(items(page)).toHaveCount(1);
  await items(page).getByRole('link', { name: 'Entrar' }).click();
  await signInByForm(page, account);
  await draw.ready();
  await expect(notices(page)).toContainText('Dibujos guardados: 1.', { timeout: 20_000 });
  const state = await page.context().storageState();
  expect(await total(browser, server, state)).toBe(0);
  await openList(page);
  await expect(items(page)).toContainText('Lo guardaste sin haber entrado');
  await items(page).getByRole('button', { name: 'Enviar ahora' }).click();
  await expect(items(page)).toContainText('El servidor lee 4');
  expect(await total(browser, server, state)).toBe(1);
});

test('a question that the server could not be asked is sent for its account only', async ({
  openPage,
  privateServer,
  browser,
}) => {
  test.slow();
  const [ana, eva] = [newAccount('ana'), newAccount('eva')];
  await register(privateServer, ana);
  await register(privateServer, eva);
  const [anas, evas] = [await signIn(privateServer, ana), await signIn(privateServer, eva)];
  const page = await openPage(privateServer, anas);
  const draw = await openKept(page);
  await privateServer.kill();
  await ask(draw, '9-straight');
  await expect(draw.alert).toContainText('conexión');
  await expect(notices(page)).toContainText('Respuesta de esta página: 9 ');
  await expect(notices(page)).toContainText('se enviará cuando el servidor conteste');
  // The kept page doesn't know who is signed in; the question is Ana's all the same.
  await page.goto('/');
  await draw.ready();
  await ask(draw, '7-bar');
  await expect(notices(page)).toContainText('Respuesta de esta página: 7 ');

  await privateServer.restart();
  await changeUser(page, evas);
  await page.goto('/');
  await draw.ready();
  await expect(notices(page)).toBeAttached({ timeout: 20_000 });
  await backgroundSync(page);
  // The server has refused them.
  await expect.poll(async () => (await records(page)).map(({ status }) => status)).toEqual([401, 401]);
  await expect(notices(page).getByRole('button')).toHaveCount(0);
  expect(await total(browser, privateServer, evas)).toBe(0);
  expect(await total(browser, privateServer, anas)).toBe(0);

  await changeUser(page, anas);
  await page.goto('/');
  await draw.ready();
  await expect(notices(page)).toContainText('Dibujos guardados con respuesta nueva: 2.', { timeout: 20_000 });
  await openList(page);
  await expect(items(page).nth(0)).toContainText('El servidor lee 7');
  await expect(items(page).nth(1)).toContainText('El servidor lee 9');
  expect(await total(browser, privateServer, anas)).toBe(2);
  expect(await total(browser, privateServer, evas)).toBe(0);
});

test('what waits is sent in the background when the browser is online again', async ({ openPage, privateServer }) => {
  const account = newAccount('fondo');
  await register(privateServer, account);
  const page = await openPage(privateServer, await signIn(privateServer, account));
  const draw = await openKept(page);
  await privateServer.kill();
  await ask(draw, '2-swan');
  await expect(notices(page)).toContainText('Queda guardado');
  await privateServer.restart();
  await backgroundSync(page);
  await expect(notices(page)).toContainText('con respuesta nueva: 1.');
  await openList(page);
  await expect(items(page)).toContainText('El servidor lee 2');
});

test('what waits is sent when the network is back, and what is answered meanwhile is not sent again', async ({
  openPage,
  server,
  browser,
}) => {
  const account = newAccount('vuelta');
  await register(server, account);
  const state = await signIn(server, account);
  const page = await openPage(server, state);
  const draw = await openKept(page);
  await page.context().setOffline(true);
  await ask(draw, '6-curved');
  await expect(notices(page)).toContainText('Queda guardado');
  await page.context().setOffline(false);
  await expect(notices(page)).toContainText('con respuesta nueva: 1.');
  expect(await total(browser, server, state)).toBe(1);

  await draw.clear.click();
  await page.context().setOffline(true);
  await ask(draw, '5-one-stroke');
  await expect(notices(page)).toContainText('Respuesta de esta página: 5 ');
  await expect.poll(async () => (await records(page)).length).toBe(2);
});

test.describe('before there is a service worker', () => {
  test.use({ serviceWorkers: 'block' });

  /** Waits for the page's script, which comes some seconds after the page is ready. */
  const scriptLoaded = (page: Page) => expect(notices(page)).toBeAttached({ timeout: 20_000 });

  test('what is asked without a network is kept, and sent when it is back', async ({ openPage, server, browser }) => {
    const account = newAccount('sinred');
    await register(server, account);
    const state = await signIn(server, account);
    const page = await openPage(server, state);
    const draw = new DrawPage(page);
    await draw.open();
    await scriptLoaded(page);
    await page.context().setOffline(true);
    await ask(draw, '4-closed');
    await expect(draw.alert).toContainText('conexión');
    await expect(notices(page)).toContainText('Respuesta de esta página: 4 ');
    await expect(notices(page)).toContainText('se enviará cuando el servidor conteste');
    await page.context().setOffline(false);
    await expect(notices(page)).toContainText('con respuesta nueva: 1.');
    await openList(page);
    await expect(items(page)).toContainText('El servidor lee 4');
    expect(await total(browser, server, state)).toBe(1);
  });

  test('what is asked without a network and without the page’s script waits for both', async ({
    openPage,
    server,
    browser,
  }) => {
    const account = newAccount('pronto');
    await register(server, account);
    const state = await signIn(server, account);
    const page = await openPage(server, state);
    const draw = new DrawPage(page);
    await draw.open();
    await page.context().setOffline(true);
    await ask(draw, '7-bar');
    await expect(draw.alert).toContainText('conexión');
    await page.context().setOffline(false);
    await expect(notices(page)).toContainText('con respuesta nueva: 1.', { timeout: 20_000 });
    await openList(page);
    await expect(items(page)).toContainText('El servidor lee 7');
    expect(await total(browser, server, state)).toBe(1);
  });

  test('what is asked while the server is away is kept, also without an account', async ({
    openPage,
    privateServer,
    browser,
  }) => {
    const account = newAccount('fuera');
    await register(privateServer, account);
    const state = await signIn(privateServer, account);
    const [page, visitors] = [await openPage(privateServer, state), await openPage(privateServer)];
    const [draw, visitorsDraw] = [new DrawPage(page), new DrawPage(visitors)];
    await draw.open();
    await visitorsDraw.open();
    await Promise.all([scriptLoaded(page), scriptLoaded(visitors)]);
    await privateServer.kill();
    await ask(draw, '9-straight');
    await expect(notices(page)).toContainText('se enviará cuando el servidor conteste');
    await ask(visitorsDraw, '2-swan');
    await expect(visitorsDraw.alert).toContainText('conexión');
    await expect(notices(visitors)).toContainText('Respuesta de esta página: 2 ');
    await expect(notices(visitors)).toContainText('podrás enviarlo cuando entres');
    expect(await records(visitors)).toMatchObject([{ state: 'waiting', status: 401 }]);

    await privateServer.restart();
    await openList(page);
    await items(page).getByRole('button', { name: 'Enviar ahora' }).click();
    await expect(items(page)).toContainText('El servidor lee 9');
    expect(await total(browser, privateServer, state)).toBe(1);
  });
});

test('what is kept is bounded: the oldest is dropped, with a word', async ({ openPage, server }) => {
  const page = await openPage(server);
  await new DrawPage(page).open();
  const keep = (count: number, size: number) =>
    page.evaluate(
      ({ count, size }) => {
        const { asked } = window as unknown as { asked: (...question: unknown[]) => void };
        for (let number = 0; number < count; number += 1) {
          const bytes = new Uint8Array(size).fill(number);
          asked(new Blob([bytes], { type: 'image/png' }), 'trazo.png', false, 0, undefined, '3', 0.98);
        }
      },
      { count, size },
    );
  await keep(22, 1000);
  await expect.poll(async () => (await records(page)).length).toBe(20);
  await expect(notices(page)).toContainText('se ha quitado el más antiguo');
  await keep(3, 2_400_000);
  await expect.poll(async () => (await records(page)).map(({ bytes }) => bytes)).toEqual([2_400_000, 2_400_000]);
  await keep(1, 5_000_001);
  await expect(notices(page)).toContainText('demasiado grande para guardarlo');
  expect(await records(page)).toHaveLength(2);
});

test('a new version is offered and not forced, and the drawing is kept', async ({ openPage, privateServer }) => {
  const page = await openPage(privateServer);
  const draw = await openKept(page);
  await mark(page);
  const build = await buildOf(page);
  const site = await deploy(privateServer);
  try {
    // In the middle of a stroke.
    const box = await draw.canvasBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.5, { steps: 5 });
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(notices(page)).toContainText('Hay una versión nueva.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 5 });
    await page.mouse.up();
    await draw.expectPrediction(1);
    expect(await isMarked(page)).toBe(true);
    const ink = await draw.ink();

    await notices(page).getByRole('button', { name: 'Actualizar' }).click();
    await expect.poll(() => buildOf(page).catch(() => build)).not.toBe(build);
    await draw.ready();
    expect(await isMarked(page)).toBe(false);
    await draw.expectPrediction(1);
    await draw.expectInk(ink);

    // The worker has the new version, too.
    const next = await buildOf(page);
    await privateServer.kill();
    await page.reload();
    await draw.ready();
    expect(await buildOf(page)).toBe(next);
    await privateServer.restart({ LEPTOS_SITE_ROOT: site });
  } finally {
    await rm(site, { recursive: true });
  }
});

test('a page that is new already is not offered its own version', async ({ openPage, privateServer }) => {
  const page = await openPage(privateServer);
  await openKept(page);
  const build = await buildOf(page);
  const site = await deploy(privateServer);
  try {
    await page.goto('/');
    const draw = new DrawPage(page);
    await draw.ready();
    expect(await buildOf(page)).not.toBe(build);
    // Its worker takes over by itself.
    const isWaiting = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).waiting));
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 20_000 }).toBe(2);
    await expect.poll(isWaiting).toBe(false);
    await expect(notices(page).getByRole('button')).toHaveCount(0);
  } finally {
    await rm(site, { recursive: true });
  }
});

test('a link of a page that is older than a deploy leads there, and the drawing is kept', async ({
  openPage,
  privateServer,
}) => {
  const page = await openPage(privateServer);
  const draw = await openKept(page);
  await draw.draw(drawing('8-two-circles'));
  await draw.expectPrediction(8);
  const site = await deploy(privateServer);
  try {
    await mark(page);
    await page.getByRole('navigation').getByRole('link', { name: 'Entrar' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entrar');
    await hydrated(page);
    expect(await isMarked(page)).toBe(false);
    await page.getByRole('banner').getByRole('link').first().click();
    await draw.ready();
    await draw.expectPrediction(8);
  } finally {
    await rm(site, { recursive: true });
  }
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });

  test('what the page keeps fits, and works by touch and in English', async ({ openPage, server }) => {
    const page = await openPage(server);
    const draw = new DrawPage(page);
    await draw.open();
    await draw.draw(drawing('3-round'));
    await draw.expectPrediction(3);
    await draw.askServer.tap();
    await expect(notices(page)).toContainText('Respuesta de esta página: 3 ');
    await expectNoHorizontalOverflow(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    for (const button of await notices(page).getByRole('button').all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await notices(page).getByRole('button', { name: 'Ver los guardados' }).tap();
    await expect(items(page)).toHaveCount(1);
    await expectNoHorizontalOverflow(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    await items(page).getByRole('button', { name: 'Quitar' }).tap();
    await expect(items(page)).toHaveCount(0);
    await list(page).getByRole('button', { name: 'Cerrar' }).tap();

    await draw.languageSwitch.tap();
    await new DrawPage(page, 'en').askServer.tap();
    await expect(page.getByRole('complementary', { name: 'Notices' })).toContainText('This page’s answer: 3 ');
  });
});

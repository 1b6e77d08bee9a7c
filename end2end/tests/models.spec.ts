// The models of a running server: uploaded, compared, put live and taken back by an admin; pages read with the live one.

import { readFile } from 'node:fs/promises';
import { type APIRequestContext, type Locator, type Page, request } from '@playwright/test';
import { newAccount, register, signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { drawing, renderImage } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { layoutShifts, recordLayoutShifts, totalShift } from '../support/layout-shifts';
import {
  alike,
  blindTo,
  liveVersion,
  NUMBERS,
  putLive,
  shippedCard,
  shippedWeights,
  uploadModel,
  versionOf,
  withBias,
} from '../support/models';
import { recordRequests } from '../support/network';
import { expectNoHorizontalOverflow, hydrated, loaded } from '../support/page';
import { admin, type Server } from '../support/server';

test.use({ as: 'admin' });

const REFUSED = [/status 4\d\d: .*\/api\/admin\/models/, /status of 4\d\d/];

async function open(page: Page): Promise<void> {
  await page.goto('/admin/models');
  await loaded(page);
}

/** A model in the list. */
function row(page: Page, version: string): Locator {
  const heading = page.getByRole('heading', { level: 3, name: version });
  return page.getByRole('listitem').filter({ has: heading });
}

function action(page: Page, name: string, version: string): Locator {
  return page.getByRole('button', { name: `${name}: ${version}`, exact: true });
}

/** What was done last, for a screen reader. */
const status = (page: Page) => page.getByRole('main').getByRole('status');

/** Answers the question before an action. */
async function confirm(page: Page, name: string): Promise<void> {
  await page.getByRole('group', { name }).getByRole('button', { name, exact: true }).click();
}

async function upload(page: Page, weights: Buffer, card?: Buffer): Promise<void> {
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
  await page.getByLabel('Archivo con los pesos (.bpk)').setInputFiles(file('digits.bpk', weights));
  if (card) {
    await page.getByLabel('Su ficha (model_card.json), si la hay').setInputFiles(file('model_card.json', card));
  }
  await page.getByRole('button', { name: 'Subir', exact: true }).click();
}

/** The version that the drawing page says it reads with. */
const pageModel = (page: Page) => page.locator('.facts dd').last();

const sides = (page: Page) => page.locator('.side-digit').allTextContents();

/** Asks the server, and returns the version that answers and what the page says it has read. */
async function ask(draw: DrawPage): Promise<{ model: string; reading: string | undefined }> {
  const response = draw.page.waitForResponse('**/api/predict');
  await draw.askServer.click();
  const { modelo } = await (await response).json();
  return { model: modelo, reading: (await response).request().headers()['page-reading'] };
}

async function agreement(api: APIRequestContext, result: string): Promise<string | undefined> {
  const text = await (await api.get('/metrics')).text();
  return new RegExp(`^page_agreement_total{result="${result}"} (\\d+)$`, 'm').exec(text)?.[1];
}

/** The API, as an admin uses it. */
async function adminApi(server: Server): Promise<APIRequestContext> {
  return request.newContext({ baseURL: server.url, storageState: await signIn(server, admin) });
}

test('a model is uploaded, listed with its origin and its size, and known the second time', async ({ page }) => {
  const weights = await alike(0);
  const version = versionOf(weights);
  await open(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/admin/models', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Subir', exact: true }).click();
  await expect(page.getByText('Falta el archivo con los pesos: elígelo.')).toBeVisible();
  await upload(page, weights);
  const busy = page.getByRole('button', { name: /^(Enviando|Comprobando)/ });
  await expect(busy).toHaveAttribute('aria-busy', 'true');
  release();
  await expect(status(page)).toHaveText(`${version} está guardado. Compáralo antes de ponerlo en servicio.`);
  await expect(row(page, version)).toContainText('Subido');
  await expect(row(page, version)).toContainText('por ada');
  await expect(row(page, version)).toContainText('kB');
  await expect(row(page, version)).not.toContainText('En servicio');
  // The one that answers stays, with what its card says.
  const live = row(page, await liveVersion(page.request));
  await expect(live).toContainText('En servicio');
  await expect(live).toContainText('El del programa');
  const card = JSON.parse((await shippedCard()).toString());
  await expect(live).toContainText((card.test.accuracy * 100).toFixed(2).replace('.', ','));
  await expect(live).toContainText(card.date);
  await expect(live.getByRole('button')).toHaveCount(0);

  await upload(page, weights);
  await expect(status(page)).toHaveText('Ese modelo ya estaba.');
  await expect(row(page, version)).toHaveCount(1);
});

test('a file that is no model is refused with the reason, and nothing changes', async ({ page, monitor }) => {
  monitor.allow(...REFUSED);
  await open(page);
  const weights = await shippedWeights();
  const other = await alike(1);
  const versions = page.getByRole('heading', { level: 3 });
  const before = await versions.allTextContents();
  const cases: [string, Buffer, Buffer | undefined, RegExp][] = [
    ['cut off', weights.subarray(0, weights.length / 2), undefined, /no tiene los pesos de un modelo/],
    ['not ours', await readFile('../server/benches/digits/3.png'), undefined, /no tiene los pesos de un modelo/],
    ['other layers', Buffer.concat([weights, Buffer.alloc(512)]), undefined, /pesos de otra red/],
    ['not a number', await withBias(10, NUMBERS.notANumber), undefined, /pesos que no son números/],
    ['reads sevens', await withBias(7, NUMBERS.plus100), undefined, /No lee bien los dígitos de muestra/],
    ['another card', other, await shippedCard(), /La ficha no es una, o es la de otro modelo/],
    ['no card', other, Buffer.from('{}'), /La ficha no es una, o es la de otro modelo/],
    ['too large', Buffer.alloc(1_100_000), undefined, /El archivo pasa de/],
  ];
  for (const [name, file, card, reason] of cases) {
    await test.step(name, async () => {
      await upload(page, file, card);
      await expect(page.getByRole('alert').filter({ hasText: reason })).toBeVisible();
      await page.reload();
      await loaded(page);
    });
  }
  expect(await versions.allTextContents()).toEqual(before);
});

test('before the leap: accuracy on the corrections, how often the two disagree, and on which pictures', async ({
  openPage,
  privateServer: server,
}) => {
  test.slow();
  const account = newAccount('compara');
  await register(server, account);
  const api = await request.newContext({ baseURL: server.url, storageState: await signIn(server, account) });
  const ids: number[] = [];
  for (let digit = 0; digit < 10; digit += 1) {
    const buffer = await readFile(`../server/benches/digits/${digit}.png`);
    const file = { name: 'digit.png', mimeType: 'image/png', buffer };
    ids.push((await (await api.post('/api/predict', { multipart: { file } })).json()).id);
  }
  // The live model has read the six right, and the one, of which its user says something else.
  for (const [digit, said] of [
    [6, 6],
    [1, 7],
  ] as const) {
    await api.post(`/api/predictions/${ids[digit]}/correction`, { data: { digito: said } });
  }
  await api.dispose();

  const page = await openPage(server, await signIn(server, admin));
  const version = await uploadModel(page.request, await blindTo(6));
  await open(page);
  const region = page.getByRole('region', { name: 'Comparación' });
  await expect(region).toContainText('Aquí se ve');
  await action(page, 'Comparar con el actual', version).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Comparación' })).toBeFocused();
  await expect(status(page)).toHaveText(/^La comparación ha acabado\./, { timeout: 60_000 });
  await expect(region).toContainText(`${version}, contra ${await liveVersion(page.request)}`);
  await expect(region.locator('.count').filter({ hasText: 'El nuevo lee bien' })).toContainText('0 de 2');
  await expect(region.locator('.count').filter({ hasText: 'El actual lee bien' })).toContainText('1 de 2');
  await expect(region).toContainText('Difieren en 1 de 10 imágenes guardadas');
  const picture = region.getByRole('img', { name: /^El nuevo lee .* y el actual 6$/ });
  await expect(picture).toHaveCount(1);
  expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.width])).toEqual([28, 168]);
  const facts = region.getByRole('listitem');
  await expect(facts.locator('div').filter({ hasText: 'Actual' })).toContainText('6 (');
  await expect(facts.locator('div').filter({ hasText: 'Corregida' })).toContainText('6');
  await expect(row(page, version)).toContainText('0 de 2 correcciones bien; el otro, 1.');

  // It is still there later.
  await open(page);
  await action(page, 'Ver la comparación', version).click();
  await expect(picture).toBeVisible();
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await accessibilityViolations(page), `${width} px`).toEqual([]);
    await expectNoHorizontalOverflow(page);
  }
});

test('a model is put live, open pages follow with their next answer, new ones at once, and there is a way back', async ({
  openPage,
  privateServer: server,
}) => {
  test.slow();
  const account = newAccount('sigue');
  await register(server, account);
  const draw = new DrawPage(await openPage(server, await signIn(server, account)));
  const page = await openPage(server, await signIn(server, admin));
  const shipped = await liveVersion(page.request);
  const version = await uploadModel(page.request, await blindTo(6));

  await draw.open();
  await expect(pageModel(draw.page)).toHaveText(shipped);
  await draw.draw(drawing('6-curved'));
  await draw.expectPrediction(6);
  expect(await ask(draw)).toEqual({ model: shipped, reading: `${shipped} 6` });
  await draw.expectServerPrediction(6);

  await open(page);
  await expect(page.getByRole('button', { name: /^Volver al anterior/ })).toHaveCount(0);
  await action(page, 'Poner en servicio', version).click();
  await expect(page.getByRole('button', { name: 'Cancelar' })).toBeFocused();
  await expect(page.getByText('Aún no lo has comparado con el actual.')).toBeVisible();
  await confirm(page, 'Poner en servicio');
  await expect(status(page)).toHaveText(`Hecho: responde ${version}.`);
  await expect(page.locator('#live')).toHaveText(version);
  await expect(page.locator('#live')).toBeFocused();
  await expect(page.getByText(/^Desde el .*, por ada\.$/)).toBeVisible();
  await expect(row(page, version)).toContainText('En servicio');
  await expect(row(page, shipped)).toContainText('El anterior');

  // The page has read the drawing with the model before. Then both read the same.
  expect(await ask(draw)).toEqual({ model: version, reading: `${shipped} 6` });
  await expect(pageModel(draw.page)).toHaveText(version);
  await expect.poll(async () => new Set(await sides(draw.page)).size).toBe(1);
  expect((await sides(draw.page))[0]).not.toBe('6');
  await expect(draw.alert).toHaveCount(0);
  const { model, reading } = await ask(draw);
  expect(model).toBe(version);
  expect(reading).toMatch(new RegExp(`^${version} [^6]$`));
  expect(await agreement(page.request, 'agreed')).toBe('2');
  expect(await agreement(page.request, 'outdated')).toBe('1');
  expect(await agreement(page.request, 'disagreed')).toBe('0');

  const visitor = new DrawPage(await openPage(server));
  await visitor.open();
  await expect(pageModel(visitor.page)).toHaveText(version);
  await visitor.draw(drawing('6-curved'));
  await expect(visitor.prediction).not.toHaveAttribute('data-digit', '6');
  // Other pages of the site don't take it back.
  await visitor.page.getByRole('link', { name: 'El modelo y sus cifras' }).click();
  await expect(visitor.page.getByText('no tiene ficha')).toBeVisible();
  await visitor.page.goBack();
  await expect(pageModel(visitor.page)).toHaveText(version);

  // An image is read again, too.
  const buffer = await renderImage(draw.page, drawing('6-curved'), { type: 'image/png', ink: '#000', paper: '#fff' });
  const chooser = draw.page.waitForEvent('filechooser');
  await draw.upload.click();
  await (await chooser).setFiles({ name: 'seis.png', mimeType: 'image/png', buffer });
  await expect(draw.page.locator('.draw > [role="status"]')).toContainText('seis.png');
  expect((await ask(draw)).model).toBe(version);
  await expect(draw.prediction).not.toHaveAttribute('data-digit', '6');

  await action(page, 'Volver al anterior', shipped).click();
  await confirm(page, 'Volver al anterior');
  await expect(page.locator('#live')).toHaveText(shipped);
  await ask(draw);
  await expect(pageModel(draw.page)).toHaveText(shipped);
  await expect.poll(() => sides(draw.page)).toEqual(['6', '6']);
  await expect(draw.page.getByText('Coinciden.', { exact: true })).toBeVisible();
});

test('weights that can’t be had or aren’t those of the version leave the page with its own, until the next answer', async ({
  openPage,
  privateServer: server,
}) => {
  const api = await adminApi(server);
  const shipped = await liveVersion(api);
  const weights = await blindTo(6);
  const version = await uploadModel(api, weights);
  await putLive(api, version);
  await api.dispose();
  const account = newAccount('resiste');
  await register(server, account);
  const page = await openPage(server, await signIn(server, account));
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.text().startsWith('The server')) warnings.push(message.text());
  });
  let isDamaged = false;
  await page.route('**/weights', (route) => {
    const body = Buffer.from(weights);
    body.writeUInt8(body.readUInt8(body.length - 1) ^ 1, body.length - 1);
    return isDamaged ? route.fulfill({ body }) : route.abort();
  });
  const requests = recordRequests(page);
  const count = () => requests.filter(({ pathname }) => pathname.endsWith('/weights')).length;

  const draw = new DrawPage(page);
  await draw.open();
  await expect.poll(() => warnings.length).toBe(1);
  await draw.draw(drawing('6-curved'));
  await draw.expectPrediction(6);
  isDamaged = true;
  expect((await ask(draw)).model).toBe(version);
  await expect.poll(() => warnings.length).toBe(2);
  await expect(pageModel(page)).toHaveText(shipped);
  await draw.expectPrediction(6);
  await expect(draw.alert).toContainText('Recárgala');
  expect(count()).toBe(2);

  await page.unroute('**/weights');
  await ask(draw);
  await expect(pageModel(page)).toHaveText(version);
  await expect(draw.alert).toHaveCount(0);
  expect(count()).toBe(3);
  expect(warnings).toHaveLength(2);
  // Nothing else is loaded.
  await ask(draw);
  expect(count()).toBe(3);
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('the page reads with the live model without a network, too', async ({ openPage, privateServer: server }) => {
    test.slow();
    const api = await adminApi(server);
    const first = await uploadModel(api, await blindTo(6));
    await putLive(api, first);
    const account = newAccount('lejos');
    await register(server, account);
    const page = await openPage(server, await signIn(server, account));
    const draw = new DrawPage(page);
    await draw.open();
    await expect(pageModel(page)).toHaveText(first);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
    const isKept = (version: string) =>
      page.evaluate(async (path) => (await caches.match(path)) !== undefined, `/api/models/${version}/weights`);
    expect(await isKept(first)).toBe(true);

    // The page that is kept names the next one as soon as a page has loaded it.
    const second = await uploadModel(api, await alike(2));
    await putLive(api, second);
    await api.dispose();
    await draw.draw(drawing('6-curved'));
    await ask(draw);
    await expect(pageModel(page)).toHaveText(second);
    await expect.poll(() => isKept(second)).toBe(true);
    await expect.poll(() => isKept(first)).toBe(false);
    await page.context().setOffline(true);
    await page.reload();
    await draw.ready();
    await expect(pageModel(page)).toHaveText(second);
    await draw.draw(drawing('3-round'));
    await draw.expectPrediction(3);
  });
});

test('the keyboard does all of it, and the focus is never lost', async ({ openPage, privateServer: server }) => {
  const page = await openPage(server, await signIn(server, admin));
  const [one, two] = [await uploadModel(page.request, await alike(3)), await uploadModel(page.request, await alike(4))];
  await open(page);
  const put = action(page, 'Poner en servicio', one);
  const cancel = page.getByRole('button', { name: 'Cancelar' });
  await put.focus();
  await page.keyboard.press('Enter');
  await expect(cancel).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(put).toBeFocused();
  await expect(cancel).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(cancel).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('#live')).toBeFocused();
  await expect(page.locator('#live')).toHaveText(one);

  // A live model can't be deleted, another one can.
  await expect(action(page, 'Borrar', one)).toHaveCount(0);
  await action(page, 'Borrar', two).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(`¿Borrar ${two}? No se puede deshacer.`)).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(status(page)).toHaveText(`Hecho: ${two} está borrado.`);
  await expect(row(page, two)).toHaveCount(0);
});

test('what the server refuses meanwhile is said beside the model', async ({ page, monitor }) => {
  monitor.allow(...REFUSED);
  const version = await uploadModel(page.request, await alike(5));
  await open(page);
  await page.route('**/evaluation', (route) =>
    route.fulfill({ status: 409, json: { code: 'evaluation_running', msg: '' } }),
  );
  await action(page, 'Comparar con el actual', version).click();
  await expect(row(page, version).getByRole('alert')).toContainText('Hay otra comparación en marcha.');
  await page.route(`**/${version}`, (route) => route.fulfill({ status: 409, json: { code: 'model_in_use', msg: '' } }));
  await action(page, 'Borrar', version).click();
  await confirm(page, 'Borrar');
  await expect(row(page, version).getByRole('alert').filter({ hasText: 'está en servicio' })).toBeVisible();
});

for (const width of [320, 390, 1280]) {
  test(`the page with a model to decide about is accessible at ${width} px, and nothing shifts`, async ({ page }) => {
    await recordLayoutShifts(page);
    await page.setViewportSize({ width, height: 844 });
    const version = await uploadModel(page.request, await alike(6));
    await open(page);
    const shifts = await layoutShifts(page);
    expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
    await action(page, 'Poner en servicio', version).click();
    await expect(page.getByRole('button', { name: 'Cancelar' })).toBeFocused();
    expect(await accessibilityViolations(page)).toEqual([]);
    await expectNoHorizontalOverflow(page);
  });
}

test('the menu leads to the page', async ({ page }) => {
  await page.goto('/account');
  await hydrated(page);
  await page.locator('.user-menu summary').click();
  await page.getByRole('link', { name: 'Modelos' }).click();
  await expect(page).toHaveURL(/\/admin\/models$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Modelos' })).toBeVisible();
  await expect(page.locator('#live')).toHaveText(await liveVersion(page.request));
});

test.describe('a user who is not an admin', () => {
  test.use({ as: 'user' });

  test('sees that the page is for admins', async ({ page, monitor }) => {
    monitor.allow(/\/admin\/models/);
    const response = await page.goto('/admin/models');
    expect(response?.status()).toBe(403);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Solo para administradores');
  });
});

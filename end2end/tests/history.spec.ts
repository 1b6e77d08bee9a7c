// The pages of a user's history.

import { readFile } from 'node:fs/promises';
import { request } from '@playwright/test';
import { newAccount, register, signIn } from '../support/accounts';
import { expect, test } from '../support/fixtures';
import { holdRequests, usePageSize } from '../support/network';
import { frameRendered, hydrated } from '../support/page';

test('pages of the history follow each other, and Back returns to the page before', async ({ openPage, server }) => {
  const account = newAccount('larga');
  await register(server, account);
  const state = await signIn(server, account);
  const api = await request.newContext({ baseURL: server.url, storageState: state });
  const predict = async (digit: number) => {
    const buffer = await readFile(`../server/benches/digits/${digit}.png`);
    const file = { name: 'digit.png', mimeType: 'image/png', buffer };
    expect((await api.post('/api/predict', { multipart: { file } })).status()).toBe(200);
  };
  for (const digit of [1, 2, 3, 4, 5]) await predict(digit);

  const page = await openPage(server, state);
  await usePageSize(page, '/api/predictions', 2);
  const entries = page.getByRole('region', { name: 'Lo que ha leído el servidor' }).getByRole('listitem');
  const pager = page.getByRole('navigation', { name: 'Páginas' });
  const expectDigits = async (...digits: number[]) => {
    await expect(entries).toContainText(digits.map((digit) => `Leyó un ${digit}`));
  };
  await page.goto('/account');
  await expectDigits(5, 4);
  await expect(pager.getByRole('link')).toHaveText(['Siguiente']);
  // Newer predictions don't move the pages.
  await predict(7);
  await pager.getByRole('link', { name: 'Siguiente' }).click();
  await expectDigits(3, 2);
  // All three links fit on a phone.
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(pager.getByRole('link')).toHaveCount(3);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await pager.getByRole('link', { name: 'Siguiente' }).click();
  await expectDigits(1);
  await expect(pager.getByRole('link')).toHaveText(['Anterior', 'Ir a la primera']);
  await page.goBack();
  await expectDigits(3, 2);
  await pager.getByRole('link', { name: 'Anterior' }).click();
  await expectDigits(5, 4);
  await pager.getByRole('link', { name: 'Ir a la primera' }).click();
  await expectDigits(7, 5);
  await api.dispose();
});

test('the history has the room that it needs before it is loaded', async ({ openPage, server }) => {
  const account = newAccount('corta');
  await register(server, account);
  const state = await signIn(server, account);
  const api = await request.newContext({ baseURL: server.url, storageState: state });
  const buffer = await readFile('../server/benches/digits/7.png');
  const file = { name: 'digit.png', mimeType: 'image/png', buffer };
  const page = await openPage(server, state);
  const history = page.getByRole('region', { name: 'Lo que ha leído el servidor' });
  const next = page.getByRole('region', { name: 'Cambiar la contraseña' });
  /** The place of what follows, below the start of the history. */
  const place = async () => ((await next.boundingBox())?.y ?? 0) - ((await history.boundingBox())?.y ?? 0);
  for (const entries of [0, 3]) {
    for (let made = 0; made < entries; made += 1) {
      expect((await api.post('/api/predict', { multipart: { file } })).status()).toBe(200);
    }
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      const held = await holdRequests(page, '**/api/predictions*');
      await page.goto('/account');
      await hydrated(page);
      await expect.poll(held.count).toBe(1);
      const before = await place();
      held.release();
      await expect(history).toHaveAttribute('aria-busy', 'false');
      await frameRendered(page);
      await expect(history.getByRole('listitem')).toHaveCount(entries);
      expect(await place(), `${entries} entries, ${width} pixels wide`).toBeCloseTo(before, 0);
      if (entries === 0) expect(before).toBeLessThan(200);
      await page.unroute('**/api/predictions*');
    }
  }
  await api.dispose();
});

test('a URL that names no page of the history leads to the first', async ({ page, monitor }) => {
  monitor.allow(/status 400/, /400 \(Bad Request\)/);
  await page.goto('/account?cursor=nothing');
  await page.getByRole('link', { name: 'Ir a la primera' }).click();
  await expect(page).toHaveURL(/\/account$/);
});

test('what was misread is corrected by key or tap, and taken back', async ({ openPage, server }) => {
  const account = newAccount('corrige');
  await register(server, account);
  const state = await signIn(server, account);
  const api = await request.newContext({ baseURL: server.url, storageState: state });
  const buffer = await readFile('../server/benches/digits/4.png');
  const file = { name: 'digit.png', mimeType: 'image/png', buffer };
  await api.post('/api/predict', { multipart: { file } });
  const page = await openPage(server, state);
  await page.goto('/account');
  const entry = page.getByRole('listitem').filter({ hasText: 'Leyó un 4' });
  const open = entry.getByRole('button', { name: 'No, era un…' });
  const takeBack = entry.getByRole('button', { name: 'Retirar' });
  await open.click();
  await page.keyboard.press('9');
  await expect(entry).toContainText('Era un 9');
  await expect(takeBack).toBeFocused();
  await expect(page.getByText('Guardado: era un 9.')).toBeAttached();
  await page.reload();
  await expect(entry).toContainText('Era un 9');
  await takeBack.click();
  await expect(entry).not.toContainText('Era un');
  await expect(open).toBeFocused();
  await open.press('Enter');
  await entry.getByRole('button', { name: 'No era un dígito' }).click();
  await expect(takeBack).toBeVisible();
  await expect(entry.getByText('No era un dígito')).toBeVisible();
  const { predictions } = await (await api.get('/api/predictions')).json();
  expect(predictions[0]).toMatchObject({ correccion: null, no_es_un_digito: true });
  await takeBack.click();
  await open.click();
  await page.keyboard.press('Escape');
  await expect(entry.getByRole('group')).toHaveCount(0);
  await expect(open).toBeFocused();

  // All that was given is in the user's file, and can be taken back at once.
  await open.click();
  await page.keyboard.press('x');
  await expect(takeBack).toBeVisible();
  const panel = page.getByRole('region', { name: 'Tus datos' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'Descargar mis datos' }).click(),
  ]);
  const data = JSON.parse(Buffer.concat(await (await download.createReadStream()).toArray()).toString());
  expect(data.account.email).toBe(account.email);
  expect(data.predictions[0]).toMatchObject({ prediccion: 4, no_es_un_digito: true, review: 'waiting' });
  await panel.getByRole('button', { name: 'Retirar todas mis correcciones' }).click();
  const question = panel.getByRole('group');
  await expect(question.getByRole('button', { name: 'Cancelar' })).toBeFocused();
  await question.getByRole('button', { name: 'Retirar todas mis correcciones' }).click();
  await expect(panel.getByRole('status')).toHaveText('Correcciones retiradas.');
  await expect(open).toBeVisible();
  await panel.getByRole('button', { name: 'Eliminar mis datos' }).click();
  await question.getByRole('button', { name: 'Cancelar' }).click();
  await expect(question).toHaveCount(0);
  await expect(entry).toBeVisible();
  await panel.getByRole('button', { name: 'Eliminar mis datos' }).click();
  await question.getByRole('button', { name: 'Eliminar mis datos' }).click();
  await expect(panel.getByRole('status')).toHaveText('Historial y correcciones eliminados.');
  await expect(entry).toHaveCount(0);
  expect((await (await api.get('/api/predictions')).json()).total).toBe(0);
  await api.dispose();
});

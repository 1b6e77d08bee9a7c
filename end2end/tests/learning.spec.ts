// It learns from its mistakes: a drawing that page and server misread is corrected, reviewed and trained on, the new model is
// put live, and both read the same drawing right. Nothing is restarted.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { newAccount, register, signIn } from '../support/accounts';
import { DrawPage } from '../support/draw-page';
import { type Drawing, drawings, type Point, renderImage } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { versionOf } from '../support/models';
import { loaded } from '../support/page';
import { admin, target } from '../support/server';

// `make end2end` builds it.
const retrain = join(target, 'release/retrain');

/** Drawings are slanted by so much more with each step, until they are misread. */
const STEP = 0.05;
const STEEPEST = 1.5;

/** Slanted around its middle: x grows by so much of y. Smaller, so that it stays on the canvas. */
function slanted(source: Drawing, slant: number): Drawing {
  const middle = source.canvas / 2;
  const strokes = source.strokes.map((stroke) =>
    stroke.map(([x, y, t]): Point => {
      const [across, down] = [x - middle, y - middle];
      return [middle + 0.5 * (across + slant * down), middle + 0.5 * down, t];
    }),
  );
  return { ...source, strokes };
}

interface Read {
  id: number;
  prediccion: number;
  probabilidades: number[];
}

/** What the server reads of a picture of the drawing. */
async function read(page: Page, source: Drawing): Promise<Read> {
  const buffer = await renderImage(page, source, { type: 'image/png', ink: '#000', paper: '#fff' });
  const file = { name: 'trazo.png', mimeType: 'image/png', buffer };
  return (await page.request.post('/api/predict', { multipart: { file } })).json();
}

/** The first slant at which it is misread, and how probable the digit is then; none if it is read right at any. */
async function border(
  page: Page,
  source: Drawing,
  sign: number,
): Promise<{ slant: number; probability: number } | null> {
  for (let slant = 0; slant <= STEEPEST; slant += STEP) {
    const { prediccion, probabilidades } = await read(page, slanted(source, sign * slant));
    if (prediccion !== source.label) {
      return { slant: sign * slant, probability: probabilidades[source.label] ?? 0 };
    }
  }
  return null;
}

/** Draws it and asks the server; returns whether page and server read the same wrong digit. */
async function isMisread(draw: DrawPage, source: Drawing): Promise<boolean> {
  if (await draw.clear.isEnabled()) await draw.clear.click();
  await draw.draw(source);
  const response = draw.page.waitForResponse(/\/api\/predict(\/number)?$/);
  await draw.askServer.click();
  const { prediccion } = await (await response).json();
  const page = await draw.prediction.getAttribute('data-digit');
  return prediccion !== source.label && page === String(prediccion);
}

/** Posts the picture, and says what it is. */
async function correct(page: Page, source: Drawing): Promise<void> {
  const { id } = await read(page, source);
  const data = { digito: source.label };
  expect((await page.request.post(`/api/predictions/${id}/correction`, { data })).status()).toBe(200);
}

test('a misread drawing is read right after correction, review, training and putting live, without a restart', async ({
  openPage,
  privateServer: server,
}) => {
  test.setTimeout(900_000);
  const folder = await mkdtemp(join(tmpdir(), 'trazo-learning-'));
  const account = newAccount('aprende');
  await register(server, account);
  const draw = new DrawPage(await openPage(server, await signIn(server, account)));
  const page = await openPage(server, await signIn(server, admin));

  await draw.open();
  // What is misread by a little needs the least to be read right.
  const found = await test.step('drawings are slanted until they are misread', async () => {
    const all: { source: Drawing; slant: number; probability: number }[] = [];
    for (const source of drawings) {
      for (const sign of [1, -1]) {
        const misread = await border(draw.page, source, sign);
        if (misread) all.push({ source, ...misread });
      }
    }
    return all.sort((one, other) => other.probability - one.probability);
  });

  const misread = await test.step('one of them is misread by page and server', async () => {
    for (const { source, slant } of found) {
      const drawing = slanted(source, slant);
      if (await isMisread(draw, drawing)) return drawing;
    }
    throw new Error('no drawing is misread');
  });
  const label = misread.label;

  await test.step('its user corrects it, and others like it', async () => {
    await draw.page.getByRole('button', { name: 'No, era un…' }).click();
    await draw.page.keyboard.press(String(label));
    await expect(draw.page.getByText(`Era un ${label}`, { exact: true })).toBeVisible();
    for (const { source, slant } of found) {
      for (const more of [1, 1.02]) await correct(draw.page, slanted(source, slant * more));
    }
  });

  await test.step('an admin agrees', async () => {
    await page.goto(`/admin/review?user=${account.username}`);
    await loaded(page);
    const waiting = async () => (await (await page.request.get('/api/admin/review')).json()).counts.waiting;
    expect(await waiting()).toBeGreaterThan(50);
    await expect(async () => {
      await page.keyboard.press('Space');
      expect(await waiting()).toBe(0);
    }).toPass({ intervals: [100], timeout: 120_000 });
  });

  const [weights, card] = await test.step('the network is trained on what was agreed to', async () => {
    const corrections = join(folder, 'corrections.tar');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'IDX', exact: true }).click();
    await (await download).saveAs(corrections);
    const output = join(folder, 'retrained');
    const options = [
      `--corrections=${corrections}`,
      `--output=${output}`,
      `--work=${join(folder, 'work')}`,
      '--without-fonts',
      '--batch=64',
      '--digits=3000',
      '--epochs=2',
    ];
    await promisify(execFile)(retrain, options, { cwd: folder });
    const [name = ''] = await readdir(output);
    return [join(output, name, 'digits.bpk'), join(output, name, 'model_card.json')];
  });
  const version = versionOf(await readFile(weights ?? ''));

  await test.step('the new model is uploaded and compared', async () => {
    await page.goto('/admin/models');
    await loaded(page);
    await page.getByLabel('Archivo con los pesos (.bpk)').setInputFiles(weights ?? '');
    await page.getByLabel('Su ficha (model_card.json), si la hay').setInputFiles(card ?? '');
    await page.getByRole('button', { name: 'Subir', exact: true }).click();
    const row = page.getByRole('listitem').filter({ hasText: version });
    await expect(row).toContainText('Entrenado con correcciones');
    await page.getByRole('button', { name: `Comparar con el actual: ${version}` }).click();
    const region = page.getByRole('region', { name: 'Comparación' });
    const status = page.getByRole('main').getByRole('status');
    await expect(status).toHaveText(/^La comparación ha acabado\./, { timeout: 90_000 });
    const right = async (name: string) => {
      const text = await region.locator('.count').filter({ hasText: name }).locator('dd').textContent();
      return Number(text?.split(' ')[0]);
    };
    expect(await right('El nuevo lee bien')).toBeGreaterThan(await right('El actual lee bien'));
    await expect(region.getByRole('img').first()).toBeVisible();
  });

  await test.step('it is put live', async () => {
    await page.getByRole('button', { name: `Poner en servicio: ${version}` }).click();
    const question = page.getByRole('group', { name: 'Poner en servicio' });
    await question.getByRole('button', { name: 'Poner en servicio' }).click();
    await expect(page.locator('#live')).toHaveText(version);
  });

  await test.step('the server and the page, which is still open, read the drawing right', async () => {
    const response = draw.page.waitForResponse('**/api/predict');
    await draw.askServer.click();
    const { prediccion, modelo } = await (await response).json();
    expect([prediccion, modelo]).toEqual([label, version]);
    await draw.expectServerPrediction(label);
    await draw.expectPrediction(label);
    await expect(draw.page.getByText('Coinciden.', { exact: true })).toBeVisible();
    await draw.clear.click();
    await draw.draw(misread);
    await draw.expectPrediction(label);
    await expect(draw.page.locator('.facts dd').last()).toHaveText(version);
  });
  await rm(folder, { recursive: true, force: true });
});

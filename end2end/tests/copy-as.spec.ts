// What is on the canvas, copied as a program. Each is taken from the clipboard and run, and must get the page's answer.

import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { accessibilityViolations } from '../support/axe';
import type { DrawPage } from '../support/draw-page';
import { drawing, pair, renderImage } from '../support/drawings';
import { test as base, expect } from '../support/fixtures';
import { leaveSecureContext } from '../support/limited-browsers';
import { expectNoHorizontalOverflow } from '../support/page';
import { admin, type Server } from '../support/server';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

interface Answer {
  prediccion?: number;
  numero?: string;
  probabilidad: number;
}

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'trazo-copy-as-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

/** Opens the menu and returns the program that it copies. */
async function copied(page: Page, draw: DrawPage, language: string): Promise<string> {
  await draw.copyAs.click();
  await page.getByRole('button', { name: `Copiar como ${language}` }).click();
  await expect(page.getByRole('button', { name: 'Copiado' })).toBeVisible();
  await page.keyboard.press('Escape');
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What the server answers to the page. */
async function answerToPage(page: Page, draw: DrawPage): Promise<Answer> {
  const response = page.waitForResponse((response) => new URL(response.url()).pathname.startsWith('/api/predict'));
  await draw.askServer.click();
  return (await response).json();
}

async function environment(server: Server): Promise<NodeJS.ProcessEnv> {
  const { username, password } = admin;
  const response = await fetch(`${server.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return { PATH: process.env.PATH, HOME: process.env.HOME, TRAZO_TOKEN: access_token };
}

/** The command that runs a program in a file, but for Rust, which is compiled first. */
const commands = { curl: 'bash', Python: 'python3', JavaScript: 'node' } as const;

async function output(language: keyof typeof commands, code: string, folder: string, server: Server): Promise<Answer> {
  const file = join(folder, language === 'JavaScript' ? 'trazo.mjs' : language);
  await writeFile(file, code);
  const { stdout } = await run(commands[language], [file], { env: await environment(server) });
  return JSON.parse(stdout);
}

function expectSame(answer: Answer, expected: Answer): void {
  const { prediccion, numero, probabilidad } = expected;
  expect(answer).toMatchObject({ ...(numero === undefined ? { prediccion } : { numero }), probabilidad });
}

for (const language of ['curl', 'Python', 'JavaScript'] as const) {
  test(`a drawing copied as ${language} gets the answer that the page gets`, async ({ page, draw, server, folder }) => {
    await draw.open();
    await draw.draw(drawing('5-two-strokes'));
    await draw.expectPrediction(5);
    const code = await copied(page, draw, language);
    expect(code).toContain(`${server.url}/api/predict`);
    expect(code).toContain(`TRAZO_TOKEN: una clave de API de tu cuenta (${server.url}/account)`);
    expect(code.length, 'the drawing is small').toBeLessThan(6_000);
    expectSame(await output(language, code, folder, server), await answerToPage(page, draw));
  });
}

test('a drawing copied as Rust gets the answer that the page gets', async ({ page, draw, server, folder }) => {
  // Compiling an HTTP client with TLS takes a minute or two.
  test.setTimeout(600_000);
  await draw.open();
  await draw.draw(drawing('5-two-strokes'));
  await draw.expectPrediction(5);
  const code = await copied(page, draw, 'Rust');
  const manifest = /^\/\/ (\[dependencies\]\n(?:\/\/ .+\n)+)/m.exec(code)?.[1]?.replaceAll('// ', '') ?? '';
  expect(manifest).toContain('ureq');
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'Cargo.toml'), `[package]\nname = "trazo"\nedition = "2024"\n\n${manifest}`);
  await writeFile(join(folder, 'src/main.rs'), code);
  // The versions that this workspace uses, so that nothing new is fetched.
  await copyFile(join(root, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target', 'copy-as');
  await run('cargo', ['build', '--quiet'], { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: target } });
  const { stdout } = await run(join(target, 'debug/trazo'), [], { env: await environment(server) });
  expectSame(JSON.parse(stdout), await answerToPage(page, draw));
});

test('several digits are copied as a request for a number', async ({ page, draw, server, folder }) => {
  await draw.open();
  await draw.draw(pair('4-open', '2-plain'));
  await expect(draw.prediction).toContainText('42');
  const answer = await output('Python', await copied(page, draw, 'Python'), folder, server);
  expect(answer.numero).toBe('42');
  expectSame(answer, await answerToPage(page, draw));
});

test('an image is copied as it is sent, under a name of ours', async ({ page, draw, server, folder }) => {
  await draw.open();
  const buffer = await renderImage(page, drawing('4-open'), { type: 'image/jpeg', ink: '#123', paper: '#eec' });
  const chooser = page.waitForEvent('filechooser');
  await draw.upload.click();
  await (await chooser).setFiles({ name: "$(touch x)'.jpg", mimeType: 'image/jpeg', buffer });
  await draw.expectPrediction(4);
  const code = await copied(page, draw, 'curl');
  expect(code).not.toContain('touch');
  expectSame(await output('curl', code, folder, server), await answerToPage(page, draw));
});

test('a refused request ends with an error and the server’s reason', async ({ page, draw, folder }) => {
  await draw.open();
  await draw.draw(drawing('1-plain'));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TRAZO_TOKEN: 'none' };
  for (const language of ['curl', 'Python', 'JavaScript'] as const) {
    const file = join(folder, language === 'JavaScript' ? 'trazo.mjs' : language);
    await writeFile(file, await copied(page, draw, language));
    const error = await run(commands[language], [file], { env }).catch((error: unknown) => error);
    expect(JSON.stringify(error), language).toContain('token_invalid');
  }
});

test('the menu works with the keyboard, says that there is nothing to copy, and is accessible', async ({
  page,
  draw,
}) => {
  await draw.open();
  await draw.copyAs.focus();
  await page.keyboard.press('Enter');
  const first = page.getByRole('button', { name: 'Copiar como curl' });
  await expect(first).toBeDisabled();
  await expect(page.getByText('Dibuja algo antes.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(first).toBeHidden();
  await expect(draw.copyAs).toBeFocused();

  await draw.draw(drawing('1-plain'));
  await draw.copyAs.focus();
  await page.keyboard.press('Enter');
  await expect(first).toBeEnabled();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copiado' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('base64 --decode');
});

test('where the page can’t copy, the program can be copied by hand', async ({ page, draw }) => {
  await leaveSecureContext(page);
  await draw.open();
  await draw.draw(drawing('1-plain'));
  await draw.copyAs.click();
  await page.getByRole('button', { name: 'Copiar como Python' }).click();
  await expect(page.getByText('El navegador no deja copiar.')).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveValue(/import base64/);
});

test('without a network the menu says so, and works once it is back', async ({ page, draw, context, monitor }) => {
  monitor.allow(/ERR_INTERNET_DISCONNECTED|failed request|dynamically imported|wasm|Failed to fetch/i);
  await draw.open();
  await draw.draw(drawing('1-plain'));
  await context.setOffline(true);
  await draw.copyAs.click();
  await expect(draw.alert).toContainText('No hay conexión');
  await context.setOffline(false);
  await draw.copyAs.click();
  await draw.copyAs.click();
  await expect(page.getByRole('button', { name: 'Copiar como Rust' })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 700 }, hasTouch: true, isMobile: true });

  test('the menu fits, and a tap copies', async ({ page, draw }) => {
    await draw.open();
    await draw.draw(drawing('7-bar'));
    await draw.expectPrediction(7);
    await draw.copyAs.tap();
    const button = page.getByRole('button', { name: 'Copiar como Rust' });
    await expect(button).toBeInViewport();
    for (const target of [draw.copyAs, button]) {
      const box = await target.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    await expectNoHorizontalOverflow(page);
    await button.tap();
    await expect(page.getByRole('button', { name: 'Copiado' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('use base64::');
  });
});

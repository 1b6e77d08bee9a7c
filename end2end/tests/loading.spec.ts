// The first load: its size over the wire, its headers, what is there before the WASM runs, and 404.

import { expect, test } from '../support/test';
import { words } from '../support/words';

// What a first visit finds.
test.use({ as: 'visitor' });

const BUDGET = 450_000;
const FOR_EVER = 365 * 24 * 60 * 60;

interface Loaded {
  url: string;
  bytes: number;
  headers: Record<string, string>;
}

test('everything of the first load fits the budget, compressed, hashed and cached for ever', async ({
  page,
  draw,
  server,
}) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const responses = new Map<string, { url: string; headers: Record<string, string> }>();
  const loaded: Loaded[] = [];
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    responses.set(requestId, { url: response.url, headers });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const response = responses.get(requestId);
    if (response && !response.url.startsWith('data:')) loaded.push({ ...response, bytes: encodedDataLength });
  });
  await draw.open();
  await expect.poll(() => loaded.some(({ url }) => url.endsWith('.wasm'))).toBe(true);

  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const list = loaded.map(({ url, bytes }) => `${String(bytes).padStart(8)} ${url.replace(server.url, '')}`).join('\n');
  console.log(`first load: ${total} bytes over the wire\n${list}`);
  test.info().annotations.push({ type: 'first load', description: `${total} bytes` });
  expect(total, list).toBeLessThanOrEqual(BUDGET);

  for (const { url, headers, bytes } of loaded) {
    const { pathname } = new URL(url);
    if (bytes > 1_000) expect(headers['content-encoding'], pathname).toBe('br');
    if (pathname === '/') {
      expect(headers['cache-control'] ?? '', 'the HTML names the hashed files, so it is not kept').not.toContain(
        'immutable',
      );
      continue;
    }
    if (!pathname.includes('/pkg/')) continue;
    expect(pathname, 'the name carries a hash').toMatch(/\.[\w-]{8,}\.(js|wasm|css)$/);
    expect(headers['cache-control'], pathname).toContain('immutable');
    expect(Number(/max-age=(\d+)/.exec(headers['cache-control'] ?? '')?.[1]), pathname).toBeGreaterThanOrEqual(
      FOR_EVER,
    );
    if (pathname.endsWith('.wasm')) expect(headers['content-type']).toBe('application/wasm');
  }
  expect(loaded.map(({ url }) => url.split('.').pop())).toEqual(expect.arrayContaining(['js', 'wasm', 'css']));
});

test('a second visit loads nothing of the package again', async ({ page, draw }) => {
  await draw.open();
  const kept = new Set<string>();
  const again: string[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestServedFromCache', ({ requestId }) => kept.add(requestId));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const isKept = response.fromDiskCache || kept.has(requestId);
    if (!isKept && new URL(response.url).pathname.includes('/pkg/')) again.push(response.url);
  });
  await draw.open();
  expect(again).toEqual([]);
});

test('the icons and the manifest that the page names are there', async ({ page, draw, request }) => {
  await draw.open();
  const links = await page
    .locator('link[rel~="icon"], link[rel="manifest"], link[rel="apple-touch-icon"]')
    .evaluateAll((elements) => elements.map((element) => (element as HTMLLinkElement).href));
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) {
    const answer = await request.get(link);
    expect(answer.status(), link).toBe(200);
    expect((await answer.body()).length, link).toBeGreaterThan(0);
    if (!link.includes('manifest')) continue;
    const manifest = (await answer.json()) as { name: string; icons: { src: string }[] };
    expect(manifest.name).toBeTruthy();
    for (const { src } of manifest.icons) expect((await request.get(new URL(src, link).href)).status(), src).toBe(200);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the frame and the words are there', async ({ page, draw, guard }) => {
    // The browser drops the scripts it preloaded.
    guard.announce(/\.js csp$/);
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(draw.canvas).toBeVisible();
    for (const word of [words.es.undo, words.es.clear, words.es.ask, words.es.upload]) {
      await expect(page.getByText(word).first()).toBeVisible();
    }
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.bar(9)).toBeVisible();
  });
});

test('a stroke drawn before the WASM has come does not break the page', async ({ page, draw }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await expect(draw.canvas).toBeVisible();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error('the canvas is not shown');
  await page.mouse.move(box.x + 100, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 200, { steps: 4 });
  await page.mouse.up();
  release();
  await draw.ready();
});

test('an unknown address is answered 404 with a page that leads back', async ({ page, draw, guard, server }) => {
  guard.announce(/no-such-page/);
  const answer = await page.goto('/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page).toHaveURL(`${server.url}/`);
  await draw.ready();
  await expect(draw.canvas).toBeVisible();

  const english = await fetch(`${server.url}/no-such-page`, { headers: { 'accept-language': 'en' } });
  expect(english.status).toBe(404);
  expect(await english.text()).toContain('lang="en"');
});

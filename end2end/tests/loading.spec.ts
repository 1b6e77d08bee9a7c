// The first load: its transfer size, its headers, the page before the WASM runs, and the page for unknown paths.

import { expect, test } from '../support/fixtures';
import { labels } from '../support/labels';
import { holdRequests, recordRequests } from '../support/network';
import { hydrated } from '../support/page';

// The service worker loads its files later than all that is counted here, and is allowed so that this is found out.
test.use({ as: 'visitor', serviceWorkers: 'allow' });

/** The largest transfer size of the first load, in bytes. */
const BUDGET = 430_000;
/** In seconds. */
const YEAR = 365 * 24 * 60 * 60;

interface LoadedFile {
  url: string;
  bytes: number;
  headers: Record<string, string>;
}

test('the first load fits the budget, and its files are compressed, hashed and cached for a year', async ({
  page,
  draw,
  server,
}) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const responses = new Map<string, { url: string; headers: Record<string, string> }>();
  const files: LoadedFile[] = [];
  const pending = new Set<string>();
  session.on('Network.requestWillBeSent', ({ requestId }) => pending.add(requestId));
  session.on('Network.loadingFailed', ({ requestId }) => pending.delete(requestId));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    responses.set(requestId, { url: response.url, headers });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    pending.delete(requestId);
    const response = responses.get(requestId);
    if (response && !response.url.startsWith('data:')) files.push({ ...response, bytes: encodedDataLength });
  });
  await draw.open();
  await expect.poll(() => files.some(({ url }) => url.endsWith('.wasm'))).toBe(true);
  await expect.poll(() => pending.size).toBe(0);
  // Its requests are not those of the page.
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);

  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const list = files.map(({ url, bytes }) => `${String(bytes).padStart(8)} ${url.replace(server.url, '')}`).join('\n');
  console.log(`first load: ${total} bytes transferred\n${list}`);
  test.info().annotations.push({ type: 'first load', description: `${total} bytes` });
  expect(total, list).toBeLessThanOrEqual(BUDGET);

  for (const { url, headers, bytes } of files) {
    const { pathname } = new URL(url);
    if (bytes > 1_000) expect(headers['content-encoding'], pathname).toBe('br');
    if (pathname === '/') {
      expect(
        headers['cache-control'] ?? '',
        'the HTML refers to the hashed files, so it is not immutable',
      ).not.toContain('immutable');
      continue;
    }
    if (!pathname.includes('/pkg/')) continue;
    expect(pathname, 'the name contains a hash').toMatch(/\.[\w-]{8,}\.(js|wasm|css)$/);
    expect(headers['cache-control'], pathname).toContain('immutable');
    expect(Number(/max-age=(\d+)/.exec(headers['cache-control'] ?? '')?.[1]), pathname).toBeGreaterThanOrEqual(YEAR);
    if (pathname.endsWith('.wasm')) expect(headers['content-type']).toBe('application/wasm');
  }
  expect(files.map(({ url }) => url.split('.').pop())).toEqual(expect.arrayContaining(['js', 'wasm', 'css']));
});

test('the code of another page comes in few files', async ({ page }) => {
  const requests = recordRequests(page);
  await page.goto('/login');
  await hydrated(page);
  const files = new Set(requests.map(({ pathname }) => pathname).filter((path) => path.endsWith('.wasm')));
  console.log(`/login: ${files.size} files of WASM`);
  expect(files.size, [...files].join('\n')).toBeLessThanOrEqual(12);
});

test('a second visit loads scripts, WASM and styles from the cache', async ({ page, draw }) => {
  await draw.open();
  const cached = new Set<string>();
  const reloaded: string[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestServedFromCache', ({ requestId }) => cached.add(requestId));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const isCached = response.fromDiskCache || cached.has(requestId);
    if (!isCached && new URL(response.url).pathname.includes('/pkg/')) reloaded.push(response.url);
  });
  await draw.open();
  expect(reloaded).toEqual([]);
});

test('the icons and the manifest that the page links to exist', async ({ page, draw, request }) => {
  await draw.open();
  const links = await page
    .locator('link[rel~="icon"], link[rel="manifest"], link[rel="apple-touch-icon"]')
    .evaluateAll((elements) => elements.map((element) => (element as HTMLLinkElement).href));
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) {
    const response = await request.get(link);
    expect(response.status(), link).toBe(200);
    expect((await response.body()).length, link).toBeGreaterThan(0);
    if (!link.includes('manifest')) continue;
    const manifest = (await response.json()) as { name: string; icons: { src: string }[] };
    expect(manifest.name).toBeTruthy();
    for (const { src } of manifest.icons) expect((await request.get(new URL(src, link).href)).status(), src).toBe(200);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page and its texts are visible', async ({ page, draw, monitor }) => {
    // The browser blocks the scripts that it preloaded.
    monitor.allow(/\.js csp$/);
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(draw.canvas).toBeVisible();
    for (const label of [labels.es.undo, labels.es.clear, labels.es.askServer, labels.es.upload]) {
      await expect(page.getByText(label).first()).toBeVisible();
    }
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.bar(9)).toBeVisible();
  });
});

test('a stroke drawn before the WASM is loaded does not break the page', async ({ page, draw }) => {
  const wasm = await holdRequests(page, '**/*.wasm');
  await page.goto('/', { waitUntil: 'commit' });
  await expect(draw.canvas).toBeVisible();
  const box = await draw.canvasBox();
  await page.mouse.move(box.x + 100, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 200, { steps: 4 });
  await page.mouse.up();
  wasm.release();
  await draw.ready();
});

test('an unknown path is answered with 404 and a page that links to the drawing page', async ({
  page,
  draw,
  monitor,
  server,
}) => {
  monitor.allow(/no-such-page/);
  const wasm = page.waitForResponse('**/*.wasm');
  const response = await page.goto('/no-such-page');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  // Leaving the page while it loads the WASM would abort that request.
  await (await wasm).finished();
  await page.getByRole('main').getByRole('link').first().click();
  await expect(page).toHaveURL(`${server.url}/`);
  await draw.ready();
  await expect(draw.canvas).toBeVisible();

  const english = await fetch(`${server.url}/no-such-page`, { headers: { 'accept-language': 'en' } });
  expect(english.status).toBe(404);
  expect(await english.text()).toContain('lang="en"');
});

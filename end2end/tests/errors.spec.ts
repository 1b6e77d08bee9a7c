// What the page says when the server refuses, fails or can't be reached. The drawing is kept, and asking again works.

import type { Route } from '@playwright/test';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';

interface Refusal {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** What the message must say, in Spanish. */
  says: RegExp;
}

const json = (code: string) => JSON.stringify({ code, error: 'text of the server' });

const refusals: Record<string, Refusal> = {
  '503 overloaded': { status: 503, body: json('overloaded'), headers: { 'retry-after': '2' }, says: /2 segundos/ },
  '429 rate limited': {
    status: 429,
    body: json('rate_limited'),
    headers: { 'retry-after': '120' },
    says: /2 minutos/,
  },
  '413 too large': { status: 413, body: json('file_too_large'), says: /grande/i },
  '422 unreadable': { status: 422, body: json('image_unreadable'), says: /imagen/i },
  '500 internal': { status: 500, body: json('internal'), says: /servidor/i },
  '502 from a proxy, without JSON': { status: 502, body: '<h1>Bad gateway</h1>', says: /servidor/i },
  '400 with a code of the future': { status: 400, body: json('code_of_tomorrow'), says: /\S/ },
  '200 that is no prediction': { status: 200, body: '<p>Sign in to the Wi-Fi</p>', says: /servidor/i },
};

for (const [name, { says, ...refusal }] of Object.entries(refusals)) {
  test(`${name} is explained and can be tried again`, async ({ page, draw, guard }) => {
    guard.announce(/\/predict/);
    await draw.open();
    await draw.draw(drawing('4-closed'));
    await draw.reads(4);
    const ink = await draw.ink();

    const refuse = (route: Route) => route.fulfill({ contentType: 'application/json', ...refusal });
    await page.route('**/predict', refuse);
    await draw.ask.click();
    await expect(draw.alert).toBeVisible();
    await expect(draw.alert).toContainText(says);
    await expect(draw.alert).not.toContainText('text of the server');
    await expect(draw.serverAnswer).not.toHaveAttribute('data-digit', /\d/);
    expect(await draw.ink()).toBeCloseTo(ink, 5);
    await draw.reads(4);

    await page.unroute('**/predict', refuse);
    await draw.ask.click();
    await draw.serverReads(4);
    await expect(draw.alert).toBeHidden();
  });
}

test('without a network the page reads on, says the server is out of reach, and recovers', async ({
  context,
  draw,
  guard,
}) => {
  guard.announce(/\/predict/, /ERR_INTERNET_DISCONNECTED/);
  await draw.open();
  await context.setOffline(true);
  await draw.draw(drawing('9-straight'));
  await draw.reads(9);
  await draw.ask.click();
  await expect(draw.alert).toContainText(/conexión/);
  await context.setOffline(false);
  await draw.ask.click();
  await draw.serverReads(9);
  await expect(draw.alert).toBeHidden();
});

test('a slow server: the button is busy, is not asked twice, and a late answer to a cleared drawing is dropped', async ({
  page,
  draw,
}) => {
  await draw.open();
  await draw.draw(drawing('0-round'));
  await draw.reads(0);

  let asked = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/predict', async (route) => {
    asked += 1;
    await held;
    await route.continue().catch(() => {});
  });
  await draw.ask.click();
  await expect.poll(() => asked).toBe(1);
  await expect(draw.ask).toHaveAttribute('aria-busy', 'true');
  await draw.ask.click({ force: true });
  await page.waitForTimeout(200);
  expect(asked).toBe(1);

  await draw.clear.click();
  release();
  await draw.draw(drawing('7-bar'));
  await draw.reads(7);
  await page.waitForTimeout(500);
  await expect(draw.serverAnswer).not.toHaveAttribute('data-digit', '0');
  await draw.ask.click();
  await draw.serverReads(7);
});

test('asking with nothing drawn is not possible, or explained', async ({ draw }) => {
  await draw.open();
  await expect(draw.ask).toBeDisabled();
  await draw.draw(drawing('1-plain'));
  await expect(draw.ask).toBeEnabled();
});

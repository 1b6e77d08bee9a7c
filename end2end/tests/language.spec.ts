// Spanish first; English by Accept-Language and by the switch; remembered.

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/test';
import { words } from '../support/words';

const wanted: [header: string | undefined, language: 'es' | 'en'][] = [
  [undefined, 'es'],
  ['', 'es'],
  ['*', 'es'],
  ['es-MX,es;q=0.9', 'es'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['EN-us', 'en'],
  ['fr-FR,fr;q=0.9', 'es'],
  ['fr,en;q=0.8,es;q=0.5', 'en'],
  ['en;q=0.5,es;q=0.9', 'es'],
  ['en;q=0', 'es'],
  [';;;q=x,,-en', 'es'],
];

/** `fetch` adds an Accept-Language of its own; this sends what it is told, or none. */
async function raw(url: string, acceptLanguage?: string): Promise<{ status?: number; html: string; vary: string }> {
  const sent = get(url, { headers: acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage } });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, html: await text(answer), vary: answer.headers.vary ?? '' };
}

for (const [header, language] of wanted) {
  test(`the server renders ${language} for Accept-Language ${JSON.stringify(header ?? 'none')}`, async ({ server }) => {
    const { status, html, vary } = await raw(server.url, header);
    expect(status).toBe(200);
    const other = language === 'es' ? 'en' : 'es';
    expect(/<html[^>]*\slang="([^"]*)"/.exec(html)?.[1]).toBe(language);
    expect(html).toContain(words[language].ask);
    expect(html).not.toContain(words[other].ask);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(vary.toLowerCase()).toContain('accept-language');
  });
}

test.describe('a Spanish visitor', () => {
  test.use({ locale: 'es-AR' });

  test('switches to English, keeps the drawing, and finds English again after a reload', async ({
    page,
    draw,
    server,
  }) => {
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await draw.draw(drawing('3-round'));
    await draw.reads(3);

    await draw.languageSwitch.click();
    const english = new DrawPage(page, 'en');
    await english.ready();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(english.ask).toBeVisible();
    await expect(english.canvas).toBeVisible();
    await expect(draw.ask).toBeHidden();
    await english.reads(3);
    await expect(page).toHaveTitle(/\S/);

    await page.reload();
    await english.ready();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(english.ask).toBeVisible();

    // What the server sends is English already: nothing flickers.
    const html = await (await page.request.get(server.url)).text();
    expect(html).toContain('lang="en"');
    expect(html).toContain(words.en.ask);

    await english.languageSwitch.click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await page.reload();
    await draw.ready();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.ask).toBeVisible();
  });
});

test.describe('an English visitor', () => {
  test.use({ locale: 'en-GB' });

  test('is served English, draws and is answered', async ({ page }) => {
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await draw.draw(drawing('6-big-loop'));
    await draw.reads(6);
    await draw.ask.click();
    await draw.serverReads(6);
    await expect(page.locator('body')).not.toContainText(/Preguntar|Borrar|Deshacer|Grosor/);
  });
});

test.describe('a French visitor', () => {
  test.use({ locale: 'fr-FR' });

  test('is served Spanish, before and after hydration', async ({ page, draw }) => {
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.ask).toBeVisible();
  });
});

test('a forged language cookie changes nothing but the language', async ({ page, draw, server, context }) => {
  await draw.open();
  await draw.languageSwitch.click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const cookies = await context.cookies(server.url);
  expect(cookies.length, 'the choice is a cookie, so that the server sees it').toBeGreaterThan(0);
  for (const value of ['"><script>alert(1)</script>', '../../etc', 'x'.repeat(3000)]) {
    const answer = await fetch(server.url, {
      headers: { cookie: cookies.map(({ name }) => `${name}=${value}`).join('; ') },
    });
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain('lang="es"');
    expect(html).not.toContain('alert(1)');
  }
});

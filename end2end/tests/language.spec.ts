// The language of the interface: Spanish by default, English by Accept-Language or by the switch, which is remembered.

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { DrawPage } from '../support/draw-page';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { labels } from '../support/labels';

const languages: [acceptLanguage: string | undefined, language: 'es' | 'en'][] = [
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

/** Requests a page with exactly this Accept-Language, or without one; `fetch` would add its default. */
async function getPage(url: string, acceptLanguage?: string): Promise<{ status?: number; html: string; vary: string }> {
  const request = get(url, { headers: acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, html: await text(response), vary: response.headers.vary ?? '' };
}

for (const [header, language] of languages) {
  test(`the server renders ${language} for Accept-Language ${JSON.stringify(header ?? 'none')}`, async ({ server }) => {
    const { status, html, vary } = await getPage(server.url, header);
    expect(status).toBe(200);
    const other = language === 'es' ? 'en' : 'es';
    expect(/<html[^>]*\slang="([^"]*)"/.exec(html)?.[1]).toBe(language);
    expect(html).toContain(labels[language].askServer);
    expect(html).not.toContain(labels[other].askServer);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(vary.toLowerCase()).toContain('accept-language');
  });
}

test.describe('a Spanish visitor', () => {
  test.use({ locale: 'es-AR' });

  test('switches to English, keeps the drawing, and still sees English after a reload', async ({
    page,
    draw,
    server,
  }) => {
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await draw.draw(drawing('3-round'));
    await draw.expectPrediction(3);

    await draw.languageSwitch.click();
    const english = new DrawPage(page, 'en');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(english.askServer).toBeVisible();
    await expect(english.canvas).toBeVisible();
    await expect(draw.askServer).toBeHidden();
    await english.expectPrediction(3);
    await expect(page).toHaveTitle(/\S/);

    await page.reload();
    await english.ready();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(english.askServer).toBeVisible();

    // The server already renders English, so the text does not change on hydration.
    const html = await (await page.request.get(server.url)).text();
    expect(html).toContain('lang="en"');
    expect(html).toContain(labels.en.askServer);

    await english.languageSwitch.click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await page.reload();
    await draw.ready();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.askServer).toBeVisible();
  });
});

test.describe('an English visitor', () => {
  test.use({ locale: 'en-GB' });

  test('is served English and gets predictions', async ({ page }) => {
    const draw = new DrawPage(page, 'en');
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await draw.draw(drawing('6-big-loop'));
    await draw.expectPrediction(6);
    await draw.askServer.click();
    await draw.expectServerPrediction(6);
    await expect(page.locator('body')).not.toContainText(/Preguntar|Borrar|Deshacer|Rehacer|Goma|cuadrícula/);
  });
});

test.describe('a French visitor', () => {
  test.use({ locale: 'fr-FR' });

  test('is served Spanish, before and after hydration', async ({ page, draw }) => {
    await draw.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'es');
    await expect(draw.askServer).toBeVisible();
  });
});

test('a forged language cookie falls back to Spanish and is not echoed', async ({ page, draw, server, context }) => {
  await draw.open();
  await draw.languageSwitch.click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  const cookies = await context.cookies(server.url);
  expect(cookies.length, 'the choice is stored in a cookie, which the server reads').toBeGreaterThan(0);
  for (const value of ['"><script>alert(1)</script>', '../../etc', 'x'.repeat(3000)]) {
    const response = await fetch(server.url, {
      headers: { cookie: cookies.map(({ name }) => `${name}=${value}`).join('; ') },
    });
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('lang="es"');
    expect(html).not.toContain('alert(1)');
  }
});

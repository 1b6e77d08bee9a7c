// How the drawing page shows that a prediction failed. The drawing is kept, and a retry works.

import type { Route } from '@playwright/test';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { holdRequests } from '../support/network';

interface ErrorResponse {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** The pattern of the Spanish error message. */
  message: RegExp;
}

const json = (code: string) => JSON.stringify({ code, error: 'text of the server' });

const errorResponses: Record<string, ErrorResponse> = {
  '503 overloaded': { status: 503, body: json('overloaded'), headers: { 'retry-after': '2' }, message: /2 segundos/ },
  '429 rate limited': {
    status: 429,
    body: json('rate_limited'),
    headers: { 'retry-after': '120' },
    message: /2 minutos/,
  },
  '408 too slow': { status: 408, body: json('request_timeout'), message: /tarda demasiado/ },
  '413 too large': { status: 413, body: json('file_too_large'), message: /grande/i },
  '422 unreadable': { status: 422, body: json('image_unreadable'), message: /imagen/i },
  '500 internal': { status: 500, body: json('internal'), message: /servidor/i },
  '502 from a proxy, without JSON': { status: 502, body: '<h1>Bad gateway</h1>', message: /servidor/i },
  '400 with an unknown code': { status: 400, body: json('code_of_tomorrow'), message: /\S/ },
  '200 without a prediction': { status: 200, body: '<p>Sign in to the Wi-Fi</p>', message: /servidor/i },
};

for (const [name, { message, ...response }] of Object.entries(errorResponses)) {
  test(`the response ${name} is explained and can be retried`, async ({ page, draw, monitor }) => {
    monitor.allow(/\/predict/);
    await draw.open();
    await draw.draw(drawing('4-closed'));
    await draw.expectPrediction(4);
    const ink = await draw.ink();

    const fail = (route: Route) => route.fulfill({ contentType: 'application/json', ...response });
    await page.route('**/predict', fail);
    await draw.askServer.click();
    await expect(draw.alert).toBeVisible();
    await expect(draw.alert).toContainText(message);
    await expect(draw.alert).not.toContainText('text of the server');
    await draw.expectNoServerPrediction();
    expect(await draw.ink()).toBeCloseTo(ink, 5);
    await draw.expectPrediction(4);

    await page.unroute('**/predict', fail);
    await draw.askServer.click();
    await draw.expectServerPrediction(4);
    await expect(draw.alert).toBeHidden();
  });
}

test('without a network the page still predicts, reports that the server is unreachable, and recovers', async ({
  context,
  draw,
  monitor,
}) => {
  monitor.allow(/\/predict/, /ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  await draw.open();
  await context.setOffline(true);
  await draw.draw(drawing('9-straight'));
  await draw.expectPrediction(9);
  await draw.askServer.click();
  await expect(draw.alert).toContainText(/conexión/);
  await context.setOffline(false);
  await draw.askServer.click();
  await draw.expectServerPrediction(9);
  await expect(draw.alert).toBeHidden();
});

test('while the server is slow the button is busy and sends no second request, and a response after a clear is dropped', async ({
  page,
  draw,
}) => {
  await draw.open();
  await draw.draw(drawing('0-round'));
  await draw.expectPrediction(0);

  const requests = await holdRequests(page, '**/predict');
  const lateResponse = page.waitForResponse('**/predict');
  await draw.askServer.click();
  await expect.poll(requests.count).toBe(1);
  await expect(draw.askServer).toHaveAttribute('aria-busy', 'true');
  await draw.askServer.click({ force: true });

  await draw.clear.click();
  requests.release();
  await (await lateResponse).finished();
  await draw.draw(drawing('7-bar'));
  await draw.expectPrediction(7);
  await draw.expectNoServerPrediction();
  expect(requests.count()).toBe(1);

  await draw.askServer.click();
  await draw.expectServerPrediction(7);
  // A request of the second click would have been sent before this one.
  expect(requests.count()).toBe(2);
});

test('the server can be asked only after something is drawn', async ({ draw }) => {
  await draw.open();
  await expect(draw.askServer).toBeDisabled();
  await draw.draw(drawing('1-plain'));
  await expect(draw.askServer).toBeEnabled();
});

test('an upload is cut off when nothing has moved for 20 seconds, however long it takes in all', async ({
  page,
  draw,
  monitor,
}) => {
  monitor.allow(/\/predict/);
  await page.addInitScript(() => {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (body) {
      Object.assign(window, { uploading: this.upload });
      send.call(this, body);
    };
  });
  await page.clock.install();
  await page.addInitScript(() => {
    // The page keeps the ids of timers in 32 bits; those of the installed clock are larger.
    const ids: number[] = [];
    const { setTimeout: set, clearTimeout: clear } = window;
    Object.assign(window, {
      setTimeout: (handler: TimerHandler, delay?: number) => ids.push(set(handler, delay)),
      clearTimeout: (id: number) => clear(ids[id - 1]),
    });
  });
  await draw.open();
  await draw.draw(drawing('6-curved'));
  await draw.expectPrediction(6);
  const requests = await holdRequests(page, '**/predict');
  // From here on the clock moves only when it is told to.
  await page.clock.pauseAt(Date.now() + 60_000);
  await draw.askServer.click();
  await expect.poll(requests.count).toBe(1);
  for (const loaded of [250, 500, 750]) {
    await page.clock.runFor(10_000);
    await page.evaluate((loaded) => {
      const { uploading } = window as unknown as { uploading: XMLHttpRequestUpload };
      uploading.dispatchEvent(new ProgressEvent('progress', { lengthComputable: true, loaded, total: 1000 }));
    }, loaded);
    await expect(page.getByText(`Enviando: ${loaded / 10},0`)).toBeVisible();
  }
  await page.clock.runFor(10_000);
  await expect(draw.askServer).toHaveAttribute('aria-busy', 'true');
  await page.clock.runFor(12_000);
  await expect(draw.alert).toContainText('tarda demasiado');
  await draw.expectPrediction(6);
});

test('a response that comes after the page was left does not stop the next page', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('4-closed'));
  const requests = await holdRequests(page, '**/predict');
  const response = page.waitForResponse('**/predict');
  await draw.askServer.click();
  await expect.poll(requests.count).toBe(1);
  await page.getByRole('link', { name: 'El modelo y sus cifras' }).click();
  await expect(page).toHaveURL(/\/model$/);
  requests.release();
  await (await response).finished();
  await page.goBack();
  await draw.expectPrediction(4);
  await draw.askServer.click();
  await draw.expectServerPrediction(4);
  await expect(page.locator('html')).not.toHaveAttribute('data-failed');
});

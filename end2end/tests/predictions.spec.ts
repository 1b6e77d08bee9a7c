// Every recorded drawing is predicted correctly: live by the page, and by the server.

import { signIn } from '../support/accounts';
import { accessibilityViolations } from '../support/axe';
import { DrawPage } from '../support/draw-page';
import { drawing, drawings, pair } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { layoutShifts, recordLayoutShifts, totalShift } from '../support/layout-shifts';
import { recordRequests } from '../support/network';
import { frameRendered } from '../support/page';
import { admin } from '../support/server';

const digits = [...new Set(drawings.map(({ label }) => label))];

test('the drawings cover every digit several times', () => {
  expect(digits.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const digit of digits) {
    expect(drawings.filter(({ label }) => label === digit).length).toBeGreaterThanOrEqual(4);
  }
});

for (const digit of digits) {
  test(`every drawn ${digit} is predicted correctly`, async ({ page, draw }) => {
    test.slow();
    await draw.open();
    for (const drawing of drawings.filter(({ label }) => label === digit)) {
      await test.step(`${drawing.name}: ${drawing.description}`, async () => {
        await draw.choosePen(drawing.pen);
        await draw.draw(drawing);
        await expect.soft(draw.prediction, `${drawing.name}, live`).toHaveAttribute('data-digit', String(digit));
        const response = page.waitForResponse('**/predict');
        await draw.askServer.click();
        const body = (await (await response).json()) as { prediccion: number; probabilidades: number[] };
        expect.soft(body.prediccion, `${drawing.name}, by the server`).toBe(digit);
        expect(body.probabilidades).toHaveLength(10);
        await draw.expectServerPrediction(body.prediccion);
        await expect.soft(page.getByText('Coinciden.', { exact: true }), drawing.name).toBeVisible();
        await draw.clear.click();
        await draw.expectNoPrediction();
      });
    }
  });
}

test('the probabilities, the prediction and the model’s input follow the drawing', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await expect(draw.prediction).toContainText('3');
  const percents = await Promise.all(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(async (digit) => {
      const text = await draw.bar(digit).locator('span').last().textContent();
      const percent = /(\d+(?:[.,]\d+)?)\s*%/.exec(text ?? '')?.[1];
      expect(percent, `bar ${digit} shows its probability in per cent: ${text}`).toBeDefined();
      return Number(percent?.replace(',', '.'));
    }),
  );
  expect(Math.max(...percents)).toBe(percents[3]);
  const sum = percents.reduce((total, each) => total + each, 0);
  expect(sum).toBeGreaterThan(94);
  expect(sum).toBeLessThan(106);
  await expect(draw.modelInput).toBeVisible();
});

test('the server compares what the page has read, and counts and logs a difference', async ({
  openPage,
  privateServer: server,
}) => {
  const page = await openPage(server, await signIn(server, admin));
  const draw = new DrawPage(page);
  const counted = async (result: string) => {
    const text = await (await page.request.get(`${server.url}/metrics`)).text();
    return new RegExp(`^page_agreement_total{result="${result}"} (\\d+)$`, 'm').exec(text)?.[1];
  };
  const ask = async (path: string) => {
    const response = page.waitForResponse(path);
    await draw.askServer.click();
    const body = (await (await response).json()) as { modelo: string };
    return { reading: (await response).request().headers()['page-reading'], model: body.modelo };
  };
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  const { reading, model } = await ask('**/api/predict');
  expect(reading).toBe(`${model} 3`);
  await draw.clear.click();
  await draw.draw(pair('4-open', '2-plain'));
  await expect(draw.prediction).toContainText('42');
  expect((await ask('**/api/predict/number')).reading).toBe(`${model} 42`);
  expect([await counted('agreed'), await counted('disagreed')]).toEqual(['2', '0']);

  // As if the page had read something else.
  await page.route('**/api/predict/number', (route) =>
    route.continue({ headers: { ...route.request().headers(), 'page-reading': `${model} 43` } }),
  );
  await ask('**/api/predict/number');
  expect([await counted('agreed'), await counted('disagreed')]).toEqual(['2', '1']);
  const { entries } = await (await page.request.get('/api/admin/errors')).json();
  expect(JSON.stringify(entries)).toContain(`la página leyó '43' (modelo ${model}) y el servidor '42'`);
});

test('a server that reads another digit than the page is shown as an error, until the drawing changes', async ({
  page,
  draw,
}) => {
  const answers = { prediccion: 8 };
  await page.route('**/predict', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...answers } });
  });
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await draw.askServer.click();
  await expect(draw.alert).toHaveText(/No coinciden\./);
  // A page that was opened before a release has another model.
  Object.assign(answers, { modelo: 'digits-of-tomorrow' });
  await draw.askServer.click();
  await expect(draw.alert).toContainText('Recárgala');
  await draw.draw(drawing('1-plain'));
  await expect(page.getByText('de un dibujo anterior')).toBeVisible();
  await expect(draw.alert).toBeHidden();
});

test('the server’s answer is corrected by key or tap, and taken back, without moving anything', async ({
  page,
  draw,
}) => {
  await recordLayoutShifts(page);
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await draw.askServer.click();
  await draw.expectServerPrediction(3);
  const open = page.getByRole('button', { name: 'No, era un…' });
  const takeBack = page.getByRole('button', { name: 'Retirar' });
  const newest = async () => {
    const { predictions } = await (await page.request.get('/api/predictions?per_page=1')).json();
    return [predictions[0].correccion, predictions[0].no_es_un_digito];
  };
  await open.click();
  await page.keyboard.press('8');
  await expect(page.getByText('Era un 8', { exact: true })).toBeVisible();
  await expect(takeBack).toBeFocused();
  expect(await newest()).toEqual([8, undefined]);
  await takeBack.click();
  await expect(open).toBeFocused();
  expect(await newest()).toEqual([null, undefined]);
  await open.click();
  await page.getByRole('group', { name: '¿Qué dígito era?' }).getByRole('button', { name: 'No era un dígito' }).click();
  await expect(page.getByText('No era un dígito', { exact: true })).toBeVisible();
  // The button has the same text.
  await expect.poll(newest).toEqual([null, true]);
  // Another answer is another prediction.
  await draw.askServer.click();
  await expect(open).toBeVisible();
  await open.click();
  await frameRendered(page);
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();
  const shifts = await layoutShifts(page);
  expect(totalShift(shifts), JSON.stringify(shifts, null, 1)).toBeLessThan(0.01);
});

test('a correction without a session is refused, and the page says why an account helps', async ({
  page,
  draw,
  monitor,
}) => {
  await draw.open();
  await draw.draw(drawing('3-round'));
  await draw.expectPrediction(3);
  await draw.askServer.click();
  await draw.expectServerPrediction(3);
  monitor.allow(/\/correction/, /401 \(Unauthorized\)/);
  await page.route('**/correction', (route) =>
    route.fulfill({ status: 401, json: { code: 'token_missing', msg: '' } }),
  );
  await page.getByRole('button', { name: 'No, era un…' }).click();
  await page.keyboard.press('8');
  await expect(draw.alert).toContainText('Con una cuenta puedes decir qué era');
  await expect(draw.alert.getByRole('link', { name: 'Entrar' })).toBeVisible();
});

test.describe('a visitor', () => {
  test.use({ as: 'visitor' });

  test('is told why an account helps', async ({ page, draw }) => {
    const requests = recordRequests(page);
    await draw.open();
    await draw.draw(drawing('3-round'));
    await draw.expectPrediction(3);
    await draw.askServer.click();
    await expect(page.getByText('Con una cuenta puedes decir qué era')).toBeVisible();
    await expect(page.getByRole('button', { name: 'No, era un…' })).toHaveCount(0);
    expect(requests.filter(({ pathname }) => pathname.startsWith('/api/'))).toEqual([]);
  });
});

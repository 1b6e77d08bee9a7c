// Every recorded drawing is predicted correctly: live by the page, and by the server.

import { drawing, drawings } from '../support/drawings';
import { expect, test } from '../support/fixtures';

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

// Every recorded drawing is read right: live by the page, and by the server when asked.

import { drawings } from '../support/drawings';
import { expect, test } from '../support/test';

const digits = [...new Set(drawings.map((drawing) => drawing.label))];

test('the drawings cover every digit several times', () => {
  expect(digits.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const digit of digits) {
    expect(drawings.filter(({ label }) => label === digit).length).toBeGreaterThanOrEqual(4);
  }
});

for (const digit of digits) {
  test(`every drawn ${digit} is read`, async ({ page, draw }) => {
    test.slow();
    await draw.open();
    for (const drawing of drawings.filter(({ label }) => label === digit)) {
      await test.step(`${drawing.name}: ${drawing.description}`, async () => {
        await draw.choosePen(drawing.pen);
        await draw.draw(drawing);
        await expect.soft(draw.answer, `${drawing.name}, live`).toHaveAttribute('data-digit', String(digit));
        const answered = page.waitForResponse('**/predict');
        await draw.ask.click();
        const answer = (await (await answered).json()) as { prediccion: number; probabilidades: number[] };
        expect.soft(answer.prediccion, `${drawing.name}, by the server`).toBe(digit);
        expect(answer.probabilidades).toHaveLength(10);
        await expect(draw.serverAnswer).toHaveAttribute('data-digit', String(answer.prediccion));
        await draw.clear.click();
        await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
      });
    }
  });
}

test('the bars, the answer and the picture the network sees follow the drawing', async ({ draw }) => {
  await draw.open();
  const three = drawings.find(({ name }) => name === '3-round');
  if (!three) throw new Error('no 3-round');
  await draw.draw(three);
  await draw.reads(3);
  await expect(draw.answer).toContainText('3');
  const percents = await Promise.all(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(async (digit) => {
      const text = await draw.bar(digit).locator('span').last().textContent();
      const percent = /(\d+(?:[.,]\d+)?)\s*%/.exec(text ?? '')?.[1];
      expect(percent, `bar ${digit} says its per cent: ${text}`).toBeDefined();
      return Number(percent?.replace(',', '.'));
    }),
  );
  expect(Math.max(...percents)).toBe(percents[3]);
  const sum = percents.reduce((total, each) => total + each, 0);
  expect(sum).toBeGreaterThan(94);
  expect(sum).toBeLessThan(106);
  await expect(draw.seen).toBeVisible();
});

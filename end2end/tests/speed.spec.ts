// What a live prediction costs, as the page itself measures it: told, not asserted, for a busy machine is no failure.

import { drawings } from '../support/drawings';
import { expect, test } from '../support/test';

test('the page measures its live predictions', async ({ page, draw }) => {
  await draw.open();
  for (const drawing of drawings.filter((_, index) => index % 5 === 0)) {
    await draw.draw(drawing);
    await draw.reads(drawing.label);
    await draw.clear.click();
  }
  const milliseconds = await page.evaluate(() =>
    performance
      .getEntriesByType('measure')
      .filter(({ name }) => name.includes('predict'))
      .map(({ duration }) => duration),
  );
  expect(milliseconds.length).toBeGreaterThanOrEqual(10);
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const report = `median ${at(0.5)} ms, p95 ${at(0.95)} ms, of ${sorted.length} live predictions`;
  console.log(report);
  test.info().annotations.push({ type: 'live prediction', description: report });
});

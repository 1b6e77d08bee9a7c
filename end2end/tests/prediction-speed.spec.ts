// How long a live prediction takes, as the page itself measures it. The times are reported and not asserted, because
// the load of the machine changes them.

import { drawings } from '../support/drawings';
import { expect, test } from '../support/fixtures';

test('the page measures its live predictions', async ({ page, draw }) => {
  await draw.open();
  for (const drawing of drawings.filter((_, index) => index % 5 === 0)) {
    await draw.draw(drawing);
    await draw.expectPrediction(drawing.label);
    await draw.clear.click();
    await draw.expectNoPrediction();
  }
  const milliseconds = await page.evaluate(() =>
    performance
      .getEntriesByType('measure')
      .filter(({ name }) => name.includes('predict'))
      .map(({ duration }) => duration),
  );
  expect(milliseconds.length).toBeGreaterThanOrEqual(10);
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const quantile = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const report = `median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, of ${sorted.length} live predictions`;
  console.log(report);
  test.info().annotations.push({ type: 'live prediction', description: report });
});

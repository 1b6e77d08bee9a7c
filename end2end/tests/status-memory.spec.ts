// The status dashboard, open for an hour with its shortest update interval: its memory doesn't grow. The hour passes as fast
// as the server answers. PRESSURE=long is the hour (docs/reliability.md); else it is two minutes, too few for the memory.

import type { CDPSession } from '@playwright/test';
import { expect, test } from '../support/fixtures';

const isLong = process.env.PRESSURE === 'long';

const interval = 2_000;

/** Updates in an hour, and those after which the dashboard forgets as much as it learns. */
const updates = isLong ? 1_800 : 60;
const settled = isLong ? 600 : 20;

/** What the last forty minutes may add, in megabytes. */
const growth = 5;

/** The memory of the page's objects and buffers, those of the WASM included, in megabytes. */
async function memory(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1e6;
}

test.use({ as: 'admin' });

test('the dashboard can stay open', async ({ page }) => {
  test.setTimeout(isLong ? 30 * 60_000 : 60_000);
  const session = await page.context().newCDPSession(page);
  await page.clock.install();
  await page.goto('/admin/status');
  const freshness = page.getByTestId('freshness');
  await expect(freshness).toHaveAttribute('data-state', 'live');
  await page.getByLabel('Cada').selectOption('2');
  let before = 0;
  for (let update = 0; update < updates; update += 1) {
    if (update === settled) before = await memory(session);
    const answer = page.waitForResponse('**/api/metrics');
    await page.clock.runFor(interval);
    expect((await answer).status()).toBe(200);
  }
  await expect(freshness).toHaveAttribute('data-state', 'live');
  const after = await memory(session);
  const isMet = after - before < growth;
  const figures = `${updates} updates, ${before.toFixed(1)} MB after ${settled}, ${after.toFixed(1)} MB after all`;
  console.log(`| Status page open for an hour | ${figures} | ${isMet ? 'met' : 'missed'} |`);
  if (isLong) expect(isMet).toBe(true);
});

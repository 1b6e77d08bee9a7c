// How long a first visit takes until a stroke is read, on a slow mobile network. The times are reported and not asserted,
// because the load of the machine changes them.

import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';

test.use({ as: 'visitor' });

interface Network {
  name: string;
  /** Milliseconds from a request to its response. */
  latency: number;
  /** Kilobits per second. */
  download: number;
  upload: number;
}

/** Both are called "Slow 4G", and stand for the same line. */
const networks: Network[] = [
  // The line as Lighthouse describes it.
  { name: 'Lighthouse', latency: 150, download: 1638.4, upload: 750 },
  // Chromium delays requests, not packets: its developer tools multiply the latency by the round trips of a request.
  { name: 'DevTools', latency: 562.5, download: 1440, upload: 675 },
];

for (const { name, latency, download, upload } of networks) {
  test(`the time until the first reading on ${name}' Slow 4G`, async ({ page, draw }) => {
    const bytes = (kilobits: number) => (kilobits * 1000) / 8;
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: bytes(download),
      uploadThroughput: bytes(upload),
    });
    await page.addInitScript(() => {
      new MutationObserver((changes) => {
        for (const { attributeName } of changes) {
          // The first of each attribute.
          if (attributeName && performance.getEntriesByName(attributeName).length === 0)
            performance.mark(attributeName);
        }
      }).observe(document, { subtree: true, attributeFilter: ['data-hydrated', 'data-digit'] });
    });
    await draw.open();
    await draw.draw(drawing('1-plain'));
    await draw.expectPrediction(1);
    const times = await page.evaluate(() => ({
      ready: performance.getEntriesByName('data-hydrated')[0]?.startTime,
      read: performance.getEntriesByName('data-digit')[0]?.startTime,
    }));
    expect(times.read).toBeGreaterThan(times.ready ?? 0);
    const seconds = (milliseconds = 0) => (milliseconds / 1000).toFixed(2);
    const report = `the page is ready after ${seconds(times.ready)} s, a stroke is read after ${seconds(times.read)} s`;
    console.log(`${name}' Slow 4G: ${report}`);
    test.info().annotations.push({ type: 'first reading', description: report });
  });
}

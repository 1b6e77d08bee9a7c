// Lighthouse on the pages that most visits see. Accessibility, best practices and search engines are asserted. The score for
// speed is reported and not asserted, because the load of the machine changes it. An audit that Lighthouse couldn't carry out,
// which happens on a busy machine, has no score: Lighthouse is run again then, twice at most.

import { chromium } from '@playwright/test';
import lighthouse, { type Flags } from 'lighthouse';
import { type As, expect, test } from '../support/fixtures';
import { freePort } from '../support/ports';

const pages: [path: string, as: As][] = [
  ['/', 'visitor'],
  ['/login', 'visitor'],
  ['/account', 'user'],
];

/** Asserted to be 100. */
const categories = ['accessibility', 'best-practices', 'seo'];

async function audit(url: string, flags: Flags) {
  for (let runs = 1; ; runs += 1) {
    const result = await lighthouse(url, flags);
    if (!result) throw new Error('Lighthouse has no result');
    const { lhr } = result;
    if (categories.every((category) => typeof lhr.categories[category]?.score === 'number')) return lhr;
    const messages = new Set(Object.values(lhr.audits).map(({ errorMessage }) => errorMessage));
    const report = [...messages].filter(Boolean).join('; ');
    if (runs === 3) throw new Error(`Lighthouse couldn't carry out its audits: ${report}`);
    console.log(`Lighthouse is run again: ${report}`);
  }
}

for (const [path, as] of pages) {
  test(`Lighthouse finds nothing to improve on ${path}`, async ({ server, sessions, launchOptions }) => {
    test.slow();
    const port = await freePort();
    const args = [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`];
    const browser = await chromium.launch({ ...launchOptions, args });
    try {
      const cookies = sessions[as]?.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const {
        categories: scores,
        audits,
        finalDisplayedUrl,
      } = await audit(`${server.url}${path}`, {
        port,
        logLevel: 'error',
        onlyCategories: ['performance', ...categories],
        extraHeaders: cookies ? { cookie: cookies } : {},
      });
      expect(finalDisplayedUrl).toBe(`${server.url}${path}`);
      const metrics = [
        'first-contentful-paint',
        'largest-contentful-paint',
        'total-blocking-time',
        'cumulative-layout-shift',
      ];
      const report = [
        `performance ${Math.round((scores.performance?.score ?? 0) * 100)}`,
        ...metrics.map((id) => `${audits[id]?.title} ${audits[id]?.displayValue}`),
      ].join(', ');
      console.log(`Lighthouse, ${path}: ${report}`);
      test.info().annotations.push({ type: 'Lighthouse', description: report });

      const failed = categories.flatMap((category) =>
        (scores[category]?.auditRefs ?? [])
          .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
          .map(({ id }) => ({ category, id, title: audits[id]?.title, details: audits[id]?.details })),
      );
      expect(failed).toEqual([]);
      expect(categories.map((category) => scores[category]?.score)).toEqual(categories.map(() => 1));
    } finally {
      await browser.close();
    }
  });
}

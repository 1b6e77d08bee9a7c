// Checks a page with the accessibility rules of axe.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** The rules that the page breaks in its current state, each with the elements that break it. */
export async function accessibilityViolations(page: Page) {
  // Otherwise it opens another page to bring the results of frames together; the pages have none.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
  }));
}

// What moves in a page after it was shown.

import type { Page } from '@playwright/test';

interface Shift {
  value: number;
  sources: string[];
}

declare global {
  interface Window {
    /** All layout shifts so far. */
    layoutShifts: () => Shift[];
  }
}

/** Records the layout shifts of the pages that are opened from now on. */
export async function recordLayoutShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    const record = (entries: PerformanceEntry[]) => {
      for (const entry of entries) {
        // Shifts just after an input count too: the page must reserve the space.
        const shift = entry as PerformanceEntry & { value: number; sources: { node: Node | null }[] };
        shifts.push({
          value: shift.value,
          sources: shift.sources.map(({ node }) =>
            node instanceof Element ? node.outerHTML.slice(0, 120) : String(node?.nodeName),
          ),
        });
      }
    };
    const observer = new PerformanceObserver((list) => record(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    window.layoutShifts = () => {
      record(observer.takeRecords());
      return shifts;
    };
  });
}

/** The shifts since the page was opened. */
export async function layoutShifts(page: Page): Promise<Shift[]> {
  return page.evaluate(() => window.layoutShifts());
}

/** The sum of the shifts' values. */
export function totalShift(shifts: Shift[]): number {
  return shifts.reduce((sum, { value }) => sum + value, 0);
}

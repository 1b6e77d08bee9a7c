// Helpers that record, hold back or replace the requests of a page.

import type { Page } from '@playwright/test';

/** The URLs requested from now on; the list grows while the page runs. */
export function recordRequests(page: Page): URL[] {
  const requests: URL[] = [];
  page.on('request', (request) => requests.push(new URL(request.url())));
  return requests;
}

export interface HeldRequests {
  /** How many requests the page has made. */
  count(): number;
  /** Lets the held requests and all later ones through. */
  release(): void;
}

/** Holds every request that matches `url` until `release` is called. */
export async function holdRequests(page: Page, url: string): Promise<HeldRequests> {
  let count = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(url, async (route) => {
    count += 1;
    await released;
    await route.continue();
  });
  return { count: () => count, release };
}

/** Asks for pages of `size` entries wherever the page asks `path` for a list. */
export async function usePageSize(page: Page, path: string, size: number): Promise<void> {
  await page.route(
    ({ pathname }) => pathname === path,
    async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('per_page', String(size));
      await route.continue({ url: url.href });
    },
  );
}

/** Answers every prediction request as an overloaded server does. */
export async function overloadPredictions(page: Page): Promise<void> {
  await page.route('**/predict', (route) => route.fulfill({ status: 503, json: { code: 'overloaded', error: '' } }));
}

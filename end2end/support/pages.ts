// All pages, for what must be true on each of them.

import { expect, type Page } from '@playwright/test';
import type { As } from './fixtures';
import type { Language } from './labels';
import { loaded } from './page';
import type { PageMonitor } from './page-monitor';

/** The path of each page, and who sees it. */
export const pages: [As, string][] = [
  ['visitor', '/'],
  ['visitor', '/register'],
  ['visitor', '/login'],
  ['visitor', '/confirm/some-token'],
  ['visitor', '/forgot'],
  ['visitor', '/reset/some-token'],
  ['visitor', '/model'],
  ['visitor', '/no-such-page'],
  ['user', '/account'],
  ['admin', '/admin/users'],
  ['admin', '/admin/review'],
  ['admin', '/admin/models'],
  ['admin', '/admin/status'],
];

/** Opens one of them in a language, chosen by the cookie, and waits until it is shown. */
export async function openWhole(
  page: Page,
  monitor: PageMonitor,
  path: string,
  language: Language = 'es',
): Promise<void> {
  // The token of the link is none.
  if (path.startsWith('/reset')) monitor.allow(/\/api\/password\/reset\/check/);
  if (path === '/no-such-page') monitor.allow(/no-such-page/);
  await page.context().addCookies([{ name: 'trazo_lang', value: language, domain: '127.0.0.1', path: '/' }]);
  await page.goto(path);
  await loaded(page);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
}

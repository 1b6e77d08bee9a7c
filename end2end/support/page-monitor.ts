// Records the problems of every page in a browser context: console errors and warnings (hydration mismatches among
// them), exceptions, failed requests, responses with a status of 400 or more, and requests to another origin. A
// problem that the test has not allowed fails it.

import { type BrowserContext, expect } from '@playwright/test';

export class PageMonitor {
  private readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on('console', (message) => {
      // Playwright says so where the configuration blocks the service worker.
      const isBlockedWorker = message.text() === 'Service Worker registration blocked by Playwright';
      if (!isBlockedWorker && (message.type() === 'error' || message.type() === 'warning')) {
        this.problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (event) => this.problems.push(`exception: ${event.error()}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== origin) {
        this.problems.push(`another origin: ${request.url()}`);
      }
    });
    context.on('requestfailed', (request) => {
      // The browser decides when to fetch the icon, and the page loads the script for the time without a network when it has
      // been idle. Both are aborted when a test leaves the page then.
      const isAborted = request.failure()?.errorText === 'net::ERR_ABORTED';
      if (isAborted && /\/(favicon\.svg|offline\.(js|css))$/.test(new URL(request.url()).pathname)) return;
      this.problems.push(`failed request: ${request.url()} ${request.failure()?.errorText}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`status ${response.status()}: ${response.url()}`);
    });
  }

  /** Allows the problems that match one of the patterns: the test causes them on purpose. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  assertNoProblems(): void {
    const unexpected = this.problems.filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
    expect(unexpected, 'problems of the page').toEqual([]);
  }
}

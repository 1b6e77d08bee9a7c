// Watches everything a page says and loads. Whatever a test did not announce fails it: a console error or warning
// (a hydration mismatch is one), an exception, a failed request, an answer of 400 or more, another host.

import { type BrowserContext, expect } from '@playwright/test';

export class Guard {
  private readonly problems: string[] = [];
  private readonly announced: RegExp[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (event) => this.problems.push(`exception: ${event.error()}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== origin) {
        this.problems.push(`another host: ${request.url()}`);
      }
    });
    context.on('requestfailed', (request) => {
      // The browser fetches the icon in its own time, and gives that up when the page is left meanwhile.
      const isLeft = request.failure()?.errorText === 'net::ERR_ABORTED';
      if (isLeft && new URL(request.url()).pathname === '/favicon.svg') return;
      this.problems.push(`failed request: ${request.url()} ${request.failure()?.errorText}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`status ${response.status()}: ${response.url()}`);
    });
  }

  /** The test is about to cause problems of this kind. */
  announce(...patterns: RegExp[]): void {
    this.announced.push(...patterns);
  }

  check(): void {
    const unannounced = this.problems.filter((problem) => !this.announced.some((pattern) => pattern.test(problem)));
    expect(unannounced, 'what the page reported').toEqual([]);
  }
}

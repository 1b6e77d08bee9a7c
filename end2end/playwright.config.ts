// The browser tests run in real Chromium, with one server for each worker (support/server.ts). There are no retries: a
// test that fails once is either flaky, which must be fixed, or has found a fault.

import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const debianChromium = '/usr/bin/chromium';
const executablePath = process.env.CHROMIUM ?? (existsSync(debianChromium) ? debianChromium : undefined);

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // The interface's default language; the tests of other languages set their own.
    locale: 'es-ES',
    colorScheme: 'light',
    // Some seconds after a page was opened its service worker would answer in place of `page.route`, and add requests of
    // its own. The tests of the first load and of the worker allow it.
    serviceWorkers: 'block',
    // Tracing every mouse move would double the run time; `--trace on` records a trace.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    {
      name: 'desktop',
      testIgnore: '**/touch.spec.ts',
      use: { viewport: { width: 1280, height: 800 } },
    },
    {
      name: 'phone',
      testMatch: ['**/touch.spec.ts', '**/layout.spec.ts', '**/accessibility.spec.ts'],
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true },
    },
  ],
});

// Playwright's `test` with the fixtures of these tests.

import { test as base, type Page } from '@playwright/test';
import { newAccount, register, type StorageState, signIn } from './accounts';
import { DrawPage } from './draw-page';
import { PageMonitor } from './page-monitor';
import { admin, type Server, startServer } from './server';

/** Whose session the test's browser context has; a visitor has none. */
export type As = 'visitor' | 'user' | 'admin';

/** Opens a page in a new browser context, which PageMonitor does not watch. */
type OpenPage = (server: Server, storageState?: StorageState) => Promise<Page>;

interface TestFixtures {
  as: As;
  /** Fails the test when a page of its context has a problem. */
  monitor: PageMonitor;
  draw: DrawPage;
  openPage: OpenPage;
  /** A server for this test alone, which may assert exact counts and kill it. */
  privateServer: Server;
}

interface WorkerFixtures {
  /** The server that all tests of a worker share. */
  server: Server;
  sessions: Record<As, StorageState | undefined>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  sessions: [
    async ({ server }, use) => {
      const user = newAccount('usuaria');
      await register(server, user);
      await use({ visitor: undefined, user: await signIn(server, user), admin: await signIn(server, admin) });
    },
    { scope: 'worker' },
  ],
  as: ['user', { option: true }],
  storageState: async ({ as, sessions }, use) => use(sessions[as]),
  baseURL: async ({ server }, use) => use(server.url),
  monitor: [
    async ({ context, server }, use) => {
      const monitor = new PageMonitor(context, new URL(server.url).origin);
      await use(monitor);
      monitor.assertNoProblems();
    },
    { auto: true },
  ],
  draw: async ({ page }, use) => use(new DrawPage(page)),
  openPage: async ({ browser }, use) => {
    const pages: Page[] = [];
    await use(async (server, storageState) => {
      const context = await browser.newContext({ baseURL: server.url, storageState, locale: 'es-ES' });
      const page = await context.newPage();
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
  },
  privateServer: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
});

export { expect } from '@playwright/test';

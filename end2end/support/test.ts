// `test` with what every test of the page needs: a server, a guard on the page, the page as a person uses it.

import { test as base } from '@playwright/test';
import { DrawPage } from './draw-page';
import { Guard } from './guard';
import { type Server, startServer } from './server';

interface TestFixtures {
  guard: Guard;
  draw: DrawPage;
}

interface WorkerFixtures {
  server: Server;
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
  baseURL: async ({ server }, use) => use(server.url),
  guard: [
    async ({ context, server }, use) => {
      const guard = new Guard(context, new URL(server.url).origin);
      await use(guard);
      guard.check();
    },
    { auto: true },
  ],
  draw: async ({ page }, use) => use(new DrawPage(page)),
});

export { expect } from '@playwright/test';

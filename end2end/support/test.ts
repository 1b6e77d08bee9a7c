// `test` with what every test of the page needs: a server, a guard on the page, the page as a person uses it.

import { test as base } from '@playwright/test';
import { DrawPage } from './draw-page';
import { Guard } from './guard';
import { type Cookies, register, signIn, somebody } from './people';
import { admin, type Server, startServer } from './server';

/** Who has signed in when a test begins. */
export type As = 'visitor' | 'user' | 'admin';

interface TestFixtures {
  as: As;
  guard: Guard;
  draw: DrawPage;
}

interface WorkerFixtures {
  server: Server;
  cookies: Record<As, Cookies | undefined>;
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
  cookies: [
    async ({ server }, use) => {
      const user = somebody('usuaria');
      await register(server, user);
      await use({ visitor: undefined, user: await signIn(server, user), admin: await signIn(server, admin) });
    },
    { scope: 'worker' },
  ],
  as: ['user', { option: true }],
  storageState: async ({ as, cookies }, use) => use(cookies[as]),
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

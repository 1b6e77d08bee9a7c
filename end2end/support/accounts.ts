// Test accounts, and how to register and sign in through the API where a test is not about the forms.

import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, request } from '@playwright/test';
import { linkIn } from './mail';
import type { Server } from './server';

export interface Account {
  username: string;
  email: string;
  password: string;
}

/** The cookies and storage of a browser. */
export type StorageState = Awaited<ReturnType<APIRequestContext['storageState']>>;

/** A name that no other test uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** An account with a unique name that is not registered yet. */
export function newAccount(prefix: string): Account {
  const username = uniqueName(prefix);
  return { username, email: `${username}@example.com`, password: `${username} draws` };
}

async function withApi<T>(server: Server, use: (api: APIRequestContext) => Promise<T>): Promise<T> {
  // Playwright would send the cookies of the test's own browser context, whose session a login ends.
  const api = await request.newContext({ baseURL: server.url, storageState: { cookies: [], origins: [] } });
  try {
    return await use(api);
  } finally {
    await api.dispose();
  }
}

/** Registers an account; its email address stays unconfirmed. */
export async function registerUnconfirmed(server: Server, account: Account): Promise<void> {
  await withApi(server, async (api) => {
    expect((await api.post('/api/register', { data: account })).status()).toBe(201);
  });
}

/** Registers an account and confirms its email address with the link in the email. */
export async function register(server: Server, account: Account): Promise<void> {
  await registerUnconfirmed(server, account);
  const { pathname } = new URL(linkIn(await server.smtp.nextMail(account.email)));
  await withApi(server, async (api) => {
    expect((await api.post(`/api${pathname}`)).status()).toBe(200);
  });
}

/** Signs in and returns the state of a browser that has done so. */
export async function signIn(server: Server, { username, password }: Account): Promise<StorageState> {
  return withApi(server, async (api) => {
    expect((await api.post('/api/login', { data: { username, password } })).status()).toBe(200);
    return api.storageState();
  });
}

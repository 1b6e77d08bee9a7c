// Test accounts, and how to register and sign in through the API where a test is not about the forms.

import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, request } from '@playwright/test';
import { linkIn } from './mail';
import { admin, type Server } from './server';
import { totp } from './totp';

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

async function withApi<T>(
  server: Server,
  use: (api: APIRequestContext) => Promise<T>,
  // Playwright would send the cookies of the test's own browser context, whose session a login ends.
  storageState: StorageState = { cookies: [], origins: [] },
): Promise<T> {
  const api = await request.newContext({ baseURL: server.url, storageState });
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

/** Makes a registered account one of an admin. */
export async function promote(server: Server, { username }: Account): Promise<void> {
  const use = async (api: APIRequestContext) => {
    const { users } = await (await api.get(`/api/admin/users?search=${username}`)).json();
    expect((await api.patch(`/api/admin/users/${users[0].id}`, { data: { role: 'admin' } })).status()).toBe(200);
  };
  await withApi(server, use, await signIn(server, admin));
}

/** Registers an admin whose login asks for a code, and returns the recovery codes. */
export async function registerWithFactor(server: Server, account: Account): Promise<string[]> {
  await register(server, account);
  await promote(server, account);
  const use = async (api: APIRequestContext) => {
    const { secret } = await (await api.post('/api/me/totp', { data: { password: account.password } })).json();
    const activation = await api.post('/api/me/totp/activate', { data: { code: totp(secret) } });
    expect(activation.status()).toBe(200);
    return (await activation.json()).recovery_codes as string[];
  };
  return withApi(server, use, await signIn(server, account));
}

/** Signs in and returns the state of a browser that has done so. */
export async function signIn(server: Server, { username, password }: Account): Promise<StorageState> {
  return withApi(server, async (api) => {
    expect((await api.post('/api/login', { data: { username, password } })).status()).toBe(200);
    return api.storageState();
  });
}

// The people who use a server: who they are, how they sign up and in. Through the API, where a test isn't about that.

import { randomBytes } from 'node:crypto';
import { expect, request } from '@playwright/test';
import { link } from './mail';
import type { Server } from './server';

export interface Person {
  username: string;
  email: string;
  password: string;
}

export type Cookies = Awaited<ReturnType<Awaited<ReturnType<typeof request.newContext>>['storageState']>>;

/** Somebody whom no server knows yet. */
export function somebody(name: string): Person {
  const username = `${name}-${randomBytes(4).toString('hex')}`;
  return { username, email: `${username}@example.com`, password: `${username} draws` };
}

/** Signs a person up, and confirms the address by the mail's link. */
export async function register(server: Server, person: Person): Promise<void> {
  const api = await request.newContext({ baseURL: server.url });
  expect((await api.post('/api/register', { data: person })).status()).toBe(201);
  const { pathname } = new URL(link(await server.sink.mail(person.email)));
  expect((await api.post(`/api${pathname}`)).status()).toBe(200);
  await api.dispose();
}

/** What a browser holds after this person has signed in. */
export async function signIn(server: Server, { username, password }: Person): Promise<Cookies> {
  const api = await request.newContext({ baseURL: server.url });
  expect((await api.post('/api/login', { data: { username, password } })).status()).toBe(200);
  const cookies = await api.storageState();
  await api.dispose();
  return cookies;
}

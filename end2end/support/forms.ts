// Fills in and submits forms through the interface, in Spanish.

import type { Page } from '@playwright/test';
import type { Account } from './accounts';
import { hydrated } from './page';

/** Fills in each field, found by its label, once the page is hydrated: before that, the browser sends the form itself. */
export async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  await hydrated(page);
  await fillInPlainForm(page, fields);
}

/** Fills in each field of a form that the browser sends itself. */
export async function fillInPlainForm(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** Signs in through the form of the current page. */
export async function signInByForm(
  page: Page,
  { username, password }: Pick<Account, 'username' | 'password'>,
): Promise<void> {
  await fillIn(page, { 'Usuario o correo': username, Contraseña: password });
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

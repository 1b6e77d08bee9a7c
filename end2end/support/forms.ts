// Fills in and submits forms through the interface, in Spanish.

import type { Page } from '@playwright/test';
import type { Account } from './accounts';

/** Fills in each field, found by its label. */
export async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** Signs in through the form of the current page. The submit button is disabled until hydration. */
export async function signInByForm(
  page: Page,
  { username, password }: Pick<Account, 'username' | 'password'>,
): Promise<void> {
  await fillIn(page, { 'Usuario o correo': username, Contraseña: password });
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

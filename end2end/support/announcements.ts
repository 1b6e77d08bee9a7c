// What the drawing page's live region says to a screen reader.

import type { Page } from '@playwright/test';

/** Records what the live region says from now on, one entry for each change of it. The function returns them. */
export async function recordAnnouncements(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const region = document.querySelector('.draw > [role="status"]');
    if (!region) throw new Error('there is no live region');
    const said: string[] = [];
    const record = () => {
      const text = region.textContent?.trim();
      if (text) said.push(text);
    };
    new MutationObserver(record).observe(region, { childList: true, characterData: true, subtree: true });
    Object.assign(window, { said });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

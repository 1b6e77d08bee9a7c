// Firefox and WebKit: drawing, reading, asking the server, and everything that is loaded when it is used.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { firefox, webkit } from '@playwright/test';
import { drawing } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { admin } from '../support/server';
import { playwrightVisitor, type Visitor } from '../support/visitor';
import { webkitVisitor } from '../support/webkit';

// The runner applies the options of the test to contexts of other browsers too: these tests start without a session.
test.use({ as: 'visitor' });

const debianFirefox = '/usr/bin/firefox-esr';
const debianWebKit = '/usr/bin/WebKitWebDriver';

/** In place of the options that the configuration has for Chromium. */
const ownBuild = { executablePath: undefined, args: [] };

/** Debian's builds, else Playwright's own. Debian's Firefox speaks WebDriver BiDi only. */
const browsers: Record<string, () => Promise<Visitor>> = {
  Firefox: async () => {
    const debian = { channel: 'moz-firefox', executablePath: debianFirefox, args: [] };
    const browser = await firefox.launch(existsSync(debianFirefox) ? debian : ownBuild);
    return playwrightVisitor(await browser.newPage());
  },
  WebKit: async () => {
    if (existsSync(debianWebKit)) return webkitVisitor();
    return playwrightVisitor(await (await webkit.launch(ownBuild)).newPage());
  },
};

/** An image of a 3, of the benchmarks. */
const image = join(import.meta.dirname, '../../server/benches/digits/3.png');

for (const [name, start] of Object.entries(browsers)) {
  test(`${name} draws, reads, asks the server, and loads what it needs for that`, async ({ server }) => {
    test.slow();
    const visitor = await start();
    try {
      // Without an account the question is kept, and removed here, because its notice would lie over what is clicked later.
      await visitor.open(server.url);
      await visitor.see('html[data-hydrated] .board');
      await drawSeven(visitor);
      await visitor.see('[data-testid="answer"][data-digit="7"]');
      await visitor.click('.ask .primary');
      await visitor.click('.offline-notice.shown button:first-child');
      await visitor.click('.offline-list li .ways button:last-of-type');
      await visitor.see('.offline-list:not(:has(li))');
      await visitor.click('.offline-list > button');

      await visitor.open(`${server.url}/login`);
      await visitor.see('html[data-hydrated] main form');
      await visitor.type('input[name="username"]', admin.username);
      await visitor.type('input[name="password"]', admin.password);
      await visitor.click('main form button[type="submit"]');
      await visitor.see('html[data-hydrated] .board');

      await drawSeven(visitor);
      await visitor.see('[data-testid="answer"][data-digit="7"]');
      await visitor.click('.ask .primary');
      await visitor.see('[data-testid="server-answer"][data-digit="7"]');

      await visitor.click('[data-testid="explain"] summary');
      await visitor.see('[data-testid="explain"] [data-testid="framing"]');
      await visitor.see('.board [data-testid="mark"]');
      await visitor.click('main details.menu summary');
      await visitor.see('main .menu-items button');
      await visitor.click('#grid');
      await visitor.see('[role="grid"]');
      await visitor.click('#grid');

      await visitor.choose('.ask input[type="file"]', image);
      await visitor.see('.board.showing');
      await visitor.see('[data-testid="answer"][data-digit="3"]');
      await visitor.click('.ask .primary');
      await visitor.see('[data-testid="server-answer"][data-digit="3"]');

      // Each of these pages has its code in a file of its own.
      await visitor.evaluate('void (window.isMarked = true)');
      const menu = async (path: string) => {
        await visitor.click('.user-menu summary');
        await visitor.click(`.user-menu a[href="${path}"]`);
      };
      await menu('/account');
      await visitor.see('.account .history-entry');
      await menu('/admin/users');
      await visitor.see('table.users tbody tr');
      await menu('/admin/status');
      await visitor.see('.status [data-testid="freshness"][data-state="live"]');
      await visitor.click('footer a[href="/model"]');
      await visitor.see('.model-card table');
      expect(
        await visitor.evaluate('window.isMarked === true'),
        'the pages are shown without loading the document',
      ).toBe(true);
      await visitor.click('header .brand');
      await visitor.see('.board.showing');
      const language = await visitor.evaluate<string>('document.documentElement.lang');
      await visitor.click('header form[action="/language"] button');
      await visitor.see(`html:not([lang="${language}"]) .board`);

      await visitor.click('.user-menu summary');
      await visitor.click('.user-menu form[action="/logout"] button');
      await visitor.see('header a[href="/login"]');
    } finally {
      await visitor.close();
    }
  });
}

/** Draws a recorded 7 on the canvas, as large as it is shown. */
async function drawSeven(visitor: Visitor): Promise<void> {
  const { strokes, canvas } = drawing('7-bar');
  const [left, top, side] = await visitor.evaluate<[number, number, number]>(
    '(({ left, top, width }) => [left, top, width])(document.querySelector(".board canvas").getBoundingClientRect())',
  );
  const scale = side / canvas;
  await visitor.draw(strokes.map((stroke) => stroke.map(([x, y]) => [left + x * scale, top + y * scale])));
}

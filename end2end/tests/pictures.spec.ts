// A picture instead of a drawing: chosen, pasted or dropped; read by page and server alike.

import type { Locator, Page } from '@playwright/test';
import { drawing, type PictureStyle, picture } from '../support/drawings';
import { expect, test } from '../support/test';

const darkOnLight = { ink: '#222', paper: '#fdfdf5' };
const styles: Record<string, PictureStyle> = {
  'a dark on light PNG': { type: 'image/png', ...darkOnLight },
  'a light on dark PNG': { type: 'image/png', ink: '#fff', paper: '#101020' },
  'a PNG with a transparent ground': { type: 'image/png', ink: '#000' },
  'a dark on light JPEG': { type: 'image/jpeg', ...darkOnLight },
  'a light on dark JPEG': { type: 'image/jpeg', ink: '#eee', paper: '#222' },
};

async function choose(page: Page, upload: Locator, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await upload.click();
  await (await chooser).setFiles({ name, mimeType, buffer });
}

/** Gives the file to the page in an event, as the browser does on paste and on drop. */
async function hand(target: Locator, kind: 'paste' | 'drop', name: string, type: string, bytes: Buffer): Promise<void> {
  await target.evaluate(
    (element, { kind, name, type, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const carried = new DataTransfer();
      carried.items.add(new File([bytes], name, { type }));
      if (kind === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: carried, bubbles: true, cancelable: true }));
        return;
      }
      for (const step of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(step, { dataTransfer: carried, bubbles: true, cancelable: true });
        element.dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error(`${step} was left to the browser, which would open the file`);
      }
    },
    { kind, name, type, base64: bytes.toString('base64') },
  );
}

for (const [description, style] of Object.entries(styles)) {
  test(`${description} is read when uploaded`, async ({ page, draw }) => {
    await draw.open();
    for (const name of ['2-loop', '4-open', '7-bar', '9-curved']) {
      const { label } = drawing(name);
      const extension = style.type === 'image/png' ? 'png' : 'jpg';
      await choose(page, draw.upload, `${name}.${extension}`, style.type, await picture(page, drawing(name), style));
      await draw.reads(label);
      await draw.ask.click();
      await draw.serverReads(label);
      await draw.clear.click();
      await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
    }
  });
}

test('the same file is read again after a clear', async ({ page, draw }) => {
  await draw.open();
  const file = await picture(page, drawing('6-curved'), { type: 'image/png', ...darkOnLight });
  for (let round = 0; round < 2; round += 1) {
    await choose(page, draw.upload, 'six.png', 'image/png', file);
    await draw.reads(6);
    await draw.clear.click();
    await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
  }
});

test('a pasted picture is read', async ({ page, draw }) => {
  await draw.open();
  const file = await picture(page, drawing('3-flat-top'), { type: 'image/png', ...darkOnLight });
  await hand(page.locator('body'), 'paste', 'image.png', 'image/png', file);
  await draw.reads(3);
  await draw.ask.click();
  await draw.serverReads(3);
});

test.describe('with the real clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('Ctrl+V pastes a picture', async ({ page, draw }) => {
    await draw.open();
    const file = await picture(page, drawing('5-one-stroke'), { type: 'image/png', ...darkOnLight });
    await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
    }, file.toString('base64'));
    await page.keyboard.press('Control+V');
    await draw.reads(5);
  });
});

test('a dropped picture is read', async ({ page, draw }) => {
  await draw.open();
  const file = await picture(page, drawing('8-one-stroke'), { type: 'image/jpeg', ...darkOnLight });
  await hand(draw.canvas, 'drop', 'eight.jpg', 'image/jpeg', file);
  await draw.reads(8);
  await draw.ask.click();
  await draw.serverReads(8);
});

test('drawing after an upload starts afresh or goes on, and is read', async ({ page, draw }) => {
  await draw.open();
  const file = await picture(page, drawing('8-one-stroke'), { type: 'image/png', ...darkOnLight });
  await choose(page, draw.upload, 'eight.png', 'image/png', file);
  await draw.reads(8);
  await draw.clear.click();
  await draw.draw(drawing('7-plain'));
  await draw.reads(7);
  await draw.ask.click();
  await draw.serverReads(7);
});

const unreadable: Record<string, [name: string, type: string, bytes: Buffer]> = {
  'a text file': ['notes.txt', 'text/plain', Buffer.from('seven')],
  'a text that calls itself PNG': ['seven.png', 'image/png', Buffer.from('this is no picture')],
  'an empty file': ['empty.png', 'image/png', Buffer.alloc(0)],
};

for (const [description, [name, type, bytes]] of Object.entries(unreadable)) {
  test(`${description} is refused with an explanation, and the drawing stays`, async ({ page, draw }) => {
    await draw.open();
    await draw.draw(drawing('2-plain'));
    await draw.reads(2);
    const ink = await draw.ink();
    await choose(page, draw.upload, name, type, bytes);
    await expect(draw.alert).toBeVisible();
    await expect(draw.alert).toContainText(/PNG/);
    await draw.reads(2);
    expect(await draw.ink()).toBeCloseTo(ink, 5);
    // What comes next takes the message away.
    await choose(
      page,
      draw.upload,
      'six.png',
      'image/png',
      await picture(page, drawing('6-curved'), { type: 'image/png', ...darkOnLight }),
    );
    await draw.reads(6);
    await expect(draw.alert).toBeHidden();
  });
}

test('a picture after a bad file takes the message away, also when another picture was there before', async ({
  page,
  draw,
}) => {
  await draw.open();
  const style = { type: 'image/png', ...darkOnLight } as const;
  await choose(page, draw.upload, 'six.png', 'image/png', await picture(page, drawing('6-curved'), style));
  await draw.reads(6);
  await choose(page, draw.upload, 'notes.txt', 'text/plain', Buffer.from('seven'));
  await expect(draw.alert).toBeVisible();
  await draw.reads(6);
  await choose(page, draw.upload, 'two.png', 'image/png', await picture(page, drawing('2-plain'), style));
  await draw.reads(2);
  await expect(draw.alert).toBeHidden();
});

test('undo takes an uploaded picture away and the drawing before it comes back', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(drawing('2-plain'));
  await draw.reads(2);
  const style = { type: 'image/png', ...darkOnLight } as const;
  await choose(page, draw.upload, 'six.png', 'image/png', await picture(page, drawing('6-curved'), style));
  await draw.reads(6);
  await draw.undo.click();
  await draw.undo.click();
  await draw.reads(2);
});

test('a blank picture is said to be blank', async ({ page, draw }) => {
  await draw.open();
  const blank = { ...drawing('1-plain'), strokes: [] };
  await choose(
    page,
    draw.upload,
    'blank.png',
    'image/png',
    await picture(page, blank, { type: 'image/png', ...darkOnLight }),
  );
  await expect(draw.answer).toContainText('En blanco');
  await expect(draw.answer).not.toHaveAttribute('data-digit', /\d/);
  await draw.ask.click();
  await expect(page.getByText('El servidor no ve ningún trazo; su respuesta no significa nada.')).toBeVisible();
});

test('a dropped text file is refused with an explanation', async ({ draw }) => {
  await draw.open();
  await hand(draw.canvas, 'drop', 'notes.txt', 'text/plain', Buffer.from('seven'));
  await expect(draw.alert).toBeVisible();
});

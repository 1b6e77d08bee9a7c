// An image in place of a drawing: chosen, pasted or dropped, and predicted by the page and by the server.

import type { Locator } from '@playwright/test';
import { newAccount, register } from '../support/accounts';
import type { DrawPage } from '../support/draw-page';
import { type Drawing, drawing, type ImageStyle, pair, renderImage } from '../support/drawings';
import { expect, test } from '../support/fixtures';
import { signInByForm } from '../support/forms';
import { addCanvasNoise, recordUploads, sentImage } from '../support/limited-browsers';

interface ImageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const darkOnLight = { type: 'image/png', ink: '#222', paper: '#fdfdf5' } as const;
const styles: Record<string, ImageStyle> = {
  'a dark on light PNG': darkOnLight,
  'a light on dark PNG': { type: 'image/png', ink: '#fff', paper: '#101020' },
  'a PNG with a transparent background': { type: 'image/png', ink: '#000' },
  'a dark on light JPEG': { ...darkOnLight, type: 'image/jpeg' },
  'a light on dark JPEG': { type: 'image/jpeg', ink: '#eee', paper: '#222' },
};

/** An image file that shows the drawing. */
async function imageFile(draw: DrawPage, source: Drawing, style: ImageStyle = darkOnLight): Promise<ImageFile> {
  return {
    name: `${source.name}.${style.type === 'image/png' ? 'png' : 'jpg'}`,
    mimeType: style.type,
    buffer: await renderImage(draw.page, source, style),
  };
}

/** Chooses the file in the dialog that the upload button opens. */
async function choose(draw: DrawPage, file: ImageFile): Promise<void> {
  const chooser = draw.page.waitForEvent('filechooser');
  await draw.upload.click();
  await (await chooser).setFiles(file);
}

/** Dispatches the events by which the browser hands over a file on paste and on drop. */
async function dispatchFile(target: Locator, kind: 'paste' | 'drop', file: ImageFile): Promise<void> {
  await target.evaluate(
    (element, { kind, name, mimeType, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type: mimeType }));
      if (kind === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        return;
      }
      for (const step of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(step, { dataTransfer: data, bubbles: true, cancelable: true });
        element.dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error(`${step} was not prevented, so the browser would open the file`);
      }
    },
    { kind, name: file.name, mimeType: file.mimeType, base64: file.buffer.toString('base64') },
  );
}

/** Drops a link on the page. A browser follows it unless each event is prevented. */
async function dispatchLink(target: Locator, url: string): Promise<void> {
  await target.evaluate((element, url) => {
    const data = new DataTransfer();
    data.setData('text/uri-list', url);
    for (const step of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(step, { dataTransfer: data, bubbles: true, cancelable: true });
      if (element.dispatchEvent(event))
        throw new Error(`${step} was not prevented, so the browser would follow the link`);
    }
  }, url);
}

for (const [description, style] of Object.entries(styles)) {
  test(`${description} is predicted after an upload`, async ({ draw }) => {
    await draw.open();
    for (const name of ['2-loop', '4-open', '7-bar', '9-curved']) {
      const source = drawing(name);
      await choose(draw, await imageFile(draw, source, style));
      await draw.expectPrediction(source.label);
      await draw.askServer.click();
      await draw.expectServerPrediction(source.label);
      await draw.clear.click();
      await draw.expectNoPrediction();
    }
  });
}

test('the same file can be uploaded again after a clear', async ({ draw }) => {
  await draw.open();
  const file = await imageFile(draw, drawing('6-curved'));
  for (let round = 0; round < 2; round += 1) {
    await choose(draw, file);
    await draw.expectPrediction(6);
    await draw.clear.click();
    await draw.expectNoPrediction();
  }
});

test('a pasted image is predicted', async ({ page, draw }) => {
  await draw.open();
  await dispatchFile(page.locator('body'), 'paste', await imageFile(draw, drawing('3-flat-top')));
  await draw.expectPrediction(3);
  await draw.askServer.click();
  await draw.expectServerPrediction(3);
});

test.describe('with access to the system clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('Ctrl+V pastes an image', async ({ page, draw }) => {
    await draw.open();
    const { buffer } = await imageFile(draw, drawing('5-one-stroke'));
    await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
    }, buffer.toString('base64'));
    await page.keyboard.press('Control+V');
    await draw.expectPrediction(5);
  });
});

test('a dropped image is predicted', async ({ draw }) => {
  await draw.open();
  const jpeg = { ...darkOnLight, type: 'image/jpeg' } as const;
  await dispatchFile(draw.canvas, 'drop', await imageFile(draw, drawing('8-one-stroke'), jpeg));
  await draw.expectPrediction(8);
  await draw.askServer.click();
  await draw.expectServerPrediction(8);
});

test('a drawing after an uploaded image is predicted', async ({ draw }) => {
  await draw.open();
  await choose(draw, await imageFile(draw, drawing('8-one-stroke')));
  await draw.expectPrediction(8);
  await draw.clear.click();
  await draw.expectNoPrediction();
  await draw.draw(drawing('7-plain'));
  await draw.expectPrediction(7);
  await draw.askServer.click();
  await draw.expectServerPrediction(7);
});

const textFile: ImageFile = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('seven') };
const invalidFiles: Record<string, ImageFile> = {
  'a text file': textFile,
  'a text file named as PNG': { name: 'seven.png', mimeType: 'image/png', buffer: Buffer.from('this is not an image') },
  'an empty file': { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
};

for (const [description, file] of Object.entries(invalidFiles)) {
  test(`${description} is rejected with an explanation, and the drawing stays`, async ({ draw }) => {
    await draw.open();
    await draw.draw(drawing('2-plain'));
    await draw.expectPrediction(2);
    const ink = await draw.ink();
    await choose(draw, file);
    await expect(draw.alert).toBeVisible();
    await expect(draw.alert).toContainText(/PNG/);
    await draw.expectPrediction(2);
    expect(await draw.ink()).toBeCloseTo(ink, 5);
    // A valid image removes the message.
    await choose(draw, await imageFile(draw, drawing('6-curved')));
    await draw.expectPrediction(6);
    await expect(draw.alert).toBeHidden();
  });
}

test('an image replaces another one and removes the message about an invalid file', async ({ draw }) => {
  await draw.open();
  await choose(draw, await imageFile(draw, drawing('6-curved')));
  await draw.expectPrediction(6);
  await choose(draw, textFile);
  await expect(draw.alert).toBeVisible();
  await draw.expectPrediction(6);
  await choose(draw, await imageFile(draw, drawing('2-plain')));
  await draw.expectPrediction(2);
  await expect(draw.alert).toBeHidden();
});

test('undo removes an uploaded image, then restores the drawing before it', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('2-plain'));
  await draw.expectPrediction(2);
  await choose(draw, await imageFile(draw, drawing('6-curved')));
  await draw.expectPrediction(6);
  await draw.undo.click();
  await draw.expectNoPrediction();
  await draw.undo.click();
  await draw.expectPrediction(2);
});

test('a blank image is reported as blank, and the server is not asked about it', async ({ draw }) => {
  await draw.open();
  await choose(draw, await imageFile(draw, { ...drawing('1-plain'), strokes: [] }));
  await expect(draw.prediction).toContainText('En blanco');
  await draw.expectNoPrediction();
  await expect(draw.askServer).toBeDisabled();
  await choose(draw, await imageFile(draw, drawing('6-curved')));
  await draw.expectPrediction(6);
  await expect(draw.askServer).toBeEnabled();
});

/** Files that Chromium doesn't decode, with the format that their first bytes name. */
const otherFormats: [format: string, head: string, name: string, mimeType: string][] = [
  ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'foto.heic', 'image/heic'],
  ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'foto.jpg', 'image/jpeg'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'siete.svg', 'image/svg+xml'],
  ['PDF', '%PDF-1.7\n', 'siete.pdf', 'application/pdf'],
];

for (const [format, head, name, mimeType] of otherFormats) {
  test(`${name}, a file in the format ${format}, is called that, with what to do`, async ({ draw }) => {
    await draw.open();
    await choose(draw, { name, mimeType, buffer: Buffer.from(head, 'latin1') });
    await expect(draw.alert).toContainText(format);
    await expect(draw.alert).toContainText(/guárdalo como PNG/);
    await expect(draw.alert).not.toContainText(/dañada/);
  });
}

test('a WebP is read and sent as PNG, whatever its name says', async ({ page, draw }) => {
  await recordUploads(page);
  await draw.open();
  const webp = await renderImage(page, drawing('7-bar'), { ...darkOnLight, type: 'image/webp' });
  expect(webp.subarray(8, 12).toString()).toBe('WEBP');
  for (const [name, mimeType] of [
    ['siete.webp', 'image/webp'],
    ['siete.png', 'image/png'],
  ] as const) {
    await choose(draw, { name, mimeType, buffer: webp });
    await draw.expectPrediction(7);
    await draw.askServer.click();
    await draw.expectServerPrediction(7);
    expect(await sentImage(page)).toMatchObject({ head: '\x89PNG', name: 'trazo.png' });
    await draw.clear.click();
  }
});

for (const [ink, colorScheme] of [
  ['#fff', 'light'],
  ['#000', 'dark'],
] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test(`${ink} ink on a transparent background is shown on paper of the other tone`, async ({ draw }) => {
      await draw.open();
      const file = await imageFile(draw, drawing('2-loop'), { type: 'image/png', ink });
      await choose(draw, file);
      await draw.expectPrediction(2);
      const tones = async () => {
        await draw.ink();
        return draw.canvas.evaluate((canvas: HTMLCanvasElement) => {
          const copy = new OffscreenCanvas(canvas.width, canvas.height);
          const context = copy.getContext('2d', { willReadFrequently: true });
          if (!context) throw new Error('no 2d context');
          context.drawImage(canvas, 0, 0);
          const { data } = context.getImageData(0, 0, copy.width, copy.height);
          const [paper, opacity] = [data[0] ?? 0, data[3] ?? 0];
          const isInk = (value: number, index: number) => index % 4 === 0 && Math.abs(value - paper) > 200;
          return { paper, opacity, ink: data.filter(isInk).length };
        });
      };
      await expect.poll(async () => (await tones()).opacity).toBe(255);
      const { paper, ink: inked } = await tones();
      expect(paper).toBe(ink === '#fff' ? 0 : 255);
      expect(inked).toBeGreaterThan(1000);
    });
  });
}

test('an image that is dragged from another page leaves the page and the drawing as they are', async ({ draw }) => {
  await draw.open();
  await draw.draw(drawing('2-plain'));
  await draw.expectPrediction(2);
  await dispatchLink(draw.canvas, 'https://example.com/siete.png');
  await expect(draw.alert).toContainText(/enlace/);
  await draw.expectPrediction(2);
});

test('an image in the link that is dragged is read', async ({ draw }) => {
  await draw.open();
  const { buffer } = await imageFile(draw, drawing('6-curved'));
  await dispatchLink(draw.canvas, `data:image/png;base64,${buffer.toString('base64')}`);
  await draw.expectPrediction(6);
  await draw.askServer.click();
  await draw.expectServerPrediction(6);
});

test.describe('in a browser that returns noise from a canvas', () => {
  test('an image is sent to the server as it is, and the page says why', async ({ page, draw }) => {
    await addCanvasNoise(page);
    await recordUploads(page);
    await draw.open();
    const jpeg = { ...darkOnLight, type: 'image/jpeg' } as const;
    await choose(draw, await imageFile(draw, drawing('8-one-stroke'), jpeg));
    await draw.expectServerPrediction(8);
    await expect(draw.prediction).toContainText(/navegador.*servidor/);
    await draw.expectNoPrediction();
    expect(await sentImage(page)).toMatchObject({ head: '\xff\xd8\xff\xe0', name: 'trazo.jpg' });
    await draw.clear.click();
    await draw.draw(drawing('7-plain'));
    await draw.expectPrediction(7);
  });

  test('a drawing is sent without a canvas', async ({ page, draw }) => {
    await addCanvasNoise(page);
    await draw.open();
    for (const name of ['3-round', '5-two-strokes']) {
      await draw.draw(drawing(name));
      await draw.expectPrediction(drawing(name).label);
      await draw.askServer.click();
      await draw.expectServerPrediction(drawing(name).label);
      await expect(page.getByText('Coinciden.', { exact: true })).toBeVisible();
      await draw.clear.click();
    }
  });

  test('a file that the server does not read is named', async ({ page, draw, monitor }) => {
    monitor.allow(/\/predict/);
    await addCanvasNoise(page);
    await draw.open();
    const webp = await renderImage(page, drawing('7-bar'), { ...darkOnLight, type: 'image/webp' });
    await choose(draw, { name: 'siete.webp', mimeType: 'image/webp', buffer: webp });
    await expect(draw.alert).toContainText(/WebP.*guárdalo como PNG/);
  });
});

test.describe('a visitor', () => {
  test.use({ as: 'visitor' });

  test('finds the uploaded image again after signing in', async ({ page, draw, server }) => {
    const account = newAccount('imagen');
    await register(server, account);
    await draw.open();
    await choose(draw, await photograph(draw, [3000, 2000], '3-round', 1000, 700));
    await draw.expectPrediction(3);
    await draw.askServer.click();
    await expect(draw.alert).toContainText('cuenta');
    await page.getByRole('main').getByRole('link', { name: 'Entrar' }).click();
    await signInByForm(page, account);
    await expect(page).toHaveURL(`${server.url}/`);
    await draw.ready();
    await draw.expectPrediction(3);
    await draw.askServer.click();
    await draw.expectServerPrediction(3);
    // It is shown once, not at each visit.
    await draw.clear.click();
    await page.reload();
    await draw.ready();
    await draw.expectNoPrediction();
  });
});

test('a dropped text file is rejected with an explanation', async ({ draw }) => {
  await draw.open();
  await dispatchFile(draw.canvas, 'drop', textFile);
  await expect(draw.alert).toBeVisible();
});

/** The drawing on white, of any size, with the ink at `scale` and moved by `left` and `top`. */
async function photograph(draw: DrawPage, side: [number, number], name: string, left: number, top: number) {
  const source = drawing(name);
  const base64 = await draw.page.evaluate(
    async ({ side: [width, height], strokes, left, top }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d context');
      // A light that fades to one side.
      const light = context.createLinearGradient(0, 0, width, height);
      light.addColorStop(0, '#f4f2ea');
      light.addColorStop(1, '#a8a69c');
      context.fillStyle = light;
      context.fillRect(0, 0, width, height);
      context.strokeStyle = '#2a3550';
      context.lineWidth = 22;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      for (const stroke of strokes) {
        context.beginPath();
        for (const [x, y] of stroke) context.lineTo(left + x * 2, top + y * 2);
        context.stroke();
      }
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    },
    { side, strokes: source.strokes, left, top },
  );
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}

test('the page and the server agree on large photographs, and find the digit in the same place', async ({
  page,
  draw,
}) => {
  test.slow();
  await recordUploads(page);
  await draw.open();
  for (const [name, side] of [
    ['9-curved', [4000, 3000]],
    ['3-round', [1500, 4200]],
    ['7-bar', [3001, 2003]],
  ] as const) {
    const label = drawing(name).label;
    await choose(draw, await photograph(draw, [...side], name, side[0] / 3, side[1] / 2));
    await draw.expectPrediction(label);
    const response = page.waitForResponse('**/predict');
    await draw.askServer.click();
    const body = (await (await response).json()) as { prediccion: number; caja: number[]; aviso?: string };
    expect(body.prediccion, name).toBe(label);
    expect(body.aviso, name).toBeUndefined();
    const sent = await sentImage(page);
    expect(Math.max(sent.width, sent.height), `${name} is reduced`).toBeLessThanOrEqual(1024);
    expect(Math.max(sent.width, sent.height), `${name} is reduced no further`).toBeGreaterThan(990);
    // In the pixels of the photograph.
    const [left = 0, top = 0, width = 0, height = 0] = body.caja.map((value) => (value * side[0]) / sent.width);
    const [right, bottom] = [left + width, top + height];
    const points = drawing(name).strokes.flat();
    const [xs, ys] = [points.map(([x]) => side[0] / 3 + 2 * x), points.map(([, y]) => side[1] / 2 + 2 * y)];
    const expected = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    for (const [index, edge] of [left, top, right, bottom].entries()) {
      expect(Math.abs(edge - (expected[index] ?? 0)), `${name}, edge ${index}`).toBeLessThan(40);
    }
    await draw.expectServerPrediction(label);
    await expect(page.getByText('Coinciden.', { exact: true })).toBeVisible();
    await draw.clear.click();
  }
});

test('what is no digit is said, with what to do, by the page and by the server', async ({ page, draw }) => {
  await draw.open();
  const star = [0, 1, 2, 3, 4, 5].map((index) => {
    const turn = (index * 4 * Math.PI) / 5 - Math.PI / 2;
    return [140 + 90 * Math.cos(turn), 140 + 90 * Math.sin(turn), index] as [number, number, number];
  });
  await draw.draw({ ...drawing('1-plain'), canvas: 280, strokes: [star] });
  await expect(draw.prediction).toContainText('no parece un dígito');
  await expect(draw.prediction).toContainText('Dibuja uno solo');
  await draw.askServer.click();
  await expect(page.getByRole('paragraph').filter({ hasText: 'Al servidor no le parece un dígito.' })).toBeVisible();
});

test('several digits are read as a number while they are drawn', async ({ page, draw }) => {
  await draw.open();
  await draw.draw(pair('4-open', '2-plain'));
  await expect(draw.prediction).toContainText('42');
  await expect(draw.prediction).toContainText('veo dos dígitos: 4 y 2');
  await draw.askServer.click();
  await draw.expectServerPrediction(42);
  await expect(page.getByText('Coinciden.', { exact: true })).toBeVisible();
});

// Browsers that lack something, or alter it, imitated by scripts that run before those of the page.

import type { Page } from '@playwright/test';

/** Removes what exists in a secure context only, as on plain HTTP in a local network. */
export async function leaveSecureContext(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false });
    const secureOnly: [object, string[]][] = [
      [PointerEvent.prototype, ['getCoalescedEvents', 'getPredictedEvents']],
      [Navigator.prototype, ['clipboard', 'credentials', 'locks', 'mediaDevices', 'serviceWorker', 'storage']],
      [Crypto.prototype, ['randomUUID', 'subtle']],
      [window, ['caches', 'cookieStore']],
    ];
    for (const [object, names] of secureOnly) {
      for (const name of names) Reflect.deleteProperty(object, name);
    }
    if ('getCoalescedEvents' in PointerEvent.prototype) throw new Error('getCoalescedEvents is still there');
  });
}

/** Lets the methods of pointers and canvases throw that a browser or an extension may forbid. */
export async function forbidPointerDetails(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const forbidden = () => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    PointerEvent.prototype.getCoalescedEvents = forbidden;
    Element.prototype.setPointerCapture = forbidden;
  });
}

/** Returns noise in place of a canvas's pixels, as LibreWolf and Tor Browser do. */
export async function addCanvasNoise(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noise = (width: number, height: number) => {
      const image = new ImageData(width, height);
      for (let start = 0; start < image.data.length; start += 65_536) {
        crypto.getRandomValues(image.data.subarray(start, start + 65_536));
      }
      return image;
    };
    CanvasRenderingContext2D.prototype.getImageData = (_left: number, _top: number, width: number, height: number) =>
      noise(width, height);
    HTMLCanvasElement.prototype.toBlob = function (callback, type) {
      const canvas = new OffscreenCanvas(this.width, this.height);
      canvas.getContext('2d')?.putImageData(noise(this.width, this.height), 0, 0);
      void canvas.convertToBlob({ type }).then(callback);
    };
  });
}

/** Keeps the last file that the page sends, so that `sentImage` can look at it. */
export async function recordUploads(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { append } = FormData.prototype;
    FormData.prototype.append = function (...args: unknown[]) {
      if (args[1] instanceof Blob) Object.assign(window, { sent: args[1], sentName: args[2] });
      Reflect.apply(append, this, args);
    };
  });
}

export interface SentImage {
  name: string;
  /** The first bytes as text. */
  head: string;
  width: number;
  height: number;
}

/** The last image that the page has sent, after `recordUploads`. */
export async function sentImage(page: Page): Promise<SentImage> {
  return page.evaluate(async () => {
    const { sent, sentName } = window as unknown as { sent: Blob; sentName: string };
    const bitmap = await createImageBitmap(sent);
    const bytes = new Uint8Array(await sent.slice(0, 4).arrayBuffer());
    return {
      name: sentName,
      head: String.fromCharCode(...bytes),
      width: bitmap.width,
      height: bitmap.height,
    };
  });
}

// WebKit as Debian builds it, which Playwright can't drive: WebKitGTK's MiniBrowser by WebDriver, on a screen of Xvfb.

import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from './ports';
import type { Visitor } from './visitor';

/** In milliseconds. */
const TIMEOUT = 15_000;
const POLL_INTERVAL = 50;

/** The key under which WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** Starts the browser. */
export async function webkitVisitor(): Promise<Visitor> {
  const port = await freePort();
  // A process group of its own, because `xvfb-run` leaves its children behind.
  const driver = spawn(
    'xvfb-run',
    ['--auto-servernum', '--server-args=-screen 0 1280x1024x24', 'WebKitWebDriver', `--port=${port}`],
    { detached: true, stdio: 'ignore' },
  );
  const stop = () => stopGroup(driver);
  const send = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  try {
    await eventually('WebKitWebDriver', async () => (await send<{ ready: boolean }>('GET', '/status')).ready);
    const { sessionId } = await send<{ sessionId: string }>('POST', '/session', { capabilities: {} });
    return visitor((method, path, body) => send(method, `/session/${sessionId}${path}`, body), stop);
  } catch (error) {
    stop();
    throw error;
  }
}

type Send = <T>(method: string, path: string, body?: object) => Promise<T>;

function visitor(send: Send, stop: () => void): Visitor {
  const evaluate = <T>(expression: string, ...args: unknown[]) =>
    send<T>('POST', '/execute/sync', { script: `return ${expression}`, args });
  const find = async (selector: string) => {
    const found = await send<Record<string, string>>('POST', '/element', { using: 'css selector', value: selector });
    return `/element/${found[ELEMENT]}`;
  };
  const see = (selector: string) =>
    eventually(selector, () => evaluate<boolean>('document.querySelector(arguments[0])?.checkVisibility()', selector));
  return {
    open: (url) => send('POST', '/url', { url }),
    click: async (selector) => {
      await see(selector);
      await send('POST', `${await find(selector)}/click`, {});
    },
    type: async (selector, text) => {
      await see(selector);
      await send('POST', `${await find(selector)}/value`, { text });
    },
    choose: async (selector, path) => send('POST', `${await find(selector)}/value`, { text: path }),
    see,
    draw: async (strokes) => {
      const move = ([x, y]: [number, number]) => ({
        type: 'pointerMove',
        x: Math.round(x),
        y: Math.round(y),
        duration: 0,
      });
      const actions = strokes.flatMap(([first, ...rest]) =>
        first
          ? [move(first), { type: 'pointerDown', button: 0 }, ...rest.map(move), { type: 'pointerUp', button: 0 }]
          : [],
      );
      await send('POST', '/actions', {
        actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
      });
    },
    evaluate,
    close: async () => {
      try {
        await send('DELETE', '');
      } finally {
        stop();
      }
    },
  };
}

async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + TIMEOUT;
  let failure: unknown;
  while (Date.now() < end) {
    try {
      if (await isTrue()) return;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
  }
  throw new Error(`${what}: not within ${TIMEOUT} ms`, { cause: failure });
}

function stopGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid);
  } catch {
    // It has ended already.
  }
}

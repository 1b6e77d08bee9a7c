// Starts the release binary for one worker: on a port and in a folder of its own, stopped afterwards. What the
// developer's environment and `.env` say doesn't reach it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Sink } from './mail';
import type { Person } from './people';

const root = resolve(import.meta.dirname, '../..');
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const START_LIMIT = 20_000;
const STOP_LIMIT = 15_000;

/** The admin that every server has from its first start. */
export const admin: Person = { username: 'ada', email: 'ada@example.com', password: 'the admin of every test' };

export interface Server {
  url: string;
  /** Where its mail arrives. */
  sink: Sink;
  stop(): Promise<void>;
  /** Ends it at once, as when the machine fails. */
  kill(): Promise<void>;
  /** Starts it again, at the same address and with the same data. */
  start(): Promise<void>;
}

export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'trazo-end2end-'));
  await copyFile(join(root, 'Leptos.toml'), join(folder, 'Leptos.toml'));
  const sink = await Sink.start();
  const clear = async () => {
    sink.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let child: ChildProcess;
  const start = async (port: string) => {
    child = spawn(process.env.TRAZO_SERVER ?? join(target, 'release/server'), [], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: port,
        LEPTOS_SITE_ROOT: join(root, 'target/site'),
        MAIL_SERVER: '127.0.0.1',
        MAIL_PORT: String(sink.port),
        MAIL_USE_TLS: 'false',
        ADMIN_USERNAME: admin.username,
        ADMIN_EMAIL: admin.email,
        ADMIN_PASSWORD: admin.password,
        // Every test comes from one address.
        RATELIMIT_ENABLED: 'false',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      return await printedAddress(child);
    } catch (error) {
      child.kill('SIGKILL');
      await clear();
      throw error;
    }
  };
  const url = await start('0');
  return {
    url,
    sink,
    stop: async () => {
      await stopped(child);
      await clear();
    },
    kill: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    start: async () => {
      await start(new URL(url).port);
    },
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let printed = '';
    const fail = (why: string) => failed(new Error(`${why}; it printed:\n${printed}`));
    const limit = setTimeout(() => fail(`the server named no address in ${START_LIMIT} ms`), START_LIMIT);
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(printed);
      if (address) {
        clearTimeout(limit);
        found(address[0]);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`the server did not start (${error.message}); build it with \`make build\``));
    child.once('exit', (code) => fail(`the server ended with ${code}`));
  });
}

/** Asks it to end, as an operator would, and insists if it doesn't. */
function stopped(child: ChildProcess): Promise<void> {
  return new Promise((done, failed) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      failed(new Error(`the server had ended by itself: ${child.exitCode ?? child.signalCode}`));
      return;
    }
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      failed(new Error(`the server did not stop in ${STOP_LIMIT} ms`));
    }, STOP_LIMIT);
    child.once('exit', () => {
      clearTimeout(limit);
      done();
    });
    child.kill('SIGTERM');
  });
}

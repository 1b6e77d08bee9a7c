// Starts the release binary on a free port and in an empty folder. The developer's environment variables and `.env`
// do not reach it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Account } from './accounts';
import { SmtpSink } from './mail';

export const root = resolve(import.meta.dirname, '../..');
export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');

/** In milliseconds. */
const START_TIMEOUT = 20_000;
const STOP_TIMEOUT = 15_000;

/** The admin that every server creates at its first start. */
export const admin: Account = { username: 'ada', email: 'ada@example.com', password: 'the admin of every test' };

export interface Server {
  url: string;
  /** Receives the server's email. */
  smtp: SmtpSink;
  /** Stops the server, if it is running, and removes its data. */
  stop(): Promise<void>;
  /** Ends the process at once, as a crash would. The data stay. */
  kill(): Promise<void>;
  /** Starts the server again at the same address and with the same data, and with other settings. */
  restart(settings?: Record<string, string>): Promise<void>;
}

export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'trazo-end2end-'));
  await copyFile(join(root, 'Leptos.toml'), join(folder, 'Leptos.toml'));
  const smtp = await SmtpSink.start();
  const cleanUp = async () => {
    smtp.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let child: ChildProcess;
  let isKilled = false;
  const start = async (port: string, changed: Record<string, string> = {}) => {
    child = spawn(process.env.TRAZO_SERVER ?? join(target, 'release/server'), [], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: port,
        LEPTOS_SITE_ROOT: join(root, 'target/site'),
        MAIL_SERVER: '127.0.0.1',
        MAIL_PORT: String(smtp.port),
        MAIL_USE_TLS: 'false',
        ADMIN_USERNAME: admin.username,
        ADMIN_EMAIL: admin.email,
        ADMIN_PASSWORD: admin.password,
        // All tests send their requests from one address.
        RATELIMIT_ENABLED: 'false',
        ...settings,
        ...changed,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      return await printedAddress(child);
    } catch (error) {
      child.kill('SIGKILL');
      await cleanUp();
      throw error;
    }
  };
  const url = await start('0');
  return {
    url,
    smtp,
    stop: async () => {
      try {
        if (!isKilled) await terminate(child);
      } finally {
        await cleanUp();
      }
    },
    kill: async () => {
      isKilled = true;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    restart: async (changed) => {
      await start(new URL(url).port, changed);
      isKilled = false;
    },
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => reject(new Error(`${reason}; it printed:\n${output}`));
    const timer = setTimeout(() => fail(`the server printed no address within ${START_TIMEOUT} ms`), START_TIMEOUT);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output);
      if (address) {
        clearTimeout(timer);
        resolve(address[0]);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`the server did not start (${error.message}); build it with \`make build\``));
    child.once('exit', (code) => fail(`the server exited with ${code}`));
  });
}

/** Terminates the server with SIGTERM. Fails when it has already exited, or does not exit in time and is killed. */
function terminate(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      reject(new Error(`the server had already exited: ${child.exitCode ?? child.signalCode}`));
      return;
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not stop within ${STOP_TIMEOUT} ms`));
    }, STOP_TIMEOUT);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

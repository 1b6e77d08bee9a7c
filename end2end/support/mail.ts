// The SMTP server that mail of one server goes to (sink.mjs), and what has arrived there.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Mail {
  to: string[];
  subject: string;
  text: string;
  html: string;
}

const ARRIVAL_LIMIT = 20_000;

export class Sink {
  private readonly mails: Mail[] = [];
  private arrived = () => {};

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<Sink> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'sink.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    const first = await new Promise<string>((found, failed) => {
      lines.once('line', found);
      child.once('exit', (code) => failed(new Error(`the mail sink ended with ${code}`)));
    });
    const sink = new Sink(child, (JSON.parse(first) as { port: number }).port);
    lines.on('line', (line) => {
      sink.mails.push(JSON.parse(line) as Mail);
      sink.arrived();
    });
    return sink;
  }

  /** The next mail to `address`, now or once it has come; each is handed out once. */
  async mail(address: string): Promise<Mail> {
    const end = Date.now() + ARRIVAL_LIMIT;
    for (;;) {
      const index = this.mails.findIndex(({ to }) => to.includes(address));
      const [mail] = index < 0 ? [] : this.mails.splice(index, 1);
      if (mail) return mail;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`no mail to ${address} in ${ARRIVAL_LIMIT} ms`);
      await new Promise<void>((go) => {
        const limit = setTimeout(go, left);
        this.arrived = () => {
          clearTimeout(limit);
          go();
        };
      });
    }
  }

  stop(): void {
    this.child.kill();
  }
}

/** The link that a mail wants followed, the same in its text and in its HTML. */
export function link(mail: Mail): string {
  const [found] = /https?:\/\/\S+/.exec(mail.text) ?? [];
  if (!found || !mail.html.includes(`href="${found}"`)) throw new Error(`no link in both parts of:\n${mail.text}`);
  return found;
}

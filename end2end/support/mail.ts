// The SMTP server that receives the email of one server under test (smtp-sink.mjs), and the emails it has received.

import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Mail {
  to: string[];
  subject: string;
  text: string;
  html: string;
}

/** In milliseconds. */
const DELIVERY_TIMEOUT = 20_000;

export class SmtpSink {
  private readonly mails: Mail[] = [];
  private readonly events = new EventEmitter();

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<SmtpSink> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'smtp-sink.mjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    const first = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the SMTP sink exited with ${code}`)));
    });
    const sink = new SmtpSink(child, (JSON.parse(first) as { port: number }).port);
    lines.on('line', (line) => {
      sink.mails.push(JSON.parse(line) as Mail);
      sink.events.emit('mail');
    });
    return sink;
  }

  /** Waits for the next email to `address`. Each email is returned once. */
  async nextMail(address: string): Promise<Mail> {
    const signal = AbortSignal.timeout(DELIVERY_TIMEOUT);
    for (;;) {
      const index = this.mails.findIndex(({ to }) => to.includes(address));
      const [mail] = index < 0 ? [] : this.mails.splice(index, 1);
      if (mail) return mail;
      await once(this.events, 'mail', { signal }).catch(() => {
        throw new Error(`no email to ${address} arrived within ${DELIVERY_TIMEOUT} ms`);
      });
    }
  }

  stop(): void {
    this.child.kill();
  }
}

/** The link in an email. Its text and its HTML must hold the same one. */
export function linkIn(mail: Mail): string {
  const [link] = /https?:\/\/\S+/.exec(mail.text) ?? [];
  if (!link || !mail.html.includes(`href="${link}"`)) throw new Error(`no link in both parts of:\n${mail.text}`);
  return link;
}

// The codes of an authenticator app (RFC 6238): SHA-1, six digits, 30 seconds.

import { createHmac } from 'node:crypto';

const STEP = 30_000;

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** The code that the app shows now, or a number of steps of 30 seconds later. */
export function totp(secret: string, later = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP) + later));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const start = (digest.at(-1) ?? 0) & 0xf;
  const digits = (digest.readUInt32BE(start) & 0x7fff_ffff) % 1_000_000;
  return String(digits).padStart(6, '0');
}

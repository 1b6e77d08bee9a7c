// Weights of other models: the shipped ones with another number in the last layer, whose biases are the end of the file.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type APIRequestContext, expect } from '@playwright/test';
import { root } from './server';

/** Outputs of the network: the ten digits, and no digit. */
const OUTPUTS = 11;

/** Numbers in half precision. */
export const NUMBERS = { minus30: 0xcf80, plus100: 0x5640, notANumber: 0x7e00 } as const;

const folder = join(root, 'classifier/weights');

export const shippedWeights = () => readFile(join(folder, 'digits.bpk'));
export const shippedCard = () => readFile(join(folder, 'model_card.json'));

/** The version of the model with these weights. */
export function versionOf(weights: Buffer): string {
  return `digits-${createHash('sha256').update(weights).digest('hex').slice(0, 8)}`;
}

/** The shipped weights with another bias of one output: a digit, or 10 for no digit. */
export async function withBias(output: number, bias: number): Promise<Buffer> {
  const weights = await shippedWeights();
  weights.writeUInt16LE(bias, weights.length - 2 * (OUTPUTS - output));
  return weights;
}

/** A model that never reads this digit. It still reads nine of ten digits, so the server accepts it. */
export const blindTo = (digit: number) => withBias(digit, NUMBERS.minus30);

/** A model that reads as the shipped one does, and has another version for each number below 8. */
export async function alike(number: number): Promise<Buffer> {
  const weights = await shippedWeights();
  const last = weights.length - 2;
  weights.writeUInt16LE(weights.readUInt16LE(last) ^ (number + 1), last);
  return weights;
}

/** Uploads a model through the API, and returns its version. */
export async function uploadModel(api: APIRequestContext, weights: Buffer): Promise<string> {
  const file = { name: 'digits.bpk', mimeType: 'application/octet-stream', buffer: weights };
  expect((await api.post('/api/admin/models', { multipart: { file } })).ok()).toBe(true);
  return versionOf(weights);
}

/** Puts a model live through the API. */
export async function putLive(api: APIRequestContext, version: string): Promise<void> {
  expect((await api.post(`/api/admin/models/${version}/live`)).status()).toBe(200);
}

/** The version of the live model. */
export async function liveVersion(api: APIRequestContext): Promise<string> {
  return (await (await api.get('/api/models/live')).json()).version;
}

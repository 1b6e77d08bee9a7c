// The recorded drawings (strokes/*.json) and pictures made of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

export type Pen = 'thin' | 'medium' | 'thick';
/** x and y in pixels of the drawing's own canvas, and milliseconds since its first point. */
export type Point = [x: number, y: number, t: number];

export interface Drawing {
  name: string;
  label: number;
  description: string;
  canvas: number;
  pen: Pen;
  strokes: Point[][];
}

const folder = join(import.meta.dirname, '../strokes');

export const drawings: Drawing[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: file.replace('.json', ''),
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<Drawing, 'name'>),
  }));

export function drawing(name: string): Drawing {
  const found = drawings.find((each) => each.name === name);
  if (!found) throw new Error(`no drawing is named ${name}`);
  return found;
}

export interface PictureStyle {
  type: 'image/png' | 'image/jpeg';
  ink: string;
  /** Transparent where not given. */
  paper?: string;
}

/** The file a phone or a scanner would make of a drawing, encoded by the browser. */
export async function picture(page: Page, { strokes, canvas: side }: Drawing, style: PictureStyle): Promise<Buffer> {
  const base64 = await page.evaluate(
    ({ strokes, side, style }) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = side;
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2d context');
      if (style.paper) {
        context.fillStyle = style.paper;
        context.fillRect(0, 0, side, side);
      }
      context.strokeStyle = style.ink;
      context.lineWidth = side / 24;
      context.lineCap = context.lineJoin = 'round';
      for (const stroke of strokes) {
        context.beginPath();
        for (const [x, y] of stroke) context.lineTo(x, y);
        context.stroke();
      }
      return canvas.toDataURL(style.type, 0.9).split(',')[1] ?? '';
    },
    { strokes, side, style },
  );
  return Buffer.from(base64, 'base64');
}

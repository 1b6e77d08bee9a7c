// The recorded drawings (strokes/*.json) and images rendered from them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

export type Pen = 'thin' | 'medium' | 'thick';
/** x and y in pixels of a canvas with the side `Drawing.canvas`; t in milliseconds since the first point. */
export type Point = [x: number, y: number, t: number];

export interface Drawing {
  name: string;
  /** The digit it shows. */
  label: number;
  description: string;
  /** Side of the square canvas, in pixels. */
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
  if (!found) throw new Error(`there is no drawing named ${name}`);
  return found;
}

/** Two recorded digits beside each other. */
export function pair(left: string, right: string): Drawing {
  const shifted = (name: string, shift: number) => {
    const source = drawing(name);
    const point = ([x, y, t]: Point): Point => [shift + (x * 120) / source.canvas, 70 + (y * 140) / source.canvas, t];
    return source.strokes.map((stroke) => stroke.map(point));
  };
  return { ...drawing(right), canvas: 280, strokes: [...shifted(left, 5), ...shifted(right, 140)] };
}

export interface ImageStyle {
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  ink: string;
  /** Transparent by default. */
  paper?: string;
}

/** Renders a drawing as an image file, encoded by the browser. */
export async function renderImage(page: Page, { strokes, canvas: side }: Drawing, style: ImageStyle): Promise<Buffer> {
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

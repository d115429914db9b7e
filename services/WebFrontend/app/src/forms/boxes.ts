/** A rectangle of the upright picture, in whole pixels: left, top, width and height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** What a person corrected of what a converter found: boxes to treat besides, and found ones to leave. */
export interface Corrections {
  add: readonly Box[];
  leave: readonly Box[];
}

export const NO_CORRECTIONS: Corrections = { add: [], leave: [] };

/** The boxes of a parameter, as it is written in a query; none when it cannot be read. */
export function boxesFrom(json: string | undefined): Box[] {
  return listFrom(json).filter(isBox);
}

/** What a list in JSON contains; nothing when it cannot be read, since a picture is shown without its boxes then. */
export function listFrom(json: string | null | undefined): unknown[] {
  try {
    const value: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isBox(value: unknown): value is Box {
  return Array.isArray(value) && value.length === 4 && value.every((each) => typeof each === 'number');
}

/** A box within a picture: whole pixels, at least one wide and high. */
export function boxWithin(left: number, top: number, right: number, bottom: number, size: { width: number; height: number }): Box {
  const x = clamp(Math.floor(Math.min(left, right)), 0, size.width - 1);
  const y = clamp(Math.floor(Math.min(top, bottom)), 0, size.height - 1);
  return [
    x,
    y,
    clamp(Math.ceil(Math.max(left, right)), x + 1, size.width) - x,
    clamp(Math.ceil(Math.max(top, bottom)), y + 1, size.height) - y,
  ];
}

/** The box that a mere click means: as large as those that are there, or an eighth of the picture's shorter side. */
export function boxAround(x: number, y: number, others: readonly Box[], size: { width: number; height: number }): Box {
  const sides = others.map(([, , width, height]) => Math.max(width, height)).sort((a, b) => a - b);
  const half = (sides[Math.floor(sides.length / 2)] ?? Math.min(size.width, size.height) / 8) / 2;
  return boxWithin(x - half, y - half, x + half, y + half, size);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** What a converter found in a picture, as a step keeps it: names and values, of which some are not for the list of facts. */
import { type Box, listFrom } from '../forms/boxes';

/** A place that a converter found, on the picture it was given. */
export interface Found {
  box: Box;
  /** How sure the converter is, from 0 to 1; null when it does not say. */
  score: number | null;
  /** It was left as it is, because the person asked for that. */
  isLeft: boolean;
  /** The frame of an animation that it is on; null in a picture that stands still. */
  frame: number | null;
}

const NOTICE = 'notice';
const BOXES = 'boxes';

/** What is listed below the picture. */
export function factsOf(findings: [string, string][]): [string, string][] {
  return findings.filter(([name]) => name !== NOTICE && name !== BOXES);
}

/** What a person must know before using the result: a title and the rest; null when there is nothing. */
export function noticeOf(findings: [string, string][]): { title: string; text: string } | null {
  const notice = valueOf(findings, NOTICE);
  if (notice === null) {
    return null;
  }
  const end = /[.:] /.exec(notice)?.index ?? notice.length;
  return { title: notice.slice(0, end), text: notice.slice(end + 2) };
}

/** The places that the converter found; of an animation, each once. */
export function foundOf(findings: [string, string][]): Found[] {
  const found: Found[] = [];
  for (const each of listFrom(valueOf(findings, BOXES))) {
    const one = asFound(each);
    if (one !== null && !found.some(({ box, frame }) => frame !== one.frame && isSamePlace(box, one.box))) {
      found.push(one);
    }
  }
  return found;
}

/** Which of the boxes some others mean, each the one with the nearest middle, as in the converter. */
export function meantBy(others: readonly Box[], boxes: readonly Box[]): Set<Box> {
  return new Set(others.flatMap((other) => boxes
    .filter((box) => isSamePlace(box, other))
    .sort((a, b) => distance(a, other) - distance(b, other))
    .slice(0, 1)));
}

/** The middle of each lies in the middle half of the other: frames of an animation repeat a place, and faces may be cheek to cheek. */
function isSamePlace(box: Box, other: Box): boolean {
  const [across, down] = between(box, other);
  return Math.abs(across) <= Math.min(box[2], other[2]) / 4 && Math.abs(down) <= Math.min(box[3], other[3]) / 4;
}

function distance(box: Box, other: Box): number {
  return Math.hypot(...between(box, other));
}

/** From the middle of one box to that of another. */
function between([x, y, width, height]: Box, [otherX, otherY, otherWidth, otherHeight]: Box): [number, number] {
  return [otherX + otherWidth / 2 - x - width / 2, otherY + otherHeight / 2 - y - height / 2];
}

function asFound(value: unknown): Found | null {
  const { box, score, left, frame } = (value ?? {}) as { box?: unknown; score?: unknown; left?: unknown; frame?: unknown };
  return Array.isArray(box) && box.length === 4 && box.every((each) => typeof each === 'number')
    ? {
        box: box as unknown as Box,
        score: typeof score === 'number' ? score : null,
        isLeft: left === true,
        frame: typeof frame === 'number' ? frame : null,
      }
    : null;
}

function valueOf(findings: [string, string][], wanted: string): string | null {
  return findings.find(([name]) => name === wanted)?.[1] ?? null;
}

/** What a converter found in a picture, as a step keeps it: names and values, of which some are not for the list of facts. */
import type { Box } from '../forms/boxes';

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

/** Two boxes mean the same place when so much of the smaller one lies within the other: the frames of an animation repeat them. */
const SAME_PLACE = 0.4;

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
  for (const each of parsed(valueOf(findings, BOXES))) {
    const one = asFound(each);
    if (one !== null && !found.some(({ box, frame }) => frame !== one.frame && isSamePlace(box, one.box))) {
      found.push(one);
    }
  }
  return found;
}

export function isSamePlace([x, y, width, height]: Box, [otherX, otherY, otherWidth, otherHeight]: Box): boolean {
  const across = Math.min(x + width, otherX + otherWidth) - Math.max(x, otherX);
  const down = Math.min(y + height, otherY + otherHeight) - Math.max(y, otherY);
  return Math.max(0, across) * Math.max(0, down) >= SAME_PLACE * Math.min(width * height, otherWidth * otherHeight);
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

function parsed(json: string | null): unknown[] {
  try {
    const value: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    // A result is shown without its boxes when they cannot be read.
    return [];
  }
}

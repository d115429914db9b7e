/**
 * The steps that a picture has gone through, by their ids: the original first, each later one made from the one before.
 * The one at `base` is what gets converted next; the one after it, if any, is the result that is looked at.
 */
export interface Trail {
  steps: string[];
  base: number;
}

export function trailOf(original: string): Trail {
  return { steps: [original], base: 0 };
}

export function baseOf({ steps, base }: Trail): string {
  return steps[base]!;
}

/** The result of converting the base; null while there is none. */
export function resultOf({ steps, base }: Trail): string | null {
  return steps[base + 1] ?? null;
}

/** The step that was looked at last: the result, or the base where there is none. */
export function currentOf(trail: Trail): string {
  return resultOf(trail) ?? baseOf(trail);
}

/** A new result of the base: what came after the base before is dropped. */
export function withResult({ steps, base }: Trail, result: string): Trail {
  return { steps: [...steps.slice(0, base + 1), result], base };
}

/** Makes the result the picture that is converted next; the same trail where there is no result. */
export function continued(trail: Trail): Trail {
  return resultOf(trail) === null ? trail : { ...trail, base: trail.base + 1 };
}

/** Goes to a step: it becomes what is looked at, beside the one it was made from. */
export function at(trail: Trail, index: number): Trail {
  return { ...trail, base: Math.max(0, Math.min(index, trail.steps.length) - 1) };
}

/** The trail without steps that are no longer there; null when not even the original is. */
export function without({ steps, base }: Trail, isThere: (step: string) => boolean): Trail | null {
  const gone = steps.findIndex((step) => !isThere(step));
  const left = gone < 0 ? steps : steps.slice(0, gone);
  return left.length === 0 ? null : { steps: left, base: Math.min(base, left.length - 1) };
}

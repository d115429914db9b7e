/**
 * The steps that a picture has gone through, by their ids: the original first, each later one made from the one before.
 * The one at `base` is what gets converted next; with `compares`, the one after it is looked at as its result.
 */
export interface Trail {
  steps: string[];
  base: number;
  compares: boolean;
}

export function trailOf(original: string): Trail {
  return { steps: [original], base: 0, compares: false };
}

export function baseOf({ steps, base }: Trail): string {
  return steps[base]!;
}

/** The result of converting the base that is looked at; null while there is none. */
export function resultOf({ steps, base, compares }: Trail): string | null {
  return compares ? (steps[base + 1] ?? null) : null;
}

/** The step that is looked at: the result, or the base where there is none. */
export function currentOf(trail: Trail): string {
  return resultOf(trail) ?? baseOf(trail);
}

/** A new result of the base: what came after the base before is dropped. */
export function withResult({ steps, base }: Trail, result: string): Trail {
  return { steps: [...steps.slice(0, base + 1), result], base, compares: true };
}

/** Makes the result the picture that is converted next; the same trail where there is no result. */
export function continued(trail: Trail): Trail {
  return resultOf(trail) === null ? trail : { ...trail, base: trail.base + 1, compares: false };
}

/** Goes to a step: it is looked at beside the one it was made from, the original alone. */
export function at({ steps }: Trail, index: number): Trail {
  return { steps, base: Math.max(0, index - 1), compares: index > 0 };
}

/** The trail without steps that are no longer there; null when not even the original is. */
export function without({ steps, base, compares }: Trail, isThere: (step: string) => boolean): Trail | null {
  const gone = steps.findIndex((step) => !isThere(step));
  const left = gone < 0 ? steps : steps.slice(0, gone);
  return left.length === 0 ? null : { steps: left, base: Math.min(base, left.length - 1), compares: compares && base + 1 < left.length };
}

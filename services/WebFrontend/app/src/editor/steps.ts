/**
 * The steps that a picture has gone through, by their ids: the original first, each later one made from the one before.
 * The step at `base` is converted next; with `showsResult`, the step after it is shown as its result.
 */
export interface StepList {
  ids: string[];
  base: number;
  showsResult: boolean;
}

/** The list of a picture that has not been converted yet. */
export function stepListOf(original: string): StepList {
  return { ids: [original], base: 0, showsResult: false };
}

export function baseOf({ ids, base }: StepList): string {
  return ids[base]!;
}

/** The result that is shown; null when there is none. */
export function resultOf({ ids, base, showsResult }: StepList): string | null {
  return showsResult ? (ids[base + 1] ?? null) : null;
}

/** The step that is shown: the result, or the base when there is no result. */
export function currentOf(list: StepList): string {
  return resultOf(list) ?? baseOf(list);
}

/** Adds a result of the base. The steps that came after the base are dropped. */
export function withResult({ ids, base }: StepList, result: string): StepList {
  return { ids: [...ids.slice(0, base + 1), result], base, showsResult: true };
}

/** Makes the result the picture that is converted next; the same list when there is no result. */
export function continueFromResult(list: StepList): StepList {
  return resultOf(list) === null ? list : { ...list, base: list.base + 1, showsResult: false };
}

/** Shows a step beside the one it was made from; the original alone. */
export function goToStep({ ids }: StepList, index: number): StepList {
  return { ids, base: Math.max(0, index - 1), showsResult: index > 0 };
}

/** The steps before the first that is missing; null when the original is. */
export function withoutMissing({ ids, base, showsResult }: StepList, exists: (id: string) => boolean): StepList | null {
  const missing = ids.findIndex((id) => !exists(id));
  const left = missing < 0 ? ids : ids.slice(0, missing);
  return left.length === 0
    ? null
    : { ids: left, base: Math.min(base, left.length - 1), showsResult: showsResult && base + 1 < left.length };
}

/** States that can be undone and redone. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

/** A person hardly undoes more, and each state keeps pictures in memory. */
const MAX_UNDO = 50;

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** Adds a new state. What was undone can no longer be redone. */
export function push<T>(history: History<T>, present: T): History<T> {
  return { past: [...history.past, history.present].slice(-MAX_UNDO), present, future: [] };
}

/** Undoes the last change; an equal history when there is none. */
export function undo<T>({ past, present, future }: History<T>): History<T> {
  const last = past.at(-1);
  return last === undefined ? { past, present, future } : { past: past.slice(0, -1), present: last, future: [present, ...future] };
}

/** Redoes the change that was undone last; an equal history when there is none. */
export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  return next === undefined ? { past, present, future } : { past: [...past, present], present: next, future: rest };
}

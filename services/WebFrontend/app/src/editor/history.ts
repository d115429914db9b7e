/** States that can be taken back and brought again. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

/** More is never taken back, and each state holds pictures. */
const MOST = 50;

export function historyOf<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** Goes on to a new state; what had been taken back is gone. */
export function push<T>(history: History<T>, present: T): History<T> {
  return { past: [...history.past, history.present].slice(-MOST), present, future: [] };
}

/** Takes the last change back; the same history when there is none. */
export function undo<T>({ past, present, future }: History<T>): History<T> {
  const last = past.at(-1);
  return last === undefined ? { past, present, future } : { past: past.slice(0, -1), present: last, future: [present, ...future] };
}

/** Brings back what was taken back last; the same history when there is none. */
export function redo<T>({ past, present, future }: History<T>): History<T> {
  const [next, ...rest] = future;
  return next === undefined ? { past, present, future } : { past: [...past, present], present: next, future: rest };
}

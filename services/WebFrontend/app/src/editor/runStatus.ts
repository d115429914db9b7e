import type { RunState } from './workspace';

/** The state of a conversion, in a few words. */
export function describeRun(state: RunState): string {
  switch (state.phase) {
    case 'sending':
      return 'Sending';
    case 'waiting':
      return state.problem.title;
    case 'queued':
      return state.position === null || state.position <= 1 ? 'Next in the queue' : `Number ${state.position} in the queue`;
    case 'running':
      return state.progress === null ? 'Converting' : `Converting, ${Math.floor(state.progress * 100)} %`;
    case 'fetching':
      return 'Fetching the result';
  }
}

/** How far a conversion is, from 0 to 1; null when that is not known. */
export function progressOf(state: RunState): number | null {
  return state.phase === 'running' ? state.progress : state.phase === 'fetching' ? 1 : null;
}

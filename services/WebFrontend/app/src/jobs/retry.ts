import { asProblem, type Problem } from '../problems/problem';

export interface RetryOptions {
  signal: AbortSignal;
  /** Called when the server is full or does not answer; the next attempt is at the given time, in ms since 1970. */
  onWait?: (problem: Problem, retryAt: number) => void;
}

/** In seconds, when the server names no time. */
const RETRY_DELAY = 2;

/**
 * Tries while the problem is transient, however long that is.
 * @throws {Problem} one that is not transient
 */
export async function withRetry<T>(attempt: () => Promise<T>, { signal, onWait }: RetryOptions): Promise<T> {
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const problem = asProblem(error);
      if (!problem.isTransient) {
        throw problem;
      }
      const seconds = Math.max(problem.retryAfter ?? RETRY_DELAY, 1);
      onWait?.(problem, Date.now() + seconds * 1000);
      await waitForRetry(seconds * 1000, signal);
    }
  }
}

/** Waits until the time is over or the network is back; rejects when the signal is aborted. */
function waitForRetry(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resume, ms);
    function removeListeners() {
      clearTimeout(timer);
      removeEventListener('online', resume);
      signal.removeEventListener('abort', cancel);
    }
    function resume() {
      removeListeners();
      resolve();
    }
    function cancel() {
      removeListeners();
      reject(signal.reason as Error);
    }
    addEventListener('online', resume);
    signal.addEventListener('abort', cancel);
  });
}

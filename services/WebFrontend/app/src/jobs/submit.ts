import { send } from '../http/client';
import { asProblem, Problem, readProblem } from '../problems/problem';

/** What is to be converted, and how. */
export interface Submission {
  converter: string;
  /** Parameters in the query, by name. */
  values: [string, string][];
  picture: Blob;
  /** Parameters that are pictures themselves. */
  images: [string, Blob][];
  /** The same key, picture and settings are one job, however often they are sent. */
  idempotencyKey: string;
}

export interface SubmitOptions {
  signal: AbortSignal;
  /** Called when the server has no room or does not answer; it is tried again at the time given (ms since 1970). */
  onWait(problem: Problem, retryAt: number): void;
  send?: (request: Request) => Promise<Response>;
}

const PAUSE = 2;

/**
 * Hands a picture in, and goes on trying while the fault is one that passes.
 * @returns the job's id
 * @throws {Problem} the server refuses it for good
 */
export async function submitConversion(submission: Submission, options: SubmitOptions): Promise<string> {
  while (true) {
    try {
      const response = await (options.send ?? send)(requestOf(submission, options.signal));
      if (response.status === 202) {
        return ((await response.json()) as { jobId: string }).jobId;
      }
      throw await readProblem(response);
    } catch (error) {
      options.signal.throwIfAborted();
      const problem = asProblem(error);
      if (!problem.isTransient) {
        throw problem;
      }
      const seconds = Math.max(problem.retryAfter ?? PAUSE, 1);
      options.onWait(problem, Date.now() + seconds * 1000);
      await pause(seconds * 1000, options.signal);
    }
  }
}

function requestOf({ converter, values, picture, images, idempotencyKey }: Submission, signal: AbortSignal): Request {
  const query = new URLSearchParams([['converter', converter], ...values]);
  return new Request(new URL(`/api/conversions?${query}`, location.origin), {
    method: 'POST',
    headers: { 'Idempotency-Key': idempotencyKey },
    body: images.length === 0 ? picture : formOf(picture, images),
    signal,
  });
}

function formOf(picture: Blob, images: [string, Blob][]): FormData {
  const form = new FormData();
  form.append('image', picture);
  images.forEach(([name, image]) => form.append(name, image));
  return form;
}

/** Waits; gives up at once when the signal says so, and goes on at once when the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(goOn, ms);
    function done() {
      clearTimeout(timer);
      removeEventListener('online', goOn);
      signal.removeEventListener('abort', stop);
    }
    function goOn() {
      done();
      resolve();
    }
    function stop() {
      done();
      reject(signal.reason);
    }
    addEventListener('online', goOn);
    signal.addEventListener('abort', stop);
  });
}

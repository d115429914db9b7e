import { send } from '../http/client';
import { asProblem, Problem, readProblem } from '../problems/problem';

/** A picture to convert, and the converter with its values. */
export interface Submission {
  converter: string;
  /** Parameters in the query, by name. */
  values: [string, string][];
  picture: Blob;
  /** Parameters that are pictures, by name. */
  images: [string, Blob][];
  /** The same key, picture and values are one job, however often they are sent. */
  idempotencyKey: string;
}

export interface SubmitOptions {
  signal: AbortSignal;
  /** Called when the server is full or does not answer; the next attempt is at the given time, in ms since 1970. */
  onWait(problem: Problem, retryAt: number): void;
  send?: (request: Request) => Promise<Response>;
}

/** In seconds, when the server names no time. */
const RETRY_DELAY = 2;

/**
 * Submits a picture, and tries again while the problem is transient.
 * @returns the job's id
 * @throws {Problem} the server refuses it permanently
 */
export async function submitConversion(submission: Submission, options: SubmitOptions): Promise<string> {
  while (true) {
    try {
      const response = await (options.send ?? send)(createRequest(submission, options.signal));
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
      const seconds = Math.max(problem.retryAfter ?? RETRY_DELAY, 1);
      options.onWait(problem, Date.now() + seconds * 1000);
      await waitForRetry(seconds * 1000, options.signal);
    }
  }
}

function createRequest({ converter, values, picture, images, idempotencyKey }: Submission, signal: AbortSignal): Request {
  const query = new URLSearchParams([['converter', converter], ...values]);
  return new Request(new URL(`/api/conversions?${query}`, location.origin), {
    method: 'POST',
    headers: { 'Idempotency-Key': idempotencyKey },
    body: images.length === 0 ? picture : createForm(picture, images),
    signal,
  });
}

function createForm(picture: Blob, images: [string, Blob][]): FormData {
  const form = new FormData();
  form.append('image', picture);
  images.forEach(([name, image]) => form.append(name, image));
  return form;
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

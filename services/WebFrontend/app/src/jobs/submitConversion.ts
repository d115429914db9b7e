import { send } from '../http/client';
import { readProblem } from '../problems/problem';
import { type RetryOptions, withRetry } from './retry';

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

export interface SubmitOptions extends RetryOptions {
  send?: (request: Request) => Promise<Response>;
}

/**
 * Submits a picture, and tries again while the problem is transient.
 * @returns the job's id
 * @throws {Problem} the server refuses it permanently
 */
export function submitConversion(submission: Submission, options: SubmitOptions): Promise<string> {
  return withRetry(async () => {
    const response = await (options.send ?? send)(createRequest(submission, options.signal));
    if (response.status !== 202) {
      throw await readProblem(response);
    }
    return ((await response.json()) as { jobId: string }).jobId;
  }, options);
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

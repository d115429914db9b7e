/** The public API, as the page uses it. Faults that pass (no network, a busy server) are waited out. */

const DEFAULT_PAUSE = 1000;
const FAULT_PAUSE = 2000;

/** An answer that ends the matter: what is wrong, and what to do about it. */
export class Problem extends Error {
  /**
   * @param {string} title
   * @param {string} detail
   * @param {number} status the HTTP status
   */
  constructor(title, detail, status) {
    super(title);
    this.detail = detail;
    this.status = status;
  }
}

/**
 * @typedef {object} Surroundings what tests replace
 * @property {typeof fetch} fetch
 * @property {(ms: number, signal?: AbortSignal) => Promise<void>} pause
 */

/** @type {Surroundings} */
const browser = { fetch: (...request) => fetch(...request), pause };

/**
 * Lists the converters.
 * @param {Surroundings} [surroundings]
 * @returns {Promise<object[]>} descriptors, each with `up`
 * @throws {Problem|TypeError} the server answers with a problem, or not at all
 */
export async function listConverters({ fetch } = browser) {
  const response = await fetch('api/converters');
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response.json();
}

/**
 * Submits a picture. It is sent again under the same key until the server answers, so a lost answer makes no second job.
 * @param {{converter: string, values: [string, string][], picture: File, images: [string, File][]}} conversion
 * @param {{signal: AbortSignal, onWait: () => void}} options
 * @param {Surroundings} [surroundings]
 * @returns {Promise<string>} the job's id
 * @throws {Problem} the conversion is refused
 */
export async function submit(conversion, { signal, onWait }, surroundings = browser) {
  const { picture, images } = conversion;
  const request = {
    method: 'POST',
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: images.length === 0 ? picture : formOf(picture, images),
    signal,
  };
  const response = await persist(conversionUrl(conversion), request, onWait, surroundings);
  if (response.status !== 202) {
    throw await problemOf(response);
  }
  return (await response.json()).jobId;
}

/**
 * Follows a job to its end.
 * @param {string} jobId
 * @param {{signal: AbortSignal, onState: (job: object) => void}} options
 * @param {Surroundings} [surroundings]
 * @returns {Promise<{blob: Blob, info: string|null}>} the result, and what the converter found, as JSON
 * @throws {Problem} the job failed, was cancelled or is gone
 */
export async function follow(jobId, { signal, onState }, surroundings = browser) {
  const onWait = () => onState({ state: 'unreachable' });
  while (true) {
    const response = await persist(jobUrl(jobId), { signal, cache: 'no-store' }, onWait, surroundings);
    try {
      if (response.status === 200) {
        return { blob: await response.blob(), info: response.headers.get('X-Result-Info') };
      }
      if (response.status === 202) {
        onState(await response.json());
      }
    } catch (error) {
      // The connection broke inside the answer: ask again.
      signal.throwIfAborted();
      onWait();
    }
    if (response.status !== 202 && response.status !== 200) {
      throw await problemOf(response);
    }
    await surroundings.pause(pauseOf(response, DEFAULT_PAUSE), signal);
  }
}

/**
 * Cancels a job.
 * @param {string} jobId
 * @param {Surroundings} [surroundings]
 * @returns {Promise<void>}
 * @throws {Problem|TypeError} the server answers with a problem, or not at all
 */
export async function cancel(jobId, { fetch } = browser) {
  const response = await fetch(jobUrl(jobId), { method: 'DELETE' });
  if (!response.ok) {
    throw await problemOf(response);
  }
}

/**
 * @param {{converter: string, values: [string, string][]}} conversion
 * @returns {string} where to submit it
 */
export function conversionUrl({ converter, values }) {
  return `api/conversions?${new URLSearchParams([['converter', converter], ...values])}`;
}

/** Repeats a request until the answer is one that stays. */
async function persist(url, request, onWait, { fetch, pause }) {
  while (true) {
    let wait = FAULT_PAUSE;
    try {
      const response = await fetch(url, request);
      if (!(await isPassing(response))) {
        return response;
      }
      wait = pauseOf(response, FAULT_PAUSE);
    } catch (error) {
      request.signal.throwIfAborted();
      if (!(error instanceof TypeError)) {
        throw error;
      }
    }
    onWait();
    await pause(wait, request.signal);
  }
}

/** Whether an answer is of a fault that passes. A 504 is, unless it is the job's own end. */
async function isPassing(response) {
  if (response.status !== 504) {
    return [408, 429, 502, 503].includes(response.status);
  }
  const problem = await response.clone().json().catch(() => null);
  return !problem?.type?.endsWith(':queue-timeout');
}

/** Milliseconds that the server asks to wait, a minute at most. */
function pauseOf(response, otherwise) {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000, 100), 60_000) : otherwise;
}

async function problemOf(response) {
  const problem = await response.json().catch(() => null);
  return new Problem(
    problem?.title ?? 'Something went wrong',
    problem?.detail ?? `The server answered with status ${response.status}. Try again in a moment.`,
    response.status);
}

function formOf(picture, images) {
  const form = new FormData();
  form.append('image', picture);
  images.forEach(([name, image]) => form.append(name, image));
  return form;
}

function jobUrl(jobId) {
  return `api/jobs/${encodeURIComponent(jobId)}`;
}

/**
 * Waits, or gives up at once when the signal says so.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => { clearTimeout(timer); reject(signal.reason); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

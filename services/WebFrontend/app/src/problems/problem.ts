/** What went wrong and what to do about it, in sentences for people. */
export class Problem extends Error {
  constructor(
    /** The problem's name without its urn, such as "too-large"; "network" when no answer came, "unknown" when it had no type. */
    readonly type: string,
    title: string,
    readonly detail: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** Seconds after which trying again makes sense, when the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(title);
    this.name = 'Problem';
  }

  /** Whether the same request may well succeed later. */
  get isTransient(): boolean {
    return this.type === 'network' || (TRANSIENT_STATUSES.has(this.status) && !endsJob(this.type));
  }
}

interface ProblemBody {
  type?: string | null;
  title?: string | null;
  detail?: string | null;
  status?: number | null;
}

const PREFIX = 'urn:image-editor:problem:';
const TRANSIENT_STATUSES = new Set([408, 425, 429, 502, 503, 504]);
/** Problems with status 504 that end a job: another try would take as long again. */
const FINAL_TIMEOUTS = new Set(['queue-timeout', 'time-limit']);
/** In seconds. */
const MAX_RETRY_AFTER = 120;

/** Headings of the problems that people meet. The server's own detail follows, since it names the limits. */
const TITLES: Record<string, string> = {
  'too-large': 'This file is too large',
  'not-an-image': 'This is not a picture that can be read',
  'too-many-pixels': 'This picture has too many pixels',
  'side-too-long': 'This picture is too wide or too tall',
  'too-many-frames': 'This animation has too many frames',
  'not-decodable': 'This picture cannot be read',
  'nobody-found': 'Nobody was recognised in this picture',
  'invalid-parameters': 'A setting does not fit',
  'unknown-converter': 'This converter is not there any more',
  'job-not-found': 'The result is no longer there',
  'job-cancelled': 'Cancelled',
  'conversion-failed': 'The conversion did not work',
  'queue-timeout': 'It waited too long',
  'time-limit': 'It took too long',
  'queue-full': 'Many pictures are waiting already',
  'store-full': 'The server has no room at the moment',
  'rate-limited': 'That was a lot at once',
  'unavailable': 'This part of the server is away at the moment',
  'internal-error': 'Something went wrong on the server',
  'picture-not-found': 'This picture is not in your gallery',
};

const DETAILS: Record<string, string> = {
  'nobody-found': 'People are cut out, not animals or things. If it shows a person all the same, switch on “Cut anyway”.',
  'job-not-found': 'Results are kept for a short while only. Convert the picture again.',
  'job-cancelled': 'Nothing was changed. Convert again whenever you like.',
  'conversion-failed': 'It was tried several times. Try again later, or with other settings.',
};

/** Whether a problem with status 504 is a job's own end, and not a server that is away. */
export function endsJob(type: string): boolean {
  return FINAL_TIMEOUTS.has(type.replace(PREFIX, ''));
}

/** There was no answer: the server is down, or the network. */
export function networkProblem(): Problem {
  return navigator.onLine === false
    ? new Problem('network', 'You are offline', 'Check the connection. This page goes on by itself once it is back.', 0)
    : new Problem('network', 'The server does not answer', 'It may be starting, or the connection broke. Try again in a moment.', 0);
}

/** Makes a problem of the body of a response or of a job's problem. */
export function problemOf(body: ProblemBody | null | undefined, status: number, retryAfter: number | null = null): Problem {
  const type = body?.type?.startsWith(PREFIX) ? body.type.slice(PREFIX.length) : 'unknown';
  return new Problem(
    type,
    TITLES[type] ?? body?.title ?? 'Something went wrong',
    DETAILS[type] ?? body?.detail ?? `The server answered with status ${status}. Try again in a moment.`,
    status,
    retryAfter);
}

/** Reads the problem in a response. */
export async function readProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null;
  return problemOf(body, response.status, retryAfterOf(response));
}

/** The header Retry-After, in seconds, at most two minutes; null when there is none. */
export function retryAfterOf(response: Response): number | null {
  const value = response.headers.get('Retry-After');
  const seconds = value === null ? NaN : Number(value);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER) : null;
}

/** Makes a problem of what was thrown: fetch throws a TypeError when the connection is lost. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof TypeError) {
    return networkProblem();
  }
  return new Problem('unknown', 'Something went wrong', 'Reload the page. Your pictures and running work are found again.', 0);
}

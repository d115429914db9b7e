import createClient from 'openapi-fetch';
import { api } from '../http/client';
import type { paths } from '../http/generated/job-manager';
import type { JobEvent, PendingJob } from '../http/types';
import { endsJob, Problem, problemOf } from '../problems/problem';
import { session } from '../session/session';
import { withRetry } from './retry';

/** A job's state as the server reports it, by an event or in answer to a poll. */
export type JobUpdate = Pick<JobEvent, 'jobId' | 'state' | 'queuePosition' | 'progress' | 'problem' | 'status'> & {
  /** Where the newest preview picture is. */
  preview?: string | null;
  /** Whether it is in its owner's gallery; null for an anonymous job, undefined when the answer does not say. */
  saved?: boolean | null;
};

export function hasEnded(state: string): boolean {
  return state !== 'queued' && state !== 'running';
}

/** Where the events of some jobs come from. */
export function jobEventsUrl(jobIds: string[]): string {
  return `/api/jobs/events?${jobIds.map((id) => `id=${encodeURIComponent(id)}`).join('&')}`;
}

/** Cancels a job. A job that is no longer there counts as cancelled. */
export async function cancelJob(jobId: string): Promise<void> {
  try {
    await api.DELETE('/api/jobs/{id}', { params: { path: { id: jobId } } });
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) {
      throw error;
    }
  }
}

/** What a converter's refusal and a fault end a job with; other errors are of those on the way. */
const FINAL_STATUSES = new Set([400, 413, 415, 422, 500]);

export interface JobResult {
  picture: Blob;
  /** What the converter found, as JSON; null when it found nothing. */
  findings: string | null;
}

/** Fetches a job's result, and tries again while the problem is transient: the result waits longer than most networks are away. */
export function fetchResultWithRetry(jobId: string, signal: AbortSignal): Promise<JobResult> {
  return withRetry(() => fetchResult(jobId, signal), { signal });
}

async function fetchResult(jobId: string, signal: AbortSignal): Promise<JobResult> {
  const { data, response } = await api.GET('/api/jobs/{id}', {
    params: { path: { id: jobId } },
    parseAs: 'blob',
    cache: 'no-store',
    signal,
  });
  if (response.status !== 200) {
    throw problemOf(null, response.status);
  }
  return { picture: data!, findings: response.headers.get('X-Result-Info') };
}

/** Reads states without renewing the session and without throwing: whoever polls asks again anyway. */
const polling = createClient<paths>({ baseUrl: location.origin });

/** Reads one job's state; null when the server gives none at the moment. */
export async function readJobState(jobId: string, fetch: (request: Request) => Promise<Response>): Promise<JobUpdate | null> {
  const abort = new AbortController();
  const update = (state: string, status: number): JobUpdate =>
    ({ jobId, state, status, queuePosition: null, progress: null, problem: null });
  try {
    const { error: problem, response } = await polling.GET('/api/jobs/{id}', {
      params: { path: { id: jobId } },
      // The body is read below, and not at all when it is the result.
      parseAs: 'stream',
      cache: 'no-store',
      signal: abort.signal,
      fetch,
    });
    switch (response.status) {
      case 200:
        abort.abort();
        return update('done', 200);
      case 202:
        return { ...update('queued', 202), ...((await response.json()) as PendingJob) };
      case 404:
        return update('unknown', 404);
      case 410:
        return update('cancelled', 410);
      case 401:
        // The refusal has removed the cookie.
        session.markStale();
        return null;
      default: {
        const isFinal = FINAL_STATUSES.has(response.status) || (response.status === 504 && endsJob(problem?.type ?? ''));
        return isFinal && problem?.type?.startsWith('urn:')
          ? { ...update('failed', response.status), problem: problem as JobUpdate['problem'] }
          : null;
      }
    }
  } catch {
    // No answer, or none of this server's: asked again shortly.
    return null;
  }
}

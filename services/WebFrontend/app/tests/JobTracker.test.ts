import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobUpdate } from '../src/jobs/jobsApi';
import { type Connection, JobTracker } from '../src/jobs/JobTracker';
import { FakeServer, json } from './fakes';

let server: FakeServer;
let connections: Connection[];
let tracker: JobTracker;
let updates: Record<string, string[]>;

function watch(...ids: string[]): void {
  for (const id of ids) {
    updates[id] = [];
    tracker.watch(id, ({ state, saved }: JobUpdate) => updates[id]!.push(saved === true ? `${state} saved` : state));
  }
}

const running = (jobId: string) => ({ jobId, state: 'running', status: 202, queuePosition: null, progress: 0.5, problem: null });
const done = (jobId: string, saved: boolean | null = null) =>
  ({ jobId, state: 'done', status: 200, queuePosition: null, progress: null, problem: null, saved });

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  connections = [];
  updates = {};
  tracker = new JobTracker((connection) => connections.push(connection), server);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Waits until the tracker has opened a stream, and connects it. */
async function opened(): Promise<void> {
  await vi.advanceTimersByTimeAsync(60);
  server.last.opens();
}

describe('one stream', () => {
  test('SeveralJobs_ShareIt', async () => {
    watch('a', 'b');
    await opened();
    expect(server.streams.map(({ url }) => url)).toEqual(['/api/jobs/events?id=a&id=b']);
    server.last.sends(running('b'));
    expect(updates).toEqual({ a: [], b: ['running'] });
  });

  test('AnotherJob_IsOnTheNextOneAndTheFirstIsClosed', async () => {
    watch('a');
    await opened();
    watch('b');
    await opened();
    expect(server.streams.map(({ url, isClosed }) => [url, isClosed]))
      .toEqual([['/api/jobs/events?id=a', true], ['/api/jobs/events?id=a&id=b', false]]);
  });

  test('AStreamThatWasReplaced_IsNotHeardAnyMore', async () => {
    watch('a');
    await opened();
    const [first] = server.streams;
    watch('b');
    await opened();
    first!.sends(done('a'));
    first!.breaks();
    expect(updates['a']).toEqual([]);
    expect(connections).toEqual(['stream']);
  });

  test('TheLastJobEnds_ClosesIt', async () => {
    watch('a');
    await opened();
    server.last.sends(done('a'));
    expect(updates['a']).toEqual(['done']);
    expect(server.last.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.streams).toHaveLength(1);
    expect(connections).toEqual(['stream', 'idle']);
  });

  test('NobodyListensAnyMore_ClosesIt', async () => {
    watch('a');
    await opened();
    tracker.unwatch('a');
    expect(server.last.isClosed).toBe(true);
  });

  test('MoreJobsThanAStreamTakes_AreFollowedAsPlacesComeFree', async () => {
    watch(...Array.from({ length: 101 }, (_, index) => `job${index}`));
    await opened();
    expect(server.last.url).not.toContain('job100');
    server.last.sends(done('job0'));
    await vi.advanceTimersByTimeAsync(60);
    expect(server.last.url).toContain('job100');
  });
});

describe('a stream that breaks', () => {
  test('IsReplacedByPollingUntilANewOneStands', async () => {
    server.respond = () => json(202, { jobId: 'a', state: 'running', progress: 0.2 });
    watch('a');
    await opened();
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(10);
    expect(server.polls).toEqual(['/api/jobs/a']);
    expect(updates['a']).toEqual(['running']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.streams).toHaveLength(2);
    server.last.opens();
    const polls = server.polls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.polls).toHaveLength(polls);
    expect(connections).toEqual(['stream', 'polling', 'stream']);
  });

  test('NeverOpens_PollsOnAndTriesMoreAndMoreSeldom', async () => {
    server.respond = () => json(202, { jobId: 'a', state: 'queued', queuePosition: 3 });
    watch('a');
    await vi.advanceTimersByTimeAsync(60);
    const times: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const count = server.streams.length;
      server.last.breaks();
      const before = Date.now();
      while (server.streams.length === count) {
        await vi.advanceTimersByTimeAsync(100);
      }
      times.push(Date.now() - before);
    }
    expect(times).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(server.polls.length).toBeGreaterThan(20);
  });

  test('AJobThatEndsMeanwhile_IsFoundByPolling', async () => {
    watch('a', 'b', 'c', 'd', 'e', 'f');
    await opened();
    const answers: Record<string, () => Response> = {
      a: () => new Response('picture', { status: 200 }),
      b: () => json(410, {}),
      c: () => json(404, {}),
      d: () => json(422, { type: 'urn:image-editor:problem:not-decodable', title: 'Damaged', status: 422, detail: 'Cut off.' }),
      e: () => json(504, { type: 'urn:image-editor:problem:time-limit', title: 'Too slow', status: 504, detail: 'Send a smaller one.' }),
      f: () => json(415, { type: 'urn:image-editor:problem:not-an-image', title: 'Raw', status: 415, detail: 'Develop it.' }),
    };
    server.respond = (url) => answers[url.at(-1)!]!();
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(100);
    expect(updates).toEqual({ a: ['done'], b: ['cancelled'], c: ['unknown'], d: ['failed'], e: ['failed'], f: ['failed'] });
    expect(connections.at(-1)).toBe('idle');
  });

  test('AJobWhoseEndIsFoundByPolling_IsFollowedUntilItIsKnownToBeSaved', async () => {
    watch('a');
    await opened();
    server.respond = () => new Response('picture', { status: 200 });
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(100);
    expect(updates['a']).toEqual(['done']);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(server.streams).toHaveLength(2);
    server.last.opens();
    server.last.sends(done('a', true));
    expect(updates['a']).toEqual(['done', 'done saved']);
    expect(connections.at(-1)).toBe('idle');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.streams).toHaveLength(2);
    expect(server.polls).toHaveLength(1);
  });

  test('AJobThatIsSavedWhereNoStreamEverOpens_IsAskedForMoreAndMoreSeldom', async () => {
    watch('a');
    await opened();
    server.respond = () => new Response('picture', { status: 200 });
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(3_100);
    const times: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const count = server.streams.length;
      server.last.breaks();
      const before = Date.now();
      while (server.streams.length === count) {
        await vi.advanceTimersByTimeAsync(500);
      }
      times.push(Date.now() - before);
    }
    expect(times).toEqual([6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
  });

  test('AnAnonymousJobWhoseEndIsFoundByPolling_IsAskedForOnceMore', async () => {
    watch('a');
    await opened();
    server.respond = () => new Response('picture', { status: 200 });
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(3_100);
    server.last.opens();
    server.last.sends(done('a', null));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.streams).toHaveLength(2);
  });

  test.each([
    ['a gateway without an answer', () => json(502, {})],
    ['a service that is away', () => json(503, { type: 'urn:image-editor:problem:unavailable' })],
    ['a proxy that timed out', () => new Response('<html>', { status: 504 })],
    ['an error that is none of the job', () => new Response('<html>', { status: 500 })],
    ['an answer that broke off', () => new Response('{"sta', { status: 202 })],
    ['no network', () => { throw new TypeError('network'); }],
  ])('Polling meets %s_AsksAgain', async (_, answer) => {
    server.respond = answer;
    watch('a');
    await opened();
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(100);
    expect(updates['a']).toEqual([]);
    server.respond = () => new Response('picture', { status: 200 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(updates['a']).toEqual(['done']);
  });

  test('QueueTimeoutWhilePolling_EndsTheJob', async () => {
    server.respond = () =>
      json(504, { type: 'urn:image-editor:problem:queue-timeout', title: 'Too long', status: 504, detail: 'It waited.' });
    watch('a');
    await opened();
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(100);
    expect(updates['a']).toEqual(['failed']);
  });

  test('SilentForLong_CountsAsBroken', async () => {
    server.respond = () => json(202, { jobId: 'a', state: 'running' });
    watch('a');
    await opened();
    await vi.advanceTimersByTimeAsync(30_000);
    server.last.sends(running('a'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(connections).toEqual(['stream']);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(connections).toEqual(['stream', 'polling']);
    expect(server.streams[0]!.isClosed).toBe(true);
  });

  test('wake_AfterTheNetworkIsBack_OpensAtOnce', async () => {
    server.respond = () => { throw new TypeError('network'); };
    watch('a');
    await opened();
    for (let tries = 0; tries < 5; tries++) {
      server.last.breaks();
      await vi.advanceTimersByTimeAsync(15_000);
    }
    server.last.breaks();
    const count = server.streams.length;
    tracker.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(server.streams).toHaveLength(count + 1);
  });
});

describe('a job that is being saved', () => {
  test('IsFollowedUntilItIsSaved', async () => {
    watch('a');
    await opened();
    server.last.sends(done('a', false));
    expect(updates['a']).toEqual(['done']);
    // The server ends a stream whose jobs have all ended.
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(server.polls).toEqual([]);
    server.last.opens();
    server.last.sends(done('a', true));
    expect(updates['a']).toEqual(['done', 'done saved']);
    expect(connections.at(-1)).toBe('idle');
  });

  test('BesideOneThatRuns_HoldsNothingUp', async () => {
    watch('a', 'b');
    await opened();
    server.last.sends(done('a', false));
    server.last.sends(running('b'));
    server.respond = (url) => json(202, { jobId: url.at(-1)!, state: 'running' });
    server.last.breaks();
    await vi.advanceTimersByTimeAsync(100);
    expect(server.polls).toEqual(['/api/jobs/b']);
  });
});

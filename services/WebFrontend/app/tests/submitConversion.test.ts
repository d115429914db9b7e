import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { submitConversion, type Submission } from '../src/jobs/submitConversion';
import { Problem } from '../src/problems/problem';
import { json } from './fakes';

const submission: Submission = {
  converter: 'contrast',
  values: [['amount', '4 0']],
  picture: new Blob(['picture'], { type: 'image/png' }),
  images: [],
  idempotencyKey: 'key',
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sends, with these answers one after the other; an Error is thrown. */
function sending(answers: (Response | Error)[], more: Partial<Submission> = {}) {
  const requests: Request[] = [];
  const waits: [string, number][] = [];
  const abort = new AbortController();
  const job = submitConversion({ ...submission, ...more }, {
    signal: abort.signal,
    onWait: ({ type }, retryAt) => waits.push([type, retryAt - Date.now()]),
    send: async (request) => {
      requests.push(request);
      const answer = answers.shift()!;
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  });
  job.catch(() => undefined);
  return { job, requests, waits, abort };
}

const accepted = () => json(202, { jobId: 'p0-1' });

describe('submit', () => {
  test('Accepted_ReturnsTheJob', async () => {
    const { job, requests } = sending([accepted()]);
    expect(await job).toBe('p0-1');
    expect(new URL(requests[0]!.url).search).toBe('?converter=contrast&amount=4+0');
    expect(requests[0]!.method).toBe('POST');
  });

  test('LostAnswerThenFullQueue_SendsAgainUnderTheSameKey', async () => {
    const { job, requests, waits } = sending([
      new TypeError('network'),
      json(429, { type: 'urn:image-editor:problem:queue-full' }, { 'Retry-After': '7' }),
      json(503, { type: 'urn:image-editor:problem:unavailable' }),
      accepted(),
    ]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(await job).toBe('p0-1');
    expect(requests.map(({ headers }) => headers.get('Idempotency-Key'))).toEqual(['key', 'key', 'key', 'key']);
    expect(waits).toEqual([['network', 2_000], ['queue-full', 7_000], ['unavailable', 2_000]]);
  });

  test.each([
    [413, 'too-large', 'This file is too large'],
    [415, 'not-an-image', 'This is not a picture that can be read'],
    [422, 'too-many-pixels', 'This picture has too many pixels'],
    [400, 'invalid-parameters', 'A setting does not fit'],
  ])('Refused with %i_ThrowsWhatIsWrong', async (status, type, message) => {
    const { job } = sending([json(status, { type: `urn:image-editor:problem:${type}`, title: 'Title', detail: 'The limit is 5 MB.' })]);
    await expect(job).rejects.toMatchObject({ type, message, detail: 'The limit is 5 MB.', status });
  });

  test('AnswerThatIsNoProblem_SaysTheStatus', async () => {
    const { job } = sending([new Response('<html>', { status: 500 })]);
    await expect(job).rejects.toThrow(Problem);
    await expect(job).rejects.toMatchObject({ detail: expect.stringContaining('500') as string });
  });

  test('CancelledWhileItWaits_StopsAtOnce', async () => {
    const { job, requests, abort } = sending([new TypeError('network'), accepted()]);
    await vi.advanceTimersByTimeAsync(100);
    abort.abort();
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    expect(requests).toHaveLength(1);
  });

  test('NetworkIsBack_SendsAtOnce', async () => {
    const { job, requests } = sending([new TypeError('network'), accepted()]);
    await vi.advanceTimersByTimeAsync(100);
    dispatchEvent(new Event('online'));
    expect(await job).toBe('p0-1');
    expect(requests).toHaveLength(2);
  });

  test('ParameterThatIsAPicture_SendsAForm', async () => {
    const { job, requests } = sending([accepted()], { images: [['style', new Blob(['style'])]] });
    await job;
    expect([...(await requests[0]!.formData()).keys()]).toEqual(['image', 'style']);
  });
});

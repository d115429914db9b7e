import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, cancel, conversionUrl, follow, listConverters, pause, submit } from '../wwwroot/api.js';

const picture = new Blob(['picture'], { type: 'image/png' });
const conversion = { converter: 'contrast', values: [['amount', '40']], picture, images: [] };

/** A server that gives these answers one after the other; an Error is a lost connection. */
function server(...answers) {
  const requests = [];
  const pauses = [];
  return {
    requests,
    pauses,
    fetch: async (url, request) => {
      requests.push({ url, ...request });
      const answer = answers.shift();
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
    pause: async (ms) => { pauses.push(ms); },
  };
}

function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers });
}

function options(more = {}) {
  return { signal: new AbortController().signal, onWait: () => {}, onState: () => {}, ...more };
}

test('submit_Accepted_ReturnsTheJob', async () => {
  const api = server(json(202, { jobId: 'p0-1' }));

  assert.equal(await submit(conversion, options(), api), 'p0-1');

  const [{ url, method, body }] = api.requests;
  assert.deepEqual([url, method, body], ['api/conversions?converter=contrast&amount=40', 'POST', picture]);
});

test('submit_LostAnswerAndBusyServer_SendsAgainUnderTheSameKey', async () => {
  const api = server(new TypeError('network'), json(503, {}, { 'Retry-After': '3' }), json(429, {}), json(202, { jobId: 'p0-1' }));
  let waits = 0;

  assert.equal(await submit(conversion, options({ onWait: () => waits++ }), api), 'p0-1');

  assert.equal(new Set(api.requests.map(({ headers }) => headers['Idempotency-Key'])).size, 1);
  assert.deepEqual(api.pauses, [2000, 3000, 2000]);
  assert.equal(waits, 3);
});

test('submit_TwoConversions_HaveKeysOfTheirOwn', async () => {
  const api = server(json(202, { jobId: 'p0-1' }), json(202, { jobId: 'p0-2' }));

  await submit(conversion, options(), api);
  await submit(conversion, options(), api);

  assert.notEqual(api.requests[0].headers['Idempotency-Key'], api.requests[1].headers['Idempotency-Key']);
});

test('submit_Refused_ThrowsTheProblem', async () => {
  const api = server(json(415, { title: 'Not a picture', detail: 'Send another one.' }));

  await assert.rejects(submit(conversion, options(), api), { message: 'Not a picture', detail: 'Send another one.', status: 415 });
});

test('submit_ParameterThatIsAnImage_SendsAForm', async () => {
  const api = server(json(202, { jobId: 'p0-1' }));

  await submit({ ...conversion, images: [['style', new Blob(['style'])]] }, options(), api);

  assert.deepEqual([...api.requests[0].body.keys()], ['image', 'style']);
});

test('follow_QueuedThenRunningThenDone_ReportsEachAndReturnsTheResult', async () => {
  const states = [];
  const api = server(
    json(202, { state: 'queued', queuePosition: 2 }, { 'Retry-After': '1' }),
    json(202, { state: 'running', progress: 0.5 }, { 'Retry-After': '2' }),
    new Response('result', { status: 200, headers: { 'Content-Type': 'image/png', 'X-Result-Info': '{"faces":2}' } }));

  const { blob, info } = await follow('p0-1', options({ onState: (job) => states.push(job.state) }), api);

  assert.deepEqual([await blob.text(), blob.type, info], ['result', 'image/png', '{"faces":2}']);
  assert.deepEqual(states, ['queued', 'running']);
  assert.deepEqual(api.pauses, [1000, 2000]);
});

test('follow_FaultsThatPass_GoesOnAsking', async () => {
  const states = [];
  const api = server(
    new TypeError('network'),
    json(503, {}, { 'Retry-After': '1' }),
    new Response('<html>', { status: 502 }),
    json(504, { type: 'about:blank' }),
    new Response('{"state":', { status: 202 }),
    new Response('result', { status: 200 }));

  const { blob } = await follow('p0-1', options({ onState: (job) => states.push(job.state) }), api);

  assert.equal(await blob.text(), 'result');
  assert.deepEqual(new Set(states), new Set(['unreachable']));
  assert.equal(states.length, 5);
});

const ends = { 404: 'job-not-found', 410: 'job-cancelled', 422: 'not-decodable', 500: 'conversion-failed', 504: 'queue-timeout' };

for (const [status, type] of Object.entries(ends)) {
  test(`follow_Ended${status}_ThrowsTheProblem`, async () => {
    const api = server(json(Number(status), { type: `urn:image-editor:problem:${type}`, title: 'Over', detail: 'Why.' }));

    await assert.rejects(follow('p0-1', options(), api), { message: 'Over', detail: 'Why.', status: Number(status) });
  });
}

test('follow_Aborted_StopsAsking', async () => {
  const abort = new AbortController();
  const api = server(json(202, { state: 'queued' }));
  api.pause = pause;

  const following = follow('p0-1', options({ signal: abort.signal, onState: () => abort.abort() }), api);

  await assert.rejects(following, { name: 'AbortError' });
  assert.equal(api.requests.length, 1);
});

test('cancel_Accepted_Deletes', async () => {
  const api = server(new Response(null, { status: 204 }));

  await cancel('p0-1', api);

  assert.deepEqual([api.requests[0].method, api.requests[0].url], ['DELETE', 'api/jobs/p0-1']);
});

test('listConverters_AnswerThatIsNoProblem_SaysTheStatus', async () => {
  const api = server(new Response('<html>', { status: 500 }));

  await assert.rejects(listConverters(api), (error) => error instanceof Problem && error.detail.includes('500'));
});

test('conversionUrl_SpecialCharacters_AreEscaped', () => {
  assert.equal(conversionUrl({ converter: 'a&b', values: [['text', 'x y=1']] }), 'api/conversions?converter=a%26b&text=x+y%3D1');
});

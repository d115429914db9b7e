import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Editor } from '../src/editor/Editor';
import { PictureCache } from '../src/editor/PictureCache';
import { correctionsOf, createWorkspaceStore, type Run, selectedOf, shownSteps, updatePicture } from '../src/editor/workspace';
import { JobTracker } from '../src/jobs/JobTracker';
import { FakeServer, json } from './fakes';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An editor whose only picture has a job that runs. */
async function running({ values = [] }: { values?: [string, string][] } = {}) {
  const results: ((response: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => results.push(resolve)));
  const server = new FakeServer();
  const store = createWorkspaceStore();
  const editor = new Editor(store, new PictureCache(() => { throw new Error('no database'); }), new JobTracker(() => undefined, server));
  await editor.addPicture(new Blob(['picture'], { type: 'image/png' }), 'picture.png');
  const { id } = selectedOf(store.getState())!;
  const settings = { converter: 'contrast', title: 'Contrast', values };
  const run: Run = { key: 'key', jobId: 'p0-1', settings, state: { phase: 'queued', position: null }, isCancelling: false };
  updatePicture(store, id, () => ({ run }));
  const over = editor.resume(id);
  await vi.advanceTimersByTimeAsync(100);
  server.last.opens();
  return {
    says: (state: object) =>
      server.last.sends({ jobId: 'p0-1', queuePosition: null, progress: null, problem: null, status: 200, ...state }),
    async fetches() {
      await vi.waitFor(() => expect(results).toHaveLength(1));
      results[0]!(new Response('result', { headers: { 'Content-Type': 'image/png' } }));
      await over;
    },
    corrections: () => correctionsOf(selectedOf(store.getState())!),
    editor,
    store,
    saved: () => shownSteps(selectedOf(store.getState())!).after?.saved,
  };
}

/** What a server answers to each request that is no poll and no stream: submissions take the next answer, results the next result. */
function answering(submissions: (() => Response | Promise<Response>)[], results: (() => Response)[] = []) {
  const forms: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'POST') {
      forms.push(request);
      const { signal } = request;
      const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      return Promise.race([(submissions.shift() ?? (() => json(503, {})))(), aborted]);
    }
    return (results.shift() ?? (() => json(404, { type: 'urn:image-editor:problem:job-not-found' })))();
  });
  return forms;
}

const accepted = () => json(202, { jobId: 'p0-1' });
const gone = () => json(404, { type: 'urn:image-editor:problem:job-not-found' });
const image = () => new Response('result', { headers: { 'Content-Type': 'image/png' } });
const style = { converter: 'style-transfer', title: 'Style', values: [] };

/** An editor with one picture, and what its server has. */
async function newEditor() {
  const server = new FakeServer();
  const store = createWorkspaceStore();
  const cache = new PictureCache(() => { throw new Error('no database'); });
  const editor = new Editor(store, cache, new JobTracker(() => undefined, server));
  await editor.addPicture(new Blob(['picture'], { type: 'image/png' }), 'picture.png');
  const picture = () => selectedOf(store.getState())!;
  return {
    editor, cache, picture,
    says: async (state: object) => {
      await vi.waitFor(() => expect(server.last).toBeDefined());
      server.last.opens();
      server.last.sends({ jobId: 'p0-1', queuePosition: null, progress: null, problem: null, status: 200, ...state });
    },
    streams: () => server.streams.length,
  };
}

describe('parameters that are pictures', () => {
  const file = new File(['style'], 'style.png', { type: 'image/png' });

  test('Sent_AndRemovedOnceTheConversionIsOver', async () => {
    const forms = answering([accepted], [image]);
    const { editor, cache, picture, says } = await newEditor();
    const over = editor.convert(picture().id, style, [['style', file]]);
    const { id } = picture().run!.images![0]!;
    expect(cache.get(id)).not.toBeNull();
    await vi.advanceTimersByTimeAsync(100);
    expect([...(await forms[0]!.formData()).keys()]).toEqual(['image', 'style']);
    await says({ state: 'done', saved: null });
    await over;
    expect(cache.get(id)).toBeNull();
  });

  test('ResumedBeforeItWasSent_SendsTheSameForm', async () => {
    const forms = answering([accepted]);
    const { editor, cache, picture } = await newEditor();
    await cache.put('style-id', file);
    updatePicture(editor.store, picture().id, () => ({
      run: {
        key: 'key', jobId: null, settings: style, images: [{ name: 'style', id: 'style-id' }],
        state: { phase: 'sending' }, isCancelling: false,
      },
    }));
    void editor.resume(picture().id);
    await vi.advanceTimersByTimeAsync(100);
    const form = await forms[0]!.formData();
    expect(await (form.get('style') as File).text()).toBe('style');
    expect(forms[0]!.headers.get('Idempotency-Key')).toBe('key');
  });

  test.each([
    ['its picture is gone', [{ name: 'style', id: 'gone' }]],
    ['an earlier version of the app did not keep it', undefined],
  ])('Resumed while %s_SaysSoAndSendsNothing', async (_, images) => {
    const forms = answering([accepted]);
    const { editor, picture } = await newEditor();
    updatePicture(editor.store, picture().id, () => ({
      run: { key: 'key', jobId: null, settings: style, images, state: { phase: 'sending' }, isCancelling: false },
    }));
    await editor.resume(picture().id);
    expect(forms).toHaveLength(0);
    expect(picture().problem).toMatchObject({ type: 'not-sent' });
    expect(picture().run).toBeNull();
  });

  test('OfTwoPictures_IsKeptUntilBothAreOver', async () => {
    answering([accepted, () => new Promise(() => undefined)], [image]);
    const { editor, cache, picture, says } = await newEditor();
    const first = picture().id;
    await editor.addPicture(new Blob(['other'], { type: 'image/png' }), 'other.png');
    const over = editor.convert(first, style, [['style', file]]);
    const second = editor.convert(picture().id, style, [['style', file]]);
    const { id } = picture().run!.images![0]!;
    await vi.advanceTimersByTimeAsync(100);
    await says({ state: 'done', saved: null });
    await over;
    expect(cache.get(id)).not.toBeNull();
    await editor.cancel(picture().id);
    await second;
    expect(cache.get(id)).toBeNull();
  });
});

describe('a file that was changed since it was chosen', () => {
  class ChangedFile extends File {
    override slice(): Blob {
      return { arrayBuffer: () => Promise.reject(new DOMException('changed', 'NotReadableError')) } as Blob;
    }
  }

  test('SaysSoAndSendsNothing', async () => {
    const forms = answering([accepted]);
    const { editor, picture } = await newEditor();
    await editor.convert(picture().id, style, [['style', new ChangedFile(['style'], 'style.png')]]);
    expect(forms).toHaveLength(0);
    expect(picture().problem).toMatchObject({ type: 'not-sent' });
  });

  test('IsSentAsTheDatabaseHasIt', async () => {
    vi.useRealTimers();
    const copy = new Blob(['copy']);
    // A database that has this under every id.
    const cache = new PictureCache(() => () => Promise.resolve(copy as never));
    await cache.put('id', new ChangedFile(['style'], 'style.png'));
    expect(await cache.loadReadable('id')).toBe(copy);
  });
});

describe('a result that has expired', () => {
  test.each([
    ['when it is asked for', [], { state: 'unknown', status: 404 }],
    ['when it is fetched', [gone], { state: 'done', saved: null }],
  ])('%s_IsConvertedAgainOnceUnderTheSameKey', async (_, results, update) => {
    const forms = answering([accepted, accepted], [...results, image]);
    const { editor, picture, says, streams } = await newEditor();
    const over = editor.convert(picture().id, style, []);
    await vi.advanceTimersByTimeAsync(100);
    await says(update);
    await vi.advanceTimersByTimeAsync(100);
    expect(picture().run).toMatchObject({ isRepeat: true, jobId: 'p0-1' });
    expect(streams()).toBe(2);
    await says({ state: 'done', saved: null });
    await over;
    expect(forms).toHaveLength(2);
    expect(new Set(forms.map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
    expect(picture().problem).toBeNull();
    expect(shownSteps(picture()).after).not.toBeNull();
  });

  test('Twice_SaysSo', async () => {
    const forms = answering([accepted, accepted, accepted]);
    const { editor, picture, says } = await newEditor();
    const over = editor.convert(picture().id, style, []);
    for (let time = 0; time < 2; time++) {
      await vi.advanceTimersByTimeAsync(100);
      await says({ state: 'unknown', status: 404 });
    }
    await over;
    expect(forms).toHaveLength(2);
    expect(picture().problem).toMatchObject({ type: 'job-not-found' });
  });

  test('CancelledWhileItIsConvertedAgain_EndsWithoutAResult', async () => {
    answering([accepted, () => new Promise(() => undefined)]);
    const { editor, picture, says } = await newEditor();
    const over = editor.convert(picture().id, style, []);
    await vi.advanceTimersByTimeAsync(100);
    await says({ state: 'unknown', status: 404 });
    await vi.advanceTimersByTimeAsync(100);
    await editor.cancel(picture().id);
    await over;
    expect(picture().run).toBeNull();
    expect(picture().problem).toBeNull();
  });
});

describe('a network that is away', () => {
  test('WhileTheResultIsFetched_IsWaitedFor', async () => {
    const away = () => { throw new TypeError('network'); };
    answering([accepted], [...Array.from({ length: 20 }, () => away), image]);
    const { editor, picture, says } = await newEditor();
    const over = editor.convert(picture().id, style, []);
    await vi.advanceTimersByTimeAsync(100);
    await says({ state: 'done', saved: null });
    await vi.advanceTimersByTimeAsync(60_000);
    await over;
    expect(picture().problem).toBeNull();
    expect(shownSteps(picture()).after).not.toBeNull();
  });

  test('IsBack_FetchesTheResultAtOnce', async () => {
    answering([accepted], [() => { throw new TypeError('network'); }, image]);
    const { editor, picture, says } = await newEditor();
    const over = editor.convert(picture().id, style, []);
    await vi.advanceTimersByTimeAsync(100);
    await says({ state: 'done', saved: null });
    await vi.advanceTimersByTimeAsync(100);
    dispatchEvent(new Event('online'));
    await over;
    expect(shownSteps(picture()).after).not.toBeNull();
  });
});

describe('editor', () => {
  test('Saving_OfAJobThatIsGone_IsNotSaidAnyMore', async () => {
    const job = await running();
    job.says({ state: 'done', saved: false });
    await job.fetches();
    job.says({ state: 'unknown', status: 404 });
    expect(job.saved()).toBeNull();
  });

  test('Saved_AfterTheResultIsThere_IsShown', async () => {
    const job = await running();
    job.says({ state: 'done', saved: false });
    await job.fetches();
    expect(job.saved()).toBe(false);
    job.says({ state: 'done', saved: true });
    expect(job.saved()).toBe(true);
  });

  test('Saved_WhileTheResultIsBeingFetched_IsShown', async () => {
    const job = await running();
    job.says({ state: 'done', saved: false });
    job.says({ state: 'done', saved: true });
    await job.fetches();
    expect(job.saved()).toBe(true);
  });

  test('Done_OfAJobWithoutAnOwner_IsNotSaved', async () => {
    const job = await running();
    job.says({ state: 'done', saved: null });
    await job.fetches();
    expect(job.saved()).toBeNull();
  });

  test('Correct_AResult_HoldsForItsOriginalAndNotForTheNextStep', async () => {
    const job = await running();
    job.says({ state: 'done', saved: null });
    await job.fetches();
    const { id } = selectedOf(job.store.getState())!;

    job.editor.correct(id, { add: [[1, 2, 3, 4]], leave: [] });

    expect(job.corrections().add).toEqual([[1, 2, 3, 4]]);
    expect(job.store.getState().converter).toBe('contrast');
    job.editor.continueWithResult(id);
    expect(job.corrections()).toEqual({ add: [], leave: [] });
  });

  test('Corrections_OfAResultThatWasMadeWithThem_AreThere', async () => {
    const job = await running({ values: [['leave', '[[5,6,7,8]]']] });
    job.says({ state: 'done', saved: null });
    await job.fetches();
    expect(job.corrections()).toEqual({ add: [], leave: [[5, 6, 7, 8]] });
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Editor } from '../src/editor/Editor';
import { PictureCache } from '../src/editor/PictureCache';
import { correctionsOf, createWorkspaceStore, type Run, selectedOf, shownSteps, updatePicture } from '../src/editor/workspace';
import { JobTracker } from '../src/jobs/JobTracker';
import { FakeServer } from './fakes';

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

describe('editor', () => {
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

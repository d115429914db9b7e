import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Editor } from '../src/editor/Editor';
import { restoreWorkspace, saveWorkspace } from '../src/editor/persistence';
import { PictureCache } from '../src/editor/PictureCache';
import { createWorkspaceStore } from '../src/editor/workspace';
import { JobTracker } from '../src/jobs/JobTracker';
import { FakeServer } from './fakes';

const KEY = 'image-editor:workspace:id';

/** A workspace as the first release of the app saved it. */
const SAVED = {
  savedAt: 1_000,
  selected: 'picture',
  converter: 'contrast',
  pictures: [{
    id: 'picture',
    name: 'cat.png',
    steps: [
      {
        id: 'original', name: 'cat.png', type: 'image/png', bytes: 3, size: { width: 2, height: 1 },
        recipe: null, findings: [], saved: null,
      },
      {
        id: 'result', name: 'cat-contrast.png', type: 'image/png', bytes: 4, size: null,
        recipe: { converter: 'contrast', title: 'Contrast', values: [['amount', '40']] }, findings: [['faces', '2']], saved: true,
      },
    ],
    trail: { steps: ['original', 'result'], base: 0, compares: true },
    run: {
      key: 'key', jobId: 'p0-1', recipe: { converter: 'grayscale', title: 'Grayscale', values: [] },
      state: { phase: 'queued', position: 2 }, isCancelling: false,
    },
  }],
};

let editor: Editor;

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  const cache = new PictureCache(() => { throw new Error('no database'); });
  await cache.put('original', new Blob(['one'], { type: 'image/png' }));
  await cache.put('result', new Blob(['four'], { type: 'image/png' }));
  editor = new Editor(createWorkspaceStore(), cache, new JobTracker(() => undefined, new FakeServer()));
});

afterEach(() => {
  vi.useRealTimers();
});

describe('saved workspaces', () => {
  test('restoreWorkspace_OfTheFirstRelease_FindsPicturesStepsAndRuns', async () => {
    localStorage.setItem(KEY, JSON.stringify(SAVED));
    await restoreWorkspace('id', editor);
    const { pictures: [picture], selected, converter } = editor.store.getState();
    expect([selected, converter]).toEqual(['picture', 'contrast']);
    expect(picture!.history.present).toEqual({ ids: ['original', 'result'], base: 0, showsResult: true });
    expect(picture!.steps['original']!.settings).toBeNull();
    expect(picture!.steps['result'])
      .toMatchObject({ settings: { converter: 'contrast', title: 'Contrast', values: [['amount', '40']] }, saved: true });
    expect(picture!.run).toMatchObject({ jobId: 'p0-1', settings: { converter: 'grayscale' }, state: { phase: 'queued', position: 2 } });
    expect(picture!.problem).toBeNull();
  });

  test('saveWorkspace_OfWhatWasRestored_WritesTheSameAgain', async () => {
    localStorage.setItem(KEY, JSON.stringify(SAVED));
    await restoreWorkspace('id', editor);
    saveWorkspace('id', editor.store.getState(), 1_000);
    expect(JSON.parse(localStorage.getItem(KEY)!)).toEqual(SAVED);
  });

  test('restoreWorkspace_WithoutAResult_SaysThatItIsGone', async () => {
    localStorage.setItem(KEY, JSON.stringify(SAVED));
    await editor.cache.remove('result');
    await restoreWorkspace('id', editor);
    const [picture] = editor.store.getState().pictures;
    expect(picture!.history.present).toEqual({ ids: ['original'], base: 0, showsResult: false });
    expect(picture!.run).toBeNull();
    expect(picture!.problem).toMatchObject({ type: 'job-not-found' });
  });
});

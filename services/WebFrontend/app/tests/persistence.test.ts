import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Editor } from '../src/editor/Editor';
import { claimWorkspace, deleteAllWorkspaces, onWorkspaceDeleted, restoreWorkspace, saveWorkspace } from '../src/editor/persistence';
import { PictureCache } from '../src/editor/PictureCache';
import { createWorkspaceStore, type Picture } from '../src/editor/workspace';
import { JobTracker } from '../src/jobs/JobTracker';
import { problemOf } from '../src/problems/problem';
import { fakeLocks, FakeServer } from './fakes';

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
let server: FakeServer;

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  fakeLocks();
  const cache = new PictureCache(() => { throw new Error('no database'); });
  await cache.put('original', new Blob(['one'], { type: 'image/png' }));
  await cache.put('result', new Blob(['four'], { type: 'image/png' }));
  server = new FakeServer();
  editor = new Editor(createWorkspaceStore(), cache, new JobTracker(() => undefined, server));
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

  test('restoreWorkspace_AfterUndo_StillRedoesAndUndoes', async () => {
    const saved = structuredClone(SAVED) as object as { pictures: { run: null; trail: object; future: object[] }[] };
    saved.pictures[0]!.run = null;
    saved.pictures[0]!.future = [saved.pictures[0]!.trail];
    saved.pictures[0]!.trail = { steps: ['original'], base: 0, compares: false };
    localStorage.setItem(KEY, JSON.stringify(saved));
    await restoreWorkspace('id', editor);
    const picture = () => editor.store.getState().pictures[0]!;
    expect(picture().history.present.ids).toEqual(['original']);
    editor.redo('picture');
    expect(picture().history.present).toEqual({ ids: ['original', 'result'], base: 0, showsResult: true });
    saveWorkspace('id', editor.store.getState());
    expect(JSON.parse(localStorage.getItem(KEY)!)).toMatchObject({ pictures: [{ past: [{ steps: ['original'] }] }] });
  });

  test('restoreWorkspace_AfterSettingsWereEntered_HasThemAgain', async () => {
    editor.setConverter('contrast');
    editor.setValues('contrast', { amount: '40' });
    editor.setValues('style-transfer', { steps: '5', stylePicture: new File(['style'], 'style.png') });
    saveWorkspace('id', editor.store.getState());
    editor.store.setState({ values: {} });
    await restoreWorkspace('id', editor);
    expect(editor.store.getState().values).toEqual({ contrast: { amount: '40' }, 'style-transfer': { steps: '5' } });
  });

  test('deleteAllWorkspaces_LeavesNothingInTheForms', async () => {
    editor.setValues('style-transfer', { stylePicture: new File(['style'], 'style.png') });
    await deleteAllWorkspaces(editor);
    expect(editor.store.getState().values).toEqual({});
  });

  test('restoreWorkspace_AfterAProblem_StillSaysIt', async () => {
    localStorage.setItem(KEY, JSON.stringify(SAVED));
    await restoreWorkspace('id', editor);
    const problem = problemOf({ type: 'urn:image-editor:problem:not-decodable', detail: 'Its end is missing.' }, 422);
    saveWorkspace('id', withPicture({ run: null, problem }));
    editor.store.setState({ pictures: [] });
    await restoreWorkspace('id', editor);
    const [picture] = editor.store.getState().pictures;
    expect(picture!.problem).toMatchObject({ type: 'not-decodable', message: problem.message, detail: 'Its end is missing.', status: 422 });
  });

  test('restoreWorkspace_WhileAResultIsSaved_FollowsItOn', async () => {
    const saved = structuredClone(SAVED) as object as { pictures: { run: null; steps: { saved: boolean; jobId?: string }[] }[] };
    saved.pictures[0]!.run = null;
    Object.assign(saved.pictures[0]!.steps[1]!, { saved: false, jobId: 'p0-7' });
    localStorage.setItem(KEY, JSON.stringify(saved));
    await restoreWorkspace('id', editor);
    await vi.advanceTimersByTimeAsync(100);
    expect(server.last.url).toContain('p0-7');
    server.last.opens();
    server.last.sends({ jobId: 'p0-7', state: 'done', saved: true, status: 200 });
    expect(editor.store.getState().pictures[0]!.steps['result']).toMatchObject({ saved: true, jobId: undefined });
  });

  test('restoreWorkspace_WhileAnEarlierVersionSavedAResult_DoesNotSayThatItIsStillBeingSaved', async () => {
    const saved = structuredClone(SAVED) as object as { pictures: { steps: { saved: boolean }[] }[] };
    saved.pictures[0]!.steps[1]!.saved = false;
    localStorage.setItem(KEY, JSON.stringify(saved));
    await restoreWorkspace('id', editor);
    expect(editor.store.getState().pictures[0]!.steps['result']!.saved).toBeNull();
  });
});

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

describe('a workspace that was left', () => {
  beforeEach(() => localStorage.setItem(KEY, JSON.stringify({ ...SAVED, savedAt: 0 })));

  test.each([2 * HOUR, DAY, 6 * DAY])('claimWorkspace_After %i ms_FindsIt', async (age) => {
    expect(await claimWorkspace(age)).toBe('id');
  });

  test('claimWorkspace_OfTheSameTab_FindsItHoweverOldItIs', async () => {
    sessionStorage.setItem('image-editor:tab', 'id');
    expect(await claimWorkspace(300 * DAY)).toBe('id');
  });

  test('claimWorkspace_AfterAMonth_ForgetsIt', async () => {
    expect(await claimWorkspace(30 * DAY)).not.toBe('id');
    expect(localStorage.getItem(KEY)).toBeNull();
  });
});

describe('another tab', () => {
  test('Restoring_KeepsWhatThisTabsRunsStore', async () => {
    vi.useRealTimers();
    // What comes out of the tests' database is no Blob of the tests' browser.
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:picture');
    const run = { ...SAVED.pictures[0]!.run, images: [{ name: 'style', id: 'style-id' }] };
    localStorage.setItem(KEY, JSON.stringify({ ...SAVED, pictures: [{ ...SAVED.pictures[0]!, run }] }));
    const [own, other] = [new PictureCache(), new PictureCache()];
    for (const id of ['original', 'result', 'style-id', 'key', 'left-over']) {
      await own.put(id, new Blob([id]));
    }
    await restoreWorkspace('other', new Editor(createWorkspaceStore(), other, new JobTracker(() => undefined, server)));
    const stored = new PictureCache();
    const found = await Promise.all(['original', 'result', 'style-id', 'key', 'left-over'].map((id) => stored.load(id)));
    expect(found.map((blob) => blob !== null)).toEqual([true, true, true, true, false]);
  });

  test('SignsOut_ClosesThisTabsPictures', async () => {
    localStorage.setItem(KEY, JSON.stringify(SAVED));
    const deleted = vi.fn();
    onWorkspaceDeleted('id', deleted);
    dispatchEvent(new StorageEvent('storage', { key: 'image-editor:workspace:other', newValue: null }));
    dispatchEvent(new StorageEvent('storage', { key: KEY, newValue: '{}' }));
    expect(deleted).not.toHaveBeenCalled();
    dispatchEvent(new StorageEvent('storage', { key: KEY, newValue: null }));
    expect(deleted).toHaveBeenCalledTimes(1);
  });
});

function withPicture(change: Partial<Picture>) {
  const state = editor.store.getState();
  return { ...state, pictures: state.pictures.map((picture) => ({ ...picture, ...change })) };
}

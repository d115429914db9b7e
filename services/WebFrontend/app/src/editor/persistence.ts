import { problemOf } from '../problems/problem';
import type { Blobs } from './blobs';
import type { Editor } from './Editor';
import { historyOf } from './history';
import { type Trail, without } from './trail';
import type { Picture, Run, Step, Workspace } from './workspace';

/** What is kept of a workspace between visits; the pictures themselves are in the browser's database. */
interface Kept {
  savedAt: number;
  pictures: KeptPicture[];
  selected: string | null;
  converter: string | null;
}

interface KeptPicture {
  id: string;
  name: string;
  steps: Step[];
  trail: Trail;
  run: Run | null;
}

const PREFIX = 'image-editor:workspace:';
const TAB = 'image-editor:tab';
/** As long as the server keeps results at most, in ms. */
const LIFE = 60 * 60 * 1000;
const RELOAD_TAKES = 500;

/**
 * Finds this tab's workspace: the one it had before a reload, or else one whose tab was closed. Two tabs never share one:
 * each holds a lock in the workspace's name for as long as it lives.
 */
export async function claimWorkspace(now: number = Date.now()): Promise<string> {
  const own = sessionStorage.getItem(TAB);
  const kept = Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ id: key.slice(PREFIX.length), savedAt: read(key.slice(PREFIX.length))?.savedAt ?? 0 }))
    .sort((a, b) => b.savedAt - a.savedAt);
  for (const { id, savedAt } of [...kept.filter(({ id }) => id === own), ...kept.filter(({ id }) => id !== own)]) {
    const isOld = now - savedAt > LIFE;
    if (await hold(id, id === own ? RELOAD_TAKES : 0)) {
      if (!isOld) {
        sessionStorage.setItem(TAB, id);
        return id;
      }
      localStorage.removeItem(PREFIX + id);
    }
  }
  const fresh = crypto.randomUUID();
  await hold(fresh, 0);
  sessionStorage.setItem(TAB, fresh);
  return fresh;
}

/** Takes the lock of a workspace for the rest of this page's life. The page before a reload may hold it for a moment still. */
async function hold(id: string, wait: number): Promise<boolean> {
  if (!('locks' in navigator)) {
    return true;
  }
  return new Promise((resolve) => {
    const options: LockOptions = wait > 0 ? { signal: AbortSignal.timeout(wait) } : { ifAvailable: true };
    navigator.locks
      .request(PREFIX + id, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}

/** Writes the workspace down. */
export function keep(id: string, { pictures, selected, converter }: Workspace, now: number = Date.now()): void {
  if (pictures.length === 0 && converter === null) {
    localStorage.removeItem(PREFIX + id);
    return;
  }
  const kept: Kept = {
    savedAt: now,
    selected,
    converter,
    pictures: pictures.map(({ id: pictureId, name, steps, history, run }) => ({
      id: pictureId,
      name,
      steps: history.present.steps.map((step) => steps[step]!),
      trail: history.present,
      run: run?.isCancelling ? null : run,
    })),
  };
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(kept));
  } catch {
    // Full or forbidden: the visit goes on, and a reload finds less.
  }
}

function read(id: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

/** Brings a kept workspace back, with its running jobs. */
export async function restore(id: string, editor: Editor): Promise<void> {
  const kept = read(id);
  await editor.blobs.removeOthers(wantedByAnyone());
  if (kept === null) {
    return;
  }
  const pictures = (await Promise.all(kept.pictures.map((picture) => restorePicture(picture, editor.blobs)))).filter((picture) => picture !== null);
  editor.store.setState((state) => ({
    // What came in meanwhile stays, and stays selected.
    pictures: [...pictures, ...state.pictures],
    selected: state.selected ?? (pictures.some((picture) => picture.id === kept.selected) ? kept.selected : (pictures[0]?.id ?? null)),
    converter: state.converter ?? kept.converter,
  }));
  pictures.filter(({ run }) => run !== null).forEach((picture) => void editor.resume(picture.id));
}

async function restorePicture(kept: KeptPicture, blobs: Blobs): Promise<Picture | null> {
  const there = new Set<string>();
  for (const { id } of kept.steps) {
    if ((await blobs.load(id)) !== null) {
      there.add(id);
    }
  }
  const trail = without(kept.trail, (step) => there.has(step));
  if (trail === null) {
    return null;
  }
  const isWhole = trail.steps.length === kept.trail.steps.length;
  return {
    id: kept.id,
    name: kept.name,
    steps: Object.fromEntries(kept.steps.filter((step) => there.has(step.id)).map((step) => [step.id, step])),
    history: historyOf(trail),
    run: isWhole ? kept.run : null,
    problem: isWhole ? null : problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404),
  };
}

/** The pictures that any tab's workspace still names. */
function wantedByAnyone(): Set<string> {
  return new Set(
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => read(key.slice(PREFIX.length))?.pictures ?? [])
      .flatMap(({ steps }) => steps.map(({ id }) => id)));
}

/** Forgets every workspace of this browser: who signs out leaves no picture behind. */
export async function forgetAll(editor: Editor): Promise<void> {
  await editor.closeAll();
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
  await editor.blobs.removeOthers(new Set());
}

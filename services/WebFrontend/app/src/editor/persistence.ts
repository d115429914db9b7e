import { problemOf } from '../problems/problem';
import type { Editor } from './Editor';
import { historyOf } from './history';
import type { PictureCache } from './PictureCache';
import { withoutMissing } from './steps';
import type { ConversionSettings, Picture, Run, Step, Workspace } from './workspace';

/**
 * What is saved of a workspace between visits, as JSON; the pictures themselves are in the browser's database.
 * Its fields keep their names, because the next version of the app reads what this one saved.
 */
interface SavedWorkspace {
  savedAt: number;
  pictures: SavedPicture[];
  selected: string | null;
  converter: string | null;
}

interface SavedPicture {
  id: string;
  name: string;
  steps: SavedStep[];
  trail: { steps: string[]; base: number; compares: boolean };
  run: SavedRun | null;
}

type SavedStep = Omit<Step, 'settings'> & { recipe: ConversionSettings | null };
type SavedRun = Omit<Run, 'settings'> & { recipe: ConversionSettings };

const PREFIX = 'image-editor:workspace:';
const TAB = 'image-editor:tab';
/** The server keeps results at most this long, in ms. */
const WORKSPACE_LIFETIME = 60 * 60 * 1000;
/** After a reload, the page before may keep its lock for this long, in ms. */
const RELOAD_LOCK_TIMEOUT = 500;

/**
 * Finds this tab's workspace: the one it had before a reload, or else one whose tab was closed. Two tabs never share one:
 * each holds a lock with the workspace's name until it is closed.
 */
export async function claimWorkspace(now: number = Date.now()): Promise<string> {
  const own = sessionStorage.getItem(TAB);
  const saved = savedIds()
    .map((id) => ({ id, savedAt: readWorkspace(id)?.savedAt ?? 0 }))
    .sort((a, b) => b.savedAt - a.savedAt);
  for (const { id, savedAt } of [...saved.filter(({ id }) => id === own), ...saved.filter(({ id }) => id !== own)]) {
    const isExpired = now - savedAt > WORKSPACE_LIFETIME;
    if (await lockWorkspace(id, id === own ? RELOAD_LOCK_TIMEOUT : 0)) {
      if (!isExpired) {
        sessionStorage.setItem(TAB, id);
        return id;
      }
      localStorage.removeItem(PREFIX + id);
    }
  }
  const created = crypto.randomUUID();
  await lockWorkspace(created, 0);
  sessionStorage.setItem(TAB, created);
  return created;
}

/** Takes the lock of a workspace until the page is closed; false when another page has it for longer than the time-out, in ms. */
async function lockWorkspace(id: string, timeout: number): Promise<boolean> {
  if (!('locks' in navigator)) {
    return true;
  }
  return new Promise((resolve) => {
    const options: LockOptions = timeout > 0 ? { signal: AbortSignal.timeout(timeout) } : { ifAvailable: true };
    navigator.locks
      .request(PREFIX + id, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}

export function saveWorkspace(id: string, { pictures, selected, converter }: Workspace, now: number = Date.now()): void {
  if (pictures.length === 0 && converter === null) {
    localStorage.removeItem(PREFIX + id);
    return;
  }
  const saved: SavedWorkspace = { savedAt: now, selected, converter, pictures: pictures.map(toSaved) };
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(saved));
  } catch {
    // The storage is full or forbidden: this visit continues, and a reload finds less.
  }
}

function toSaved({ id, name, steps, history: { present }, run }: Picture): SavedPicture {
  return {
    id,
    name,
    steps: present.ids.map((stepId) => {
      const { settings, ...step } = steps[stepId]!;
      return { ...step, recipe: settings };
    }),
    trail: { steps: present.ids, base: present.base, compares: present.showsResult },
    run: run === null || run.isCancelling ? null : savedRunOf(run),
  };
}

function savedRunOf({ settings, ...run }: Run): SavedRun {
  return { ...run, recipe: settings };
}

function savedIds(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
}

function readWorkspace(id: string): SavedWorkspace | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null') as SavedWorkspace | null;
  } catch {
    return null;
  }
}

/** Restores a saved workspace, with its running jobs. */
export async function restoreWorkspace(id: string, editor: Editor): Promise<void> {
  const saved = readWorkspace(id);
  await editor.cache.removeUnreferenced(referencedPictures());
  if (saved === null) {
    return;
  }
  const restored = await Promise.all(saved.pictures.map((picture) => restorePicture(picture, editor.cache)));
  const pictures = restored.filter((picture) => picture !== null);
  editor.store.setState((state) => ({
    // What was added in the meantime stays, and stays selected.
    pictures: [...pictures, ...state.pictures],
    selected: state.selected ?? (pictures.some((picture) => picture.id === saved.selected) ? saved.selected : (pictures[0]?.id ?? null)),
    converter: state.converter ?? saved.converter,
  }));
  pictures.filter(({ run }) => run !== null).forEach((picture) => void editor.resume(picture.id));
}

async function restorePicture({ id, name, steps, trail, run }: SavedPicture, cache: PictureCache): Promise<Picture | null> {
  const found = new Set<string>();
  for (const step of steps) {
    if ((await cache.load(step.id)) !== null) {
      found.add(step.id);
    }
  }
  const list = withoutMissing({ ids: trail.steps, base: trail.base, showsResult: trail.compares }, (step) => found.has(step));
  if (list === null) {
    return null;
  }
  const isComplete = list.ids.length === trail.steps.length;
  return {
    id,
    name,
    steps: Object.fromEntries(
      steps.filter((step) => found.has(step.id)).map(({ recipe, ...step }) => [step.id, { ...step, settings: recipe }])),
    history: historyOf(list),
    run: isComplete && run !== null ? runOf(run) : null,
    problem: isComplete ? null : problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404),
  };
}

function runOf({ recipe, ...run }: SavedRun): Run {
  return { ...run, settings: recipe };
}

/** The pictures in the saved workspaces of all tabs. */
function referencedPictures(): Set<string> {
  return new Set(savedIds().flatMap((id) => readWorkspace(id)?.pictures ?? []).flatMap(({ steps }) => steps.map(({ id }) => id)));
}

/** Deletes all workspaces of this browser: a person who signs out leaves no picture behind. */
export async function deleteAllWorkspaces(editor: Editor): Promise<void> {
  await editor.closeAll();
  savedIds().forEach((id) => localStorage.removeItem(PREFIX + id));
  await editor.cache.removeUnreferenced(new Set());
}

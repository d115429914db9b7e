import { Problem, problemOf } from '../problems/problem';
import type { Editor } from './Editor';
import type { PictureCache } from './PictureCache';
import { type StepList, withoutMissing } from './steps';
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
  /** What was entered in the converters' forms, files apart; absent when there is nothing. */
  values?: Record<string, Record<string, string>> | undefined;
}

interface SavedPicture {
  id: string;
  name: string;
  steps: SavedStep[];
  trail: SavedTrail;
  /** What can be undone and redone; absent when there is nothing. */
  past?: SavedTrail[] | undefined;
  future?: SavedTrail[] | undefined;
  run: SavedRun | null;
  problem?: SavedProblem | undefined;
}

interface SavedTrail {
  steps: string[];
  base: number;
  compares: boolean;
}

type SavedStep = Omit<Step, 'settings'> & { recipe: ConversionSettings | null };
type SavedRun = Omit<Run, 'settings'> & { recipe: ConversionSettings };
type SavedProblem = Pick<Problem, 'type' | 'message' | 'detail' | 'status'>;

const PREFIX = 'image-editor:workspace:';
const TAB = 'image-editor:tab';
/** How long a workspace is kept after its tab was closed, in ms. One that is closed picture by picture goes at once. */
const WORKSPACE_LIFETIME = 7 * 24 * 60 * 60 * 1000;
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
    // A tab comes back to its own, however long it was left.
    const isExpired = id !== own && now - savedAt > WORKSPACE_LIFETIME;
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

export function saveWorkspace(id: string, { pictures, selected, converter, values }: Workspace, now: number = Date.now()): void {
  if (pictures.length === 0 && converter === null) {
    localStorage.removeItem(PREFIX + id);
    return;
  }
  const saved: SavedWorkspace = { savedAt: now, selected, converter, values: textsOf(values), pictures: pictures.map(toSaved) };
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(saved));
  } catch {
    // The storage is full or forbidden: this visit continues, and a reload finds less.
  }
}

function textsOf(values: Workspace['values']): SavedWorkspace['values'] {
  const texts = Object.entries(values).map(([converter, form]) =>
    [converter, Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))]);
  return texts.length === 0 ? undefined : Object.fromEntries(texts) as SavedWorkspace['values'];
}

function toSaved({ id, name, steps, history: { past, present, future }, run, problem }: Picture): SavedPicture {
  const ids = new Set([present, ...past, ...future].flatMap((list) => list.ids));
  return {
    id,
    name,
    steps: [...ids].map((stepId) => {
      const { settings, ...step } = steps[stepId]!;
      return { ...step, recipe: settings };
    }),
    trail: toTrail(present),
    past: past.length === 0 ? undefined : past.map(toTrail),
    future: future.length === 0 ? undefined : future.map(toTrail),
    run: run === null || run.isCancelling ? null : savedRunOf(run),
    problem: problem === null ? undefined
      : { type: problem.type, message: problem.message, detail: problem.detail, status: problem.status },
  };
}

function toTrail({ ids, base, showsResult }: StepList): SavedTrail {
  return { steps: ids, base, compares: showsResult };
}

function toStepList({ steps, base, compares }: SavedTrail): StepList {
  return { ids: steps, base, showsResult: compares };
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
    values: { ...saved.values, ...state.values },
  }));
  for (const { id: pictureId, run, steps } of pictures) {
    Object.values(steps).filter(({ saved }) => saved === false).forEach((step) => editor.followSave(pictureId, step));
    if (run !== null) {
      void editor.resume(pictureId);
    }
  }
}

async function restorePicture(saved: SavedPicture, cache: PictureCache): Promise<Picture | null> {
  const { id, name, steps, trail, past, future, run, problem } = saved;
  const found = new Set<string>();
  for (const step of steps) {
    if ((await cache.load(step.id)) !== null) {
      found.add(step.id);
    }
  }
  const findList = (list: SavedTrail) => withoutMissing(toStepList(list), (step) => found.has(step));
  const findLists = (lists: SavedTrail[] | undefined) => (lists ?? []).map(findList).filter((each) => each !== null);
  const list = findList(trail);
  if (list === null) {
    return null;
  }
  const isComplete = list.ids.length === trail.steps.length;
  return {
    id,
    name,
    steps: Object.fromEntries(
      steps.filter((step) => found.has(step.id)).map(({ recipe, ...step }) => [step.id, { ...step, settings: recipe }])),
    history: { past: findLists(past), present: list, future: findLists(future) },
    run: isComplete && run !== null ? runOf(run) : null,
    problem: !isComplete ? problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404)
      : problem === undefined ? null
      : new Problem(problem.type, problem.message, problem.detail, problem.status),
  };
}

function runOf({ recipe, ...run }: SavedRun): Run {
  return { ...run, settings: recipe };
}

/** The pictures in the saved workspaces of all tabs. */
function referencedPictures(): Set<string> {
  return new Set(savedIds().flatMap((id) => readWorkspace(id)?.pictures ?? []).flatMap(({ steps, run }) => [
    ...steps.map(({ id }) => id),
    // A result is stored under the run's key before the workspace has its step.
    ...(run === null ? [] : [run.key, ...(run.images ?? []).map(({ id }) => id)]),
  ]));
}

/** Calls when another tab has deleted this workspace: the person has signed out there. */
export function onWorkspaceDeleted(id: string, listener: () => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key === null || (key === PREFIX + id && newValue === null)) {
      listener();
    }
  });
}

/** Deletes all workspaces of this browser: a person who signs out leaves no picture behind. */
export async function deleteAllWorkspaces(editor: Editor): Promise<void> {
  await editor.closeAll();
  savedIds().forEach((id) => localStorage.removeItem(PREFIX + id));
  await editor.cache.removeUnreferenced(new Set());
}

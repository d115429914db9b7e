import { createStore } from 'zustand/vanilla';
import type { Values } from '../forms/schema';
import type { Problem } from '../problems/problem';
import type { History } from './history';
import { baseOf, currentOf, resultOf, type Trail } from './trail';

/** A picture in some stage: the original, or what a converter made. */
export interface Step {
  id: string;
  /** The file's name, for the download. */
  name: string;
  type: string;
  bytes: number;
  /** Pixels; null until the browser has decoded it, or when it cannot. */
  size: { width: number; height: number } | null;
  /** How it was made; null for an original. */
  recipe: Recipe | null;
  /** What the converter found, by name. */
  findings: [string, string][];
  /** Whether it is in the gallery; null when it is nobody's. */
  saved: boolean | null;
}

export interface Recipe {
  converter: string;
  title: string;
  values: [string, string][];
}

export type RunState =
  | { phase: 'sending' }
  | { phase: 'waiting'; problem: { title: string; detail: string; type: string }; retryAt: number }
  | { phase: 'queued'; position: number | null }
  | { phase: 'running'; progress: number | null; preview: string | null }
  | { phase: 'fetching' };

/** A conversion that is under way. */
export interface Run {
  /** The idempotency key, and the id of the step it will make. */
  key: string;
  /** Known once the server has accepted it. */
  jobId: string | null;
  recipe: Recipe;
  state: RunState;
  isCancelling: boolean;
}

export interface Picture {
  id: string;
  name: string;
  steps: Record<string, Step>;
  history: History<Trail>;
  run: Run | null;
  /** Why the last conversion did not work. */
  problem: Problem | null;
}

export interface Workspace {
  pictures: Picture[];
  selected: string | null;
  converter: string | null;
  /** What is set for each converter. */
  values: Record<string, Values>;
  /** Whether a conversion is for all pictures or for the selected one. */
  scope: 'all' | 'one';
  /** Reading back what an earlier visit left. */
  isRestoring: boolean;
}

export const EMPTY: Workspace = { pictures: [], selected: null, converter: null, values: {}, scope: 'all', isRestoring: false };

export type WorkspaceStore = ReturnType<typeof createWorkspaceStore>;

export function createWorkspaceStore() {
  return createStore<Workspace>(() => EMPTY);
}

export function selectedOf(workspace: Workspace): Picture | null {
  return workspace.pictures.find((picture) => picture.id === workspace.selected) ?? null;
}

export function findPicture(store: WorkspaceStore, id: string): Picture | null {
  return store.getState().pictures.find((picture) => picture.id === id) ?? null;
}

/** Changes one picture; nothing happens when it is no longer there. */
export function updatePicture(store: WorkspaceStore, id: string, change: (picture: Picture) => Partial<Picture>): void {
  store.setState(({ pictures }) => ({
    pictures: pictures.map((picture) => (picture.id === id ? { ...picture, ...change(picture) } : picture)),
  }));
}

/** Changes one step of a picture; nothing happens when it is no longer there. */
export function updateStep(store: WorkspaceStore, pictureId: string, stepId: string, change: Partial<Step>): void {
  updatePicture(store, pictureId, ({ steps }) => {
    const step = steps[stepId];
    return step === undefined ? {} : { steps: { ...steps, [stepId]: { ...step, ...change } } };
  });
}

/** The steps of a picture that the page shows: its result beside what it was made from, or one step alone. */
export function shownSteps({ history: { present }, steps }: Picture): { before: Step | null; after: Step | null; current: Step } {
  const result = resultOf(present);
  const current = steps[currentOf(present)]!;
  return { before: result === null ? null : steps[baseOf(present)]!, after: result === null ? null : current, current };
}

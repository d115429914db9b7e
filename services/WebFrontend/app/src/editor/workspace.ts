import { createStore } from 'zustand/vanilla';
import { boxesFrom, type Corrections, NO_CORRECTIONS } from '../forms/boxes';
import type { Values } from '../forms/schema';
import type { Problem } from '../problems/problem';
import type { History } from './history';
import { baseOf, currentOf, resultOf, type StepList } from './steps';

/** The original picture, or a result that was made from the step before. */
export interface Step {
  id: string;
  /** The file's name, for the download. */
  name: string;
  type: string;
  bytes: number;
  /** Pixels; null until the browser has decoded it, or when it cannot. */
  size: { width: number; height: number } | null;
  /** What it was made with; null for an original. */
  settings: ConversionSettings | null;
  /** What the converter found, by name. */
  findings: [string, string][];
  /** Whether it is in the gallery; null for an anonymous job, and when that cannot be known any more. */
  saved: boolean | null;
  /** The job that made it, while it is being saved. */
  jobId?: string | undefined;
}

/** A converter and the values of its parameters. */
export interface ConversionSettings {
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

/** A picture that is a parameter of a conversion, in the picture cache. */
export interface ParameterImage {
  /** The parameter's name. */
  name: string;
  id: string;
}

/** A conversion that has not ended yet. */
export interface Run {
  /** The idempotency key, and the id of the step it will make. */
  key: string;
  /** Known once the server has accepted it. */
  jobId: string | null;
  settings: ConversionSettings;
  /** Absent in a run of a version of the app that did not keep them: whether it had any is then unknown. */
  images?: ParameterImage[] | undefined;
  state: RunState;
  isCancelling: boolean;
  /** Set when the result was gone before it was fetched, and the picture is being converted again. */
  isRepeat?: true | undefined;
}

export interface Picture {
  id: string;
  name: string;
  steps: Record<string, Step>;
  history: History<StepList>;
  run: Run | null;
  /** Why the last conversion failed. */
  problem: Problem | null;
  /** What the person corrected on the step at the base since the last conversion of it. */
  corrections?: Corrections & { step: string };
}

export interface Workspace {
  pictures: Picture[];
  selected: string | null;
  converter: string | null;
  /** The form values of each converter, by its name. */
  values: Record<string, Values>;
  /** Whether a conversion is for all pictures or for the selected one. */
  scope: 'all' | 'one';
  /** While the workspace of an earlier visit is being restored. */
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

/** What the person corrected on the picture that is converted next: since the result that is shown was made, or for that result. */
export function correctionsOf({ history: { present }, steps, corrections }: Picture): Corrections {
  if (corrections?.step === baseOf(present)) {
    return corrections;
  }
  const made = Object.fromEntries(steps[resultOf(present) ?? '']?.settings?.values ?? []) as Record<string, string | undefined>;
  return made['add'] === undefined && made['leave'] === undefined
    ? NO_CORRECTIONS
    : { add: boxesFrom(made['add']), leave: boxesFrom(made['leave']) };
}

/** The steps of a picture that the page shows: its result beside what it was made from, or one step alone. */
export function shownSteps({ history: { present }, steps }: Picture): { before: Step | null; after: Step | null; current: Step } {
  const result = resultOf(present);
  const current = steps[currentOf(present)]!;
  return { before: result === null ? null : steps[baseOf(present)]!, after: result === null ? null : current, current };
}

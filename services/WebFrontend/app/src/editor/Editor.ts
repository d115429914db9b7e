import { send } from '../api/client';
import { asProblem, Problem, problemOf, readProblem } from '../api/problem';
import type { Values } from '../forms/schema';
import { submit } from '../jobs/submit';
import { hasEnded, type JobTracker, type TrackedState } from '../jobs/tracker';
import type { Blobs } from './blobs';
import { historyOf, push, redo, undo } from './history';
import { at, baseOf, continued, currentOf, resultOf, trailOf, withResult } from './trail';
import { describeFindings, resultName } from './words';
import { type Picture, type Recipe, type Run, type RunState, type Step, updatePicture, type WorkspaceStore } from './workspace';

/** What the person can do, and what happens to the workspace when they do. */
export class Editor {
  private readonly aborts = new Map<string, AbortController>();

  constructor(
    readonly store: WorkspaceStore,
    readonly blobs: Blobs,
    private readonly tracker: JobTracker,
  ) {}

  /** Takes files in; those that are clearly no pictures are left out and named. */
  async add(files: Iterable<File>): Promise<{ added: number; refused: string[] }> {
    const all = [...files];
    const pictures = all.filter((file) => file.type === '' || file.type.startsWith('image/'));
    for (const file of pictures) {
      await this.addPicture(file, file.name);
    }
    return { added: pictures.length, refused: all.filter((file) => !pictures.includes(file)).map(({ name }) => name) };
  }

  /** Takes one picture in, and selects it. */
  async addPicture(blob: Blob, name: string): Promise<void> {
    const step: Step = { id: crypto.randomUUID(), name, type: blob.type, bytes: blob.size, size: null, recipe: null, findings: [], saved: null };
    // Shown at once: the database takes its time.
    const kept = this.blobs.put(step.id, blob);
    const picture: Picture = { id: crypto.randomUUID(), name, steps: { [step.id]: step }, history: historyOf(trailOf(step.id)), run: null, problem: null };
    this.store.setState(({ pictures }) => ({ pictures: [...pictures, picture], selected: picture.id }));
    await kept;
  }

  select(id: string): void {
    this.store.setState({ selected: id });
  }

  /** Takes a picture out, with all its steps; what runs for it is cancelled. */
  async close(id: string): Promise<void> {
    const picture = this.find(id);
    if (picture === null) {
      return;
    }
    if (picture.run !== null) {
      await this.cancel(id).catch(() => undefined);
    }
    this.store.setState(({ pictures, selected }) => {
      const index = pictures.findIndex((each) => each.id === id);
      const left = pictures.filter((each) => each.id !== id);
      return { pictures: left, selected: selected === id ? (left[Math.min(index, left.length - 1)]?.id ?? null) : selected };
    });
    await Promise.all(Object.keys(picture.steps).map((step) => this.blobs.remove(step)));
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.store.getState().pictures.map(({ id }) => this.close(id)));
  }

  setConverter(name: string): void {
    this.store.setState({ converter: name });
  }

  setValues(converter: string, values: Values): void {
    this.store.setState((state) => ({ values: { ...state.values, [converter]: values } }));
  }

  /** The browser has decoded a step and knows its size. */
  setSize(pictureId: string, stepId: string, size: Step['size']): void {
    this.updateStep(pictureId, stepId, { size });
  }

  /** Converts the base of a picture. Ends when the result is there, or it is clear that there will be none. */
  async convert(pictureId: string, recipe: Recipe, images: [string, File][]): Promise<void> {
    const picture = this.find(pictureId);
    const input = picture === null ? null : this.blobs.get(baseOf(picture.history.present));
    if (picture === null || picture.run !== null || input === null) {
      return;
    }
    const run: Run = { key: crypto.randomUUID(), jobId: null, recipe, state: { phase: 'sending' }, isCancelling: false };
    updatePicture(this.store, pictureId, () => ({ run, problem: null }));
    await this.submit(pictureId, run, input, images);
  }

  /** Goes on with a run that an earlier visit began. */
  async resume(pictureId: string): Promise<void> {
    const picture = this.find(pictureId);
    if (picture?.run == null) {
      return;
    }
    if (picture.run.jobId !== null) {
      await this.follow(pictureId, picture.run.key, picture.run.jobId);
      return;
    }
    const input = this.blobs.get(baseOf(picture.history.present));
    if (input !== null) {
      // Sent perhaps, perhaps not: under the same key it is one job either way.
      await this.submit(pictureId, picture.run, input, []);
    }
  }

  /** Cancels what runs for a picture. The problem is thrown when the server could not be told. */
  async cancel(pictureId: string): Promise<void> {
    const run = this.find(pictureId)?.run;
    if (run == null || run.isCancelling) {
      return;
    }
    this.updateRun(pictureId, run.key, { isCancelling: true });
    const jobId = this.find(pictureId)?.run?.jobId ?? null;
    try {
      if (jobId !== null) {
        const response = await send(new Request(new URL(`/api/jobs/${encodeURIComponent(jobId)}`, location.origin), { method: 'DELETE' }));
        if (!response.ok && response.status !== 404) {
          throw await readProblem(response);
        }
        this.tracker.unwatch(jobId);
      }
      this.aborts.get(run.key)?.abort();
      this.endRun(pictureId, run.key, null);
    } catch (error) {
      this.updateRun(pictureId, run.key, { isCancelling: false });
      throw asProblem(error);
    }
  }

  dismissProblem(pictureId: string): void {
    updatePicture(this.store, pictureId, () => ({ problem: null }));
  }

  /** The result becomes what is converted next. */
  continueWithResult(pictureId: string): void {
    this.change(pictureId, ({ history }) => (resultOf(history.present) === null ? history : push(history, continued(history.present))));
  }

  /** Goes to a step of the trail. */
  goTo(pictureId: string, index: number): void {
    this.change(pictureId, ({ history }) => push(history, at(history.present, index)));
  }

  undo(pictureId: string): void {
    this.change(pictureId, ({ history }) => undo(history));
  }

  redo(pictureId: string): void {
    this.change(pictureId, ({ history }) => redo(history));
  }

  private change(pictureId: string, change: (picture: Picture) => Picture['history']): void {
    // While a conversion runs, its input stays where it is.
    updatePicture(this.store, pictureId, (picture) => (picture.run === null ? { history: change(picture), problem: null } : {}));
  }

  private async submit(pictureId: string, run: Run, picture: Blob, images: [string, File][]): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(run.key, abort);
    try {
      const jobId = await submit(
        { converter: run.recipe.converter, values: run.recipe.values, picture, images, idempotencyKey: run.key },
        {
          signal: abort.signal,
          onWait: ({ message, detail, type }, retryAt) =>
            this.setRunState(pictureId, run.key, { phase: 'waiting', problem: { title: message, detail, type }, retryAt }),
        });
      this.updateRun(pictureId, run.key, { jobId, state: { phase: 'queued', position: null } });
      await this.follow(pictureId, run.key, jobId);
    } catch (error) {
      if (!abort.signal.aborted) {
        this.endRun(pictureId, run.key, asProblem(error));
      }
    } finally {
      this.aborts.delete(run.key);
    }
  }

  private follow(pictureId: string, key: string, jobId: string): Promise<void> {
    return new Promise((resolve) => {
      let isOver = false;
      let saved: boolean | null = null;
      this.tracker.watch(jobId, (state) => {
        saved = state.saved === undefined ? saved : state.saved;
        if (!isOver) {
          isOver = hasEnded(state.state);
          // The news that it is saved may overtake the result: what holds is asked for when the result is there.
          void this.follows(pictureId, key, jobId, state, () => saved).then(() => isOver && resolve());
        } else {
          this.updateStep(pictureId, key, { saved });
        }
      });
    });
  }

  private async follows(pictureId: string, key: string, jobId: string, state: TrackedState, saved: () => boolean | null): Promise<void> {
    switch (state.state) {
      case 'queued':
        this.setRunState(pictureId, key, { phase: 'queued', position: state.queuePosition ?? null });
        break;
      case 'running':
        this.setRunState(pictureId, key, { phase: 'running', progress: state.progress ?? null, preview: state.preview ?? null });
        break;
      case 'done':
        this.setRunState(pictureId, key, { phase: 'fetching' });
        await this.fetchResult(pictureId, key, jobId, saved);
        break;
      case 'cancelled':
        this.endRun(pictureId, key, problemOf({ type: 'urn:image-editor:problem:job-cancelled' }, 410));
        break;
      case 'unknown':
        this.endRun(pictureId, key, problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404));
        break;
      default:
        this.endRun(pictureId, key, problemOf(state.problem, state.status));
    }
  }

  private async fetchResult(pictureId: string, key: string, jobId: string, saved: () => boolean | null): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(key, abort);
    try {
      const { blob, info } = await fetchWhole(jobId, abort.signal);
      const run = this.find(pictureId)?.run;
      if (run?.key !== key) {
        return;
      }
      await this.blobs.put(key, blob);
      updatePicture(this.store, pictureId, (picture) => {
        const before = picture.steps[baseOf(picture.history.present)];
        const step: Step = {
          id: key,
          name: resultName(before?.name ?? picture.name, run.recipe.converter, blob.type),
          type: blob.type,
          bytes: blob.size,
          size: null,
          recipe: run.recipe,
          findings: describeFindings(info),
          saved: saved(),
        };
        return { run: null, steps: { ...picture.steps, [key]: step }, history: push(picture.history, withResult(picture.history.present, key)) };
      });
    } catch (error) {
      if (!abort.signal.aborted) {
        this.endRun(pictureId, key, asProblem(error));
      }
    } finally {
      this.aborts.delete(key);
    }
  }

  private setRunState(pictureId: string, key: string, state: RunState): void {
    this.updateRun(pictureId, key, { state });
  }

  private updateRun(pictureId: string, key: string, change: Partial<Run>): void {
    updatePicture(this.store, pictureId, ({ run }) => (run?.key === key ? { run: { ...run, ...change } } : {}));
  }

  private endRun(pictureId: string, key: string, problem: Problem | null): void {
    updatePicture(this.store, pictureId, ({ run }) => (run?.key === key ? { run: null, problem } : {}));
  }

  private updateStep(pictureId: string, stepId: string, change: Partial<Step>): void {
    updatePicture(this.store, pictureId, ({ steps }) => {
      const step = steps[stepId];
      return step === undefined ? {} : { steps: { ...steps, [stepId]: { ...step, ...change } } };
    });
  }

  private find(id: string): Picture | null {
    return this.store.getState().pictures.find((picture) => picture.id === id) ?? null;
  }
}

const TRIES = 5;

/** Fetches a result whole; a connection that breaks half-way is tried again. */
async function fetchWhole(jobId: string, signal: AbortSignal): Promise<{ blob: Blob; info: string | null }> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await send(new Request(new URL(`/api/jobs/${encodeURIComponent(jobId)}`, location.origin), { cache: 'no-store', signal }));
      if (response.status === 200) {
        return { blob: await response.blob(), info: response.headers.get('X-Result-Info') };
      }
      throw await readProblem(response);
    } catch (error) {
      signal.throwIfAborted();
      const problem = asProblem(error);
      if (!problem.isPassing || tries === TRIES) {
        throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, (problem.retryAfter ?? tries) * 1000));
    }
  }
}

/** What the page shows of a picture now, for those that only look. */
export function viewOf(picture: Picture): { before: Step | null; after: Step | null; current: Step } {
  const { present } = picture.history;
  const result = resultOf(present);
  const current = picture.steps[currentOf(present)]!;
  return { before: result === null ? null : picture.steps[baseOf(present)]!, after: result === null ? null : current, current };
}


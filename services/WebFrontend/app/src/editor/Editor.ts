import type { Values } from '../forms/schema';
import type { JobTracker } from '../jobs/tracker';
import { mayBePicture } from '../pictures/formats';
import type { Blobs } from './blobs';
import { ConversionRun } from './ConversionRun';
import { historyOf, push, redo, undo } from './history';
import { at, baseOf, continued, resultOf, trailOf } from './trail';
import { findPicture, type Picture, type Recipe, type Run, type Step, updatePicture, updateStep, type WorkspaceStore } from './workspace';

/** What a person can do in the editor, and how each command changes the workspace. */
export class Editor {
  /** The conversions that this page carries out, by their runs' keys. */
  private readonly runs = new Map<string, ConversionRun>();

  constructor(
    readonly store: WorkspaceStore,
    readonly blobs: Blobs,
    private readonly tracker: JobTracker,
  ) {}

  /** Takes files in; those that are clearly no pictures are left out and named. */
  async add(files: Iterable<File>): Promise<{ added: number; refused: string[] }> {
    const all = [...files];
    const pictures = all.filter(mayBePicture);
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
    const picture = findPicture(this.store, id);
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
    updateStep(this.store, pictureId, stepId, { size });
  }

  /** Converts the base of a picture. Ends when the result is there, or it is clear that there will be none. */
  async convert(pictureId: string, recipe: Recipe, images: [string, File][]): Promise<void> {
    const picture = findPicture(this.store, pictureId);
    const input = picture === null ? null : this.blobs.get(baseOf(picture.history.present));
    if (picture === null || picture.run !== null || input === null) {
      return;
    }
    const run: Run = { key: crypto.randomUUID(), jobId: null, recipe, state: { phase: 'sending' }, isCancelling: false };
    updatePicture(this.store, pictureId, () => ({ run, problem: null }));
    await this.carryOut(pictureId, run.key, (each) => each.submit(input, images));
  }

  /** Continues a run that an earlier visit began. */
  async resume(pictureId: string): Promise<void> {
    const picture = findPicture(this.store, pictureId);
    if (picture?.run == null) {
      return;
    }
    const { key, jobId } = picture.run;
    const input = this.blobs.get(baseOf(picture.history.present));
    if (jobId !== null) {
      await this.carryOut(pictureId, key, (run) => run.followJob(jobId));
    } else if (input !== null) {
      // It may have been sent or not: under the same key it is one job either way.
      await this.carryOut(pictureId, key, (run) => run.submit(input, []));
    }
  }

  /** Cancels what runs for a picture. The problem is thrown when the server could not be reached. */
  async cancel(pictureId: string): Promise<void> {
    const key = findPicture(this.store, pictureId)?.run?.key;
    if (key !== undefined) {
      await (this.runs.get(key) ?? this.createRun(pictureId, key)).cancel();
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

  private async carryOut(pictureId: string, key: string, work: (run: ConversionRun) => Promise<void>): Promise<void> {
    const run = this.createRun(pictureId, key);
    this.runs.set(key, run);
    try {
      await work(run);
    } finally {
      this.runs.delete(key);
    }
  }

  private createRun(pictureId: string, key: string): ConversionRun {
    return new ConversionRun(this.store, this.blobs, this.tracker, pictureId, key);
  }
}

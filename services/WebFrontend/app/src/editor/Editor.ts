import type { Corrections } from '../forms/boxes';
import type { Values } from '../forms/schema';
import type { JobTracker } from '../jobs/JobTracker';
import { mayBePicture } from '../pictures/formats';
import { ConversionRun, saveOf } from './ConversionRun';
import { historyOf, push, redo, undo } from './history';
import type { PictureCache } from './PictureCache';
import { baseOf, continueFromResult, goToStep, resultOf, stepListOf } from './steps';
import {
  type ConversionSettings, findPicture, type ParameterImage, type Picture, type Run, type Step, updatePicture, updateStep,
  type WorkspaceStore,
} from './workspace';

/** What a person can do in the editor, and how each command changes the workspace. */
export class Editor {
  /** The conversions that this page carries out, by their runs' keys. */
  private readonly runs = new Map<string, ConversionRun>();
  /** Under which ids the cache has files that are parameters: one file serves many pictures. */
  private readonly imageIds = new WeakMap<File, string>();

  constructor(
    readonly store: WorkspaceStore,
    readonly cache: PictureCache,
    private readonly tracker: JobTracker,
  ) {}

  /** Adds files as pictures. Those that are clearly no pictures are refused, and named. */
  async addFiles(files: Iterable<File>): Promise<{ added: number; refused: string[] }> {
    const all = [...files];
    const pictures = all.filter(mayBePicture);
    for (const file of pictures) {
      await this.addPicture(file, file.name);
    }
    return { added: pictures.length, refused: all.filter((file) => !pictures.includes(file)).map(({ name }) => name) };
  }

  /** Adds a picture, and selects it. */
  async addPicture(blob: Blob, name: string): Promise<void> {
    const step: Step = {
      id: crypto.randomUUID(), name, type: blob.type, bytes: blob.size, size: null, settings: null, findings: [], saved: null,
    };
    // Shown without waiting for the database.
    const stored = this.cache.put(step.id, blob);
    const picture: Picture = {
      id: crypto.randomUUID(), name, steps: { [step.id]: step }, history: historyOf(stepListOf(step.id)), run: null, problem: null,
    };
    this.store.setState(({ pictures }) => ({ pictures: [...pictures, picture], selected: picture.id }));
    await stored;
  }

  select(id: string): void {
    this.store.setState({ selected: id });
  }

  /** Closes a picture with all its steps, and cancels its conversion. */
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
      const others = pictures.filter((each) => each.id !== id);
      return { pictures: others, selected: selected === id ? (others[Math.min(index, others.length - 1)]?.id ?? null) : selected };
    });
    await Promise.all(Object.keys(picture.steps).map((step) => this.cache.remove(step)));
  }

  /** Closes all pictures, and takes away what was entered and chosen in the forms. */
  async closeAll(): Promise<void> {
    this.store.setState({ values: {} });
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

  /** The person corrects what the converter of the shown result found; the form shows that converter, to convert again. */
  correct(pictureId: string, corrections: Corrections): void {
    const picture = findPicture(this.store, pictureId);
    const converter = picture?.steps[resultOf(picture.history.present) ?? '']?.settings?.converter;
    if (converter !== undefined) {
      this.setConverter(converter);
    }
    updatePicture(this.store, pictureId, ({ history: { present } }) => ({ corrections: { ...corrections, step: baseOf(present) } }));
  }

  /** Converts the base of a picture. Ends when the result is there, or it is clear that there will be none. */
  async convert(pictureId: string, settings: ConversionSettings, images: [string, File][]): Promise<void> {
    if (findPicture(this.store, pictureId)?.run !== null) {
      return;
    }
    const run: Run = {
      key: crypto.randomUUID(),
      jobId: null,
      settings,
      images: images.map(([name, file]) => ({ name, id: this.imageIdOf(file) })),
      state: { phase: 'sending' },
      isCancelling: false,
    };
    // The workspace names the pictures before they are stored: another tab removes those that no workspace names.
    updatePicture(this.store, pictureId, () => ({ run, problem: null }));
    // Sent without waiting for the database.
    images.forEach(([, file]) => void this.cache.put(this.imageIdOf(file), file));
    await this.carryOut(pictureId, run.key, (each) => each.submit());
  }

  /** Continues a run that an earlier visit began. */
  async resume(pictureId: string): Promise<void> {
    const picture = findPicture(this.store, pictureId);
    if (picture?.run == null) {
      return;
    }
    const { key, jobId } = picture.run;
    // Without a job it may have been sent or not: under the same key it is one job either way.
    await this.carryOut(pictureId, key, (run) => (jobId === null ? run.submit() : run.followJob(jobId)));
  }

  /** Continues to ask whether a result that an earlier visit made is in the gallery. */
  followSave(pictureId: string, { id, jobId }: Step): void {
    if (jobId === undefined) {
      updateStep(this.store, pictureId, id, { saved: null });
      return;
    }
    this.tracker.watch(jobId, (job) => updateStep(this.store, pictureId, id, saveOf(job, false, jobId)));
  }

  /** Cancels the conversion of a picture. The problem is thrown when the server could not be reached. */
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
    this.change(pictureId, ({ history }) =>
      (resultOf(history.present) === null ? history : push(history, continueFromResult(history.present))));
  }

  /** Shows another step. */
  goTo(pictureId: string, index: number): void {
    this.change(pictureId, ({ history }) => push(history, goToStep(history.present, index)));
  }

  undo(pictureId: string): void {
    this.change(pictureId, ({ history }) => undo(history));
  }

  redo(pictureId: string): void {
    this.change(pictureId, ({ history }) => redo(history));
  }

  private change(pictureId: string, change: (picture: Picture) => Picture['history']): void {
    // While a conversion runs, the picture stays at the step that is being converted.
    updatePicture(this.store, pictureId, (picture) => (picture.run === null ? { history: change(picture), problem: null } : {}));
  }

  private async carryOut(pictureId: string, key: string, work: (run: ConversionRun) => Promise<void>): Promise<void> {
    const images = findPicture(this.store, pictureId)?.run?.images ?? [];
    const run = this.createRun(pictureId, key);
    this.runs.set(key, run);
    try {
      await work(run);
    } finally {
      this.runs.delete(key);
      await this.removeUnused(images);
    }
  }

  private imageIdOf(file: File): string {
    const id = this.imageIds.get(file) ?? crypto.randomUUID();
    this.imageIds.set(file, id);
    return id;
  }

  /** Removes pictures that are parameters of no run any more. */
  private async removeUnused(images: ParameterImage[]): Promise<void> {
    const used = new Set(this.store.getState().pictures.flatMap(({ run }) => run?.images ?? []).map(({ id }) => id));
    await Promise.all(images.filter(({ id }) => !used.has(id)).map(({ id }) => this.cache.remove(id)));
  }

  private createRun(pictureId: string, key: string): ConversionRun {
    return new ConversionRun(this.store, this.cache, this.tracker, pictureId, key);
  }
}

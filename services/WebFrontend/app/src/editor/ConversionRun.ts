import { cancelJob, fetchResultWithRetry, hasEnded, type JobResult, type JobUpdate } from '../jobs/jobsApi';
import type { JobTracker } from '../jobs/JobTracker';
import { submitConversion } from '../jobs/submitConversion';
import { asProblem, Problem, problemOf } from '../problems/problem';
import { describeFindings, resultName } from './conversionResult';
import { push } from './history';
import type { PictureCache } from './PictureCache';
import { baseOf, withResult } from './steps';
import { findPicture, type Run, type RunState, type Step, updatePicture, updateStep, type WorkspaceStore } from './workspace';

/** What an update says about the save of a job's result; a job that is no longer there says nothing any more. */
export function saveOf({ state, saved }: JobUpdate, before: boolean | null, jobId: string): Pick<Step, 'saved' | 'jobId'> {
  const now = state === 'unknown' ? (before === true ? true : null) : saved === undefined ? before : saved;
  return { saved: now, jobId: now === false ? jobId : undefined };
}

/** Carries out one conversion of a picture: submits it, follows its job, and adds the result to the picture's steps. */
export class ConversionRun {
  private readonly abort = new AbortController();
  /** Whether the result is in its owner's gallery; null for an anonymous job. */
  private saved: boolean | null = null;

  constructor(
    private readonly store: WorkspaceStore,
    private readonly cache: PictureCache,
    private readonly tracker: JobTracker,
    private readonly pictureId: string,
    /** Names the run in the workspace. What happens to this run changes nothing once the picture has another. */
    private readonly key: string,
  ) {}

  /** Submits the picture, and follows its job to the end. */
  async submit(): Promise<void> {
    const run = this.run;
    if (run === null) {
      return;
    }
    try {
      const { input, images } = await this.loadParts(run);
      const jobId = await submitConversion(
        { converter: run.settings.converter, values: run.settings.values, picture: input, images, idempotencyKey: this.key },
        {
          signal: this.abort.signal,
          onWait: ({ message, detail, type }, retryAt) =>
            this.setState({ phase: 'waiting', problem: { title: message, detail, type }, retryAt }),
        });
      this.abort.signal.throwIfAborted();
      this.update({ jobId, state: { phase: 'queued', position: null } });
      await this.followJob(jobId);
    } catch (error) {
      if (!this.abort.signal.aborted) {
        this.end(asProblem(error));
      }
    }
  }

  /** Follows the job until its result is there, or it is clear that there will be none. */
  followJob(jobId: string): Promise<void> {
    return new Promise((resolve) => {
      let isOver = false;
      this.abort.signal.addEventListener('abort', () => resolve());
      this.tracker.watch(jobId, (job) => {
        const save = saveOf(job, this.saved, jobId);
        this.saved = save.saved;
        if (!isOver) {
          isOver = hasEnded(job.state);
          void this.applyJobState(jobId, job).then(() => isOver && resolve());
        } else {
          updateStep(this.store, this.pictureId, this.key, save);
        }
      });
    });
  }

  /** Cancels the job. The problem is thrown when the server could not be reached. */
  async cancel(): Promise<void> {
    const run = this.run;
    if (run === null || run.isCancelling) {
      return;
    }
    this.update({ isCancelling: true });
    try {
      if (run.jobId !== null) {
        await cancelJob(run.jobId);
        this.tracker.unwatch(run.jobId);
      }
      this.abort.abort();
      this.end(null);
    } catch (error) {
      this.update({ isCancelling: false });
      throw asProblem(error);
    }
  }

  private async applyJobState(jobId: string, job: JobUpdate): Promise<void> {
    switch (job.state) {
      case 'queued':
        this.setState({ phase: 'queued', position: job.queuePosition ?? null });
        break;
      case 'running':
        this.setState({ phase: 'running', progress: job.progress ?? null, preview: job.preview ?? null });
        break;
      case 'done':
        this.setState({ phase: 'fetching' });
        await this.fetchResult(jobId);
        break;
      case 'unknown':
        await this.repeatOnce(jobId);
        break;
      case 'cancelled':
        this.end(problemOf({ type: 'urn:image-editor:problem:job-cancelled' }, 410));
        break;
      default:
        this.end(problemOf(job.problem, job.status));
    }
  }

  private async fetchResult(jobId: string): Promise<void> {
    try {
      const result = await fetchResultWithRetry(jobId, this.abort.signal);
      if (this.run !== null) {
        await this.cache.put(this.key, result.picture);
        this.addResult(jobId, result);
      }
    } catch (error) {
      if (this.abort.signal.aborted) {
        return;
      }
      const problem = asProblem(error);
      await (problem.status === 404 ? this.repeatOnce(jobId) : Promise.resolve(this.end(problem)));
    }
  }

  /** The result is gone, as the browser was away for longer than the server keeps it: converts the picture again, once. */
  private async repeatOnce(jobId: string): Promise<void> {
    if (this.run?.isRepeat) {
      this.end(problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404));
      return;
    }
    this.tracker.unwatch(jobId);
    this.saved = null;
    // Under the same key it is the same job: a gallery that has its picture gets no second one.
    this.update({ jobId: null, isRepeat: true, state: { phase: 'sending' } });
    await this.submit();
  }

  /** What is sent. Without one of its pictures it would be another conversion. */
  private async loadParts({ images }: Run): Promise<{ input: Blob; images: [string, Blob][] }> {
    const picture = findPicture(this.store, this.pictureId)!;
    const input = await this.cache.loadReadable(baseOf(picture.history.present));
    const loaded = await Promise.all((images ?? []).map(async ({ name, id }) => [name, await this.cache.loadReadable(id)] as const));
    if (input === null || images === undefined || loaded.some(([, image]) => image === null)) {
      throw new Problem(
        'not-sent',
        'It was not sent',
        'Not everything that belongs to it can be read any more: a file may have been changed or moved. '
          + 'Look at the picture and the settings, choose files again where they are missing, and convert again.',
        0);
    }
    return { input, images: loaded as [string, Blob][] };
  }

  private addResult(jobId: string, { picture: { type, size: bytes }, findings }: JobResult): void {
    updatePicture(this.store, this.pictureId, ({ name, steps, history, run }) => {
      if (run?.key !== this.key) {
        return {};
      }
      const step: Step = {
        id: this.key,
        name: resultName(steps[baseOf(history.present)]?.name ?? name, run.settings.converter, type),
        type,
        bytes,
        size: null,
        settings: run.settings,
        findings: describeFindings(findings),
        saved: this.saved,
        jobId: this.saved === false ? jobId : undefined,
      };
      return { run: null, steps: { ...steps, [this.key]: step }, history: push(history, withResult(history.present, this.key)) };
    });
  }

  /** The run as the workspace has it; null when it has ended. */
  private get run(): Run | null {
    const run = findPicture(this.store, this.pictureId)?.run;
    return run?.key === this.key ? run : null;
  }

  private setState(state: RunState): void {
    this.update({ state });
  }

  private update(change: Partial<Run>): void {
    updatePicture(this.store, this.pictureId, ({ run }) => (run?.key === this.key ? { run: { ...run, ...change } } : {}));
  }

  private end(problem: Problem | null): void {
    updatePicture(this.store, this.pictureId, ({ run }) => (run?.key === this.key ? { run: null, problem } : {}));
  }
}

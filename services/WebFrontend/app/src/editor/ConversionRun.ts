import { cancelJob, fetchResultWithRetry, hasEnded, type JobResult, type JobUpdate } from '../jobs/jobsApi';
import type { JobTracker } from '../jobs/JobTracker';
import { submitConversion } from '../jobs/submitConversion';
import { asProblem, type Problem, problemOf } from '../problems/problem';
import { describeFindings, resultName } from './conversionResult';
import { push } from './history';
import type { PictureCache } from './PictureCache';
import { baseOf, withResult } from './steps';
import { findPicture, type Run, type RunState, type Step, updatePicture, updateStep, type WorkspaceStore } from './workspace';

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
  async submit(input: Blob, images: [string, File][]): Promise<void> {
    const run = this.run;
    if (run === null) {
      return;
    }
    try {
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
        this.saved = job.saved === undefined ? this.saved : job.saved;
        if (!isOver) {
          isOver = hasEnded(job.state);
          void this.applyJobState(jobId, job).then(() => isOver && resolve());
        } else {
          updateStep(this.store, this.pictureId, this.key, { saved: this.saved });
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
      case 'cancelled':
        this.end(problemOf({ type: 'urn:image-editor:problem:job-cancelled' }, 410));
        break;
      case 'unknown':
        this.end(problemOf({ type: 'urn:image-editor:problem:job-not-found' }, 404));
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
        this.addResult(result);
      }
    } catch (error) {
      if (!this.abort.signal.aborted) {
        this.end(asProblem(error));
      }
    }
  }

  private addResult({ picture: { type, size: bytes }, findings }: JobResult): void {
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

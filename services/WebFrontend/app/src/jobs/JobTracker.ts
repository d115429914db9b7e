import { session } from '../session/session';
import { hasEnded, jobEventsUrl, type JobUpdate, readJobState } from './jobsApi';

/** How the tracker reaches the server. */
export type Connection = 'idle' | 'stream' | 'polling';

interface EventStream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the tracker uses of the browser; tests replace it. */
export interface TrackerEnvironment {
  openStream(url: string): EventStream;
  fetch: (request: Request) => Promise<Response>;
}

const BROWSER: TrackerEnvironment = {
  openStream(url) {
    const stream = new EventSource(url);
    let isOpen = false;
    stream.addEventListener('open', () => { isOpen = true; });
    // A browser does not say why. A refusal of the cookie removes it, and what is sent next would be nobody's.
    stream.addEventListener('error', () => !isOpen && session.markStale());
    return stream;
  },
  fetch: (request) => fetch(request),
};

/** The server follows no more jobs in one stream. */
const MAX_JOBS_PER_STREAM = 100;
/** Jobs that start within this time, in ms, share one stream. */
const BATCH_DELAY = 50;
const POLL_INTERVAL = 1_500;
const MAX_RECONNECT_DELAY = 15_000;
/**
 * The server repeats itself after 15 s without an event: a stream that is silent for this long, in ms, is broken, though the browser
 * reported nothing.
 */
const STREAM_TIMEOUT = 40_000;
/** While jobs only wait to be saved, the stream is opened again after this time, in ms, and more and more seldom when it never opens. */
const SAVE_CHECK_INTERVAL = 3_000;
const MAX_SAVE_CHECK_INTERVAL = 60_000;

/**
 * Follows all running jobs over one event stream. When the stream breaks, the jobs are polled until a new stream is open.
 * A job is followed until it has ended and, when it has an owner, is saved.
 */
export class JobTracker {
  private readonly listeners = new Map<string, (update: JobUpdate) => void>();
  /** Jobs that are done, and not yet known to be saved or to have no owner. */
  private readonly saving = new Set<string>();
  private stream: EventStream | null = null;
  private streamedIds = '';
  private failures = 0;
  private opening: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private connection: Connection = 'idle';

  constructor(
    private readonly onConnection: (connection: Connection) => void = () => undefined,
    private readonly environment: TrackerEnvironment = BROWSER,
  ) {}

  /** Calls the listener with the job's state and with each change, until the job has ended and, when it has an owner, is saved. */
  watch(jobId: string, listener: (update: JobUpdate) => void): void {
    this.listeners.set(jobId, listener);
    // A stream that has this job already may have ended it: a job can run again under its id.
    this.streamedIds = '';
    this.openAfter(BATCH_DELAY);
  }

  unwatch(jobId: string): void {
    this.remove(jobId);
    this.closeIfIdle();
  }

  /** Connects again without waiting: the network is back, or the page is visible again. */
  wake(): void {
    if (this.listeners.size > 0 && this.connection !== 'stream') {
      this.failures = 0;
      this.openAfter(0);
    }
  }

  private openAfter(delay: number): void {
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), delay);
  }

  private open(): void {
    // Running jobs come first: a job that only waits to be saved can wait.
    const ids = [...this.listeners.keys()]
      .sort((a, b) => Number(this.saving.has(a)) - Number(this.saving.has(b)))
      .slice(0, MAX_JOBS_PER_STREAM);
    const joined = ids.join();
    if (ids.length === 0 || (this.stream !== null && joined === this.streamedIds)) {
      return;
    }
    this.stream?.close();
    this.streamedIds = joined;
    const stream = this.environment.openStream(jobEventsUrl(ids));
    this.stream = stream;
    stream.onopen = () => {
      if (stream === this.stream) {
        this.failures = 0;
        clearTimeout(this.polling);
        this.setConnection('stream');
        this.restartWatchdog();
      }
    };
    stream.addEventListener('job', (event) => {
      if (stream === this.stream) {
        this.restartWatchdog();
        this.notify(JSON.parse(event.data) as JobUpdate);
      }
    });
    stream.onerror = () => {
      if (stream === this.stream) {
        this.streamEnded();
      }
    };
  }

  /** The stream has ended or broken. The server ends it when all its jobs have ended, and when its process stops. */
  private streamEnded(): void {
    this.closeStream();
    if (this.isOnlySaving()) {
      this.openAfter(Math.min(MAX_SAVE_CHECK_INTERVAL, SAVE_CHECK_INTERVAL * 2 ** this.failures));
      this.failures++;
      return;
    }
    this.failures++;
    this.setConnection('polling');
    this.openAfter(Math.min(MAX_RECONNECT_DELAY, 500 * 2 ** this.failures));
    clearTimeout(this.polling);
    void this.poll();
  }

  private restartWatchdog(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.streamEnded(), STREAM_TIMEOUT);
  }

  private async poll(): Promise<void> {
    const running = [...this.listeners.keys()].filter((id) => !this.saving.has(id));
    for (const id of running) {
      const update = await readJobState(id, this.environment.fetch);
      if (update !== null && this.connection === 'polling') {
        this.notify(update);
      }
    }
    if (this.connection !== 'polling') {
      return;
    }
    if (this.isOnlySaving()) {
      this.setConnection('idle');
      this.openAfter(SAVE_CHECK_INTERVAL);
    } else if (this.listeners.size > 0) {
      clearTimeout(this.polling);
      this.polling = setTimeout(() => void this.poll(), POLL_INTERVAL);
    }
  }

  private notify(update: JobUpdate): void {
    const listener = this.listeners.get(update.jobId);
    if (listener === undefined) {
      return;
    }
    // A poll that gets the result says nothing about the gallery: only the stream does.
    const isSaving = update.state === 'done' && (update.saved === false || update.saved === undefined);
    if (isSaving) {
      this.saving.add(update.jobId);
    } else if (hasEnded(update.state)) {
      this.remove(update.jobId);
    }
    listener(update);
    this.closeIfIdle();
  }

  private isOnlySaving(): boolean {
    return this.listeners.size > 0 && [...this.listeners.keys()].every((id) => this.saving.has(id));
  }

  private remove(jobId: string): void {
    this.listeners.delete(jobId);
    this.saving.delete(jobId);
  }

  private closeIfIdle(): void {
    if (this.listeners.size === 0) {
      clearTimeout(this.opening);
      clearTimeout(this.polling);
      this.closeStream();
      this.failures = 0;
      this.setConnection('idle');
    } else if (this.stream !== null && this.listeners.size >= MAX_JOBS_PER_STREAM) {
      // A place in the stream is free for a job that had none.
      this.openAfter(BATCH_DELAY);
    }
  }

  private closeStream(): void {
    clearTimeout(this.watchdog);
    this.stream?.close();
    this.stream = null;
    this.streamedIds = '';
  }

  private setConnection(connection: Connection): void {
    if (connection !== this.connection) {
      this.connection = connection;
      this.onConnection(connection);
    }
  }
}

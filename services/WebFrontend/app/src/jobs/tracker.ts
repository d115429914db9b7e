import { hasEnded, jobEventsUrl, type JobUpdate, readJobState } from './jobsApi';

/** How the tracker reaches the server. */
export type Connection = 'idle' | 'stream' | 'polling';

interface EventStream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What tests replace. */
export interface Surroundings {
  openStream(url: string): EventStream;
  fetch: (request: Request) => Promise<Response>;
}

const BROWSER: Surroundings = {
  openStream: (url) => new EventSource(url),
  fetch: (request) => fetch(request),
};

const MOST_IN_A_STREAM = 100;
/** Several jobs that start together make one stream. */
const GATHER = 50;
const POLL = 1_500;
const LONGEST_PAUSE = 15_000;
/** The server repeats itself after 15 s of silence: a stream that is silent for longer is dead, though nobody said so. */
const SILENCE = 40_000;
/** A picture that is being saved is asked after at this pace, in ms. */
const SAVING_PACE = 3_000;

/**
 * Follows all running jobs over one event stream. When the stream breaks, the jobs are polled until a new one stands.
 * A job is followed until it has ended and, where it has an owner, is saved.
 */
export class JobTracker {
  private readonly listeners = new Map<string, (state: JobUpdate) => void>();
  /** Jobs that are done and not yet saved. */
  private readonly saving = new Set<string>();
  private stream: EventStream | null = null;
  private streamed = '';
  private failures = 0;
  private opening: ReturnType<typeof setTimeout> | undefined;
  private polling: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private connection: Connection = 'idle';

  constructor(
    private readonly onConnection: (connection: Connection) => void = () => undefined,
    private readonly surroundings: Surroundings = BROWSER,
  ) {}

  /** Tells the listener the job's state and each change, until it ends. */
  watch(jobId: string, listener: (state: JobUpdate) => void): void {
    this.listeners.set(jobId, listener);
    this.openSoon(GATHER);
  }

  /** Stops telling. */
  unwatch(jobId: string): void {
    this.forget(jobId);
    this.settle();
  }

  /** The network is back, or the page is looked at again: no reason to wait any longer. */
  wake(): void {
    if (this.listeners.size > 0 && this.connection !== 'stream') {
      this.failures = 0;
      this.openSoon(0);
    }
  }

  private openSoon(delay: number): void {
    clearTimeout(this.opening);
    this.opening = setTimeout(() => this.open(), delay);
  }

  private open(): void {
    // What waits for its save only may wait; what runs goes first.
    const ids = [...this.listeners.keys()].sort((a, b) => Number(this.saving.has(a)) - Number(this.saving.has(b))).slice(0, MOST_IN_A_STREAM);
    const wanted = ids.join();
    if (ids.length === 0 || (this.stream !== null && wanted === this.streamed)) {
      return;
    }
    this.stream?.close();
    this.streamed = wanted;
    const stream = this.surroundings.openStream(jobEventsUrl(ids));
    this.stream = stream;
    stream.onopen = () => {
      if (stream === this.stream) {
        this.failures = 0;
        clearTimeout(this.polling);
        this.setConnection('stream');
        this.expectSound();
      }
    };
    stream.addEventListener('job', (event) => {
      if (stream === this.stream) {
        this.expectSound();
        this.tell(JSON.parse(event.data) as JobUpdate);
      }
    });
    stream.onerror = () => {
      if (stream === this.stream) {
        this.streamEnded();
      }
    };
  }

  /** The stream has ended or broken. The server ends it when all its jobs have, and when its process stops. */
  private streamEnded(): void {
    this.closeStream();
    if (this.isOnlySaving()) {
      this.openSoon(SAVING_PACE);
      return;
    }
    this.failures++;
    this.setConnection('polling');
    this.openSoon(Math.min(LONGEST_PAUSE, 500 * 2 ** this.failures));
    clearTimeout(this.polling);
    void this.poll();
  }

  private expectSound(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.streamEnded(), SILENCE);
  }

  private async poll(): Promise<void> {
    const running = [...this.listeners.keys()].filter((id) => !this.saving.has(id));
    for (const id of running) {
      const state = await readJobState(id, this.surroundings.fetch);
      if (state !== null && this.connection === 'polling') {
        this.tell(state);
      }
    }
    if (this.connection === 'polling' && this.listeners.size > 0) {
      clearTimeout(this.polling);
      this.polling = setTimeout(() => void this.poll(), POLL);
    }
  }

  private tell(state: JobUpdate): void {
    const listener = this.listeners.get(state.jobId);
    if (listener === undefined) {
      return;
    }
    const isSaving = state.state === 'done' && state.saved === false;
    if (isSaving) {
      this.saving.add(state.jobId);
    } else if (hasEnded(state.state)) {
      this.forget(state.jobId);
    }
    listener(state);
    this.settle();
  }

  private isOnlySaving(): boolean {
    return this.listeners.size > 0 && [...this.listeners.keys()].every((id) => this.saving.has(id));
  }

  private forget(jobId: string): void {
    this.listeners.delete(jobId);
    this.saving.delete(jobId);
  }

  private settle(): void {
    if (this.listeners.size === 0) {
      clearTimeout(this.opening);
      clearTimeout(this.polling);
      this.closeStream();
      this.failures = 0;
      this.setConnection('idle');
    } else if (this.stream !== null && this.listeners.size >= MOST_IN_A_STREAM) {
      // A place came free for one that found none.
      this.openSoon(GATHER);
    }
  }

  private closeStream(): void {
    clearTimeout(this.silence);
    this.stream?.close();
    this.stream = null;
    this.streamed = '';
  }

  private setConnection(connection: Connection): void {
    if (connection !== this.connection) {
      this.connection = connection;
      this.onConnection(connection);
    }
  }
}

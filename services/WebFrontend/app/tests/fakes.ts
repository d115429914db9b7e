import type { TrackerEnvironment } from '../src/jobs/JobTracker';

/** An event stream whose events a test sends. */
export class FakeStream {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  isClosed = false;
  private listener: (event: MessageEvent<string>) => void = () => undefined;

  constructor(readonly url: string) {}

  addEventListener(_: string, listener: (event: MessageEvent<string>) => void): void {
    this.listener = listener;
  }

  close(): void {
    this.isClosed = true;
  }

  opens(): void {
    this.onopen?.(new Event('open'));
  }

  breaks(): void {
    this.onerror?.(new Event('error'));
  }

  sends(state: object): void {
    this.listener(new MessageEvent('job', { data: JSON.stringify(state) }));
  }
}

/** A server of event streams and of responses to polls. */
export class FakeServer implements TrackerEnvironment {
  readonly streams: FakeStream[] = [];
  readonly polls: string[] = [];
  respond: (path: string) => Response = () => new Response('{}', { status: 503 });

  openStream = (url: string): FakeStream => {
    const stream = new FakeStream(url);
    this.streams.push(stream);
    return stream;
  };

  fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    this.polls.push(pathname);
    return this.respond(pathname);
  };

  get last(): FakeStream {
    return this.streams.at(-1)!;
  }
}

export function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** Gives the page locks, which the tests' browser does not have; each is held until its task is over. */
export function fakeLocks(): void {
  const held = new Set<string>();
  const request = async (name: string, options: LockOptions | LockGrantedCallback<unknown>, task?: LockGrantedCallback<unknown>) => {
    const run = task ?? (options as LockGrantedCallback<unknown>);
    if (held.has(name)) {
      return run(null);
    }
    held.add(name);
    try {
      return await run({ name, mode: 'exclusive' });
    } finally {
      held.delete(name);
    }
  };
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
}

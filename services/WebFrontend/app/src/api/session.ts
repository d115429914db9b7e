import { createStore } from 'zustand/vanilla';
import { networkProblem, readProblem } from './problem';

/** Who is signed in, as far as this browser knows. The tokens themselves are in cookies that no script can read. */
export interface Account {
  id: string;
  email: string;
  /** When the access cookie ends, in ms since 1970. */
  expiresAt: number;
}

export interface Session {
  account: Account | null;
  /** Set when somebody was signed in here and is no longer, without having signed out on this page. */
  endedElsewhere: boolean;
}

const KEY = 'image-editor:account';
const LOCK = 'image-editor:refresh';
/** The access cookie is renewed this long before it ends, in ms: clocks differ and requests take time. */
const EARLY = 30_000;

/** Keeps the access cookie fresh, over all tabs of this browser together. */
export class SessionKeeper {
  readonly store = createStore<Session>(() => ({ account: null, endedElsewhere: false }));

  constructor(
    private readonly storage: Storage,
    private readonly fetch: typeof globalThis.fetch,
    private readonly exclusively: (task: () => Promise<void>) => Promise<void>,
    private readonly now: () => number,
  ) {
    this.store.setState({ account: this.read() });
  }

  /** Takes over what another tab did: signing in, renewing or signing out. */
  synchronise(): void {
    const account = this.read();
    const before = this.store.getState().account;
    if (account !== null) {
      this.store.setState({ account, endedElsewhere: false });
    } else if (before !== null) {
      this.store.setState({ account: null, endedElsewhere: true });
    }
  }

  /** Notes that somebody has signed in. */
  signIn(account: Account): void {
    this.storage.setItem(KEY, JSON.stringify(account));
    this.store.setState({ account, endedElsewhere: false });
  }

  /** Notes that the person has signed out, on this page. */
  signOut(): void {
    this.storage.removeItem(KEY);
    this.store.setState({ account: null, endedElsewhere: false });
  }

  /** Puts away the notice that the session ended elsewhere. */
  acknowledgeEnd(): void {
    this.store.setState({ endedElsewhere: false });
  }

  /**
   * Renews the access cookie when its end is near, so that a request does not quietly become nobody's.
   * Throws the problem when that cannot be found out now.
   */
  async ensureFresh(): Promise<void> {
    const account = this.store.getState().account;
    if (account !== null && account.expiresAt - this.now() < EARLY) {
      await this.refresh(account.expiresAt);
    }
  }

  /**
   * Renews the access cookie once, whichever tabs ask for it at the same time.
   * @param seen the end of the cookie that is no longer good enough
   * @returns whether somebody is signed in afterwards
   */
  async refresh(seen: number): Promise<boolean> {
    await this.exclusively(async () => {
      const account = this.read();
      if (account === null || account.expiresAt !== seen) {
        // Another tab has renewed it meanwhile, or signed out.
        return;
      }
      const response = await this.fetch('/api/auth/refresh', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      }).catch(() => {
        throw networkProblem();
      });
      if (response.ok) {
        const { expiresIn } = (await response.json()) as { expiresIn: number };
        this.signIn({ ...account, expiresAt: this.now() + expiresIn * 1000 });
      } else if ([400, 401, 403].includes(response.status)) {
        this.storage.removeItem(KEY);
        this.store.setState({ account: null, endedElsewhere: true });
      } else {
        throw await readProblem(response);
      }
    });
    this.synchronise();
    return this.store.getState().account !== null;
  }

  private read(): Account | null {
    try {
      const value = JSON.parse(this.storage.getItem(KEY) ?? 'null') as Account | null;
      return typeof value?.email === 'string' && typeof value.expiresAt === 'number' ? value : null;
    } catch {
      // Not ours, or from another version: as if nobody were signed in.
      return null;
    }
  }
}

export const session = new SessionKeeper(
  localStorage,
  (...request) => fetch(...request),
  async (task) => {
    await ('locks' in navigator ? navigator.locks.request(LOCK, task) : task());
  },
  Date.now);

/** Follows other tabs, and keeps the cookie fresh while the page is looked at: pictures are fetched by the browser itself, past our code. */
export function startSession(): void {
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) {
      session.synchronise();
    }
  });
  const keep = () => {
    if (document.visibilityState === 'visible') {
      // Without success the next request meets the fault itself and shows it.
      session.ensureFresh().catch(() => undefined);
    }
  };
  setInterval(keep, EARLY / 2);
  document.addEventListener('visibilitychange', keep);
  keep();
}

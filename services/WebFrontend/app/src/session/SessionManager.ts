import { createStore } from 'zustand/vanilla';
import { networkProblem, readProblem } from '../problems/problem';

/** Who is signed in, as far as this browser knows. The tokens themselves are in cookies that no script can read. */
export interface Account {
  id: string;
  email: string;
  /** When the access cookie ends, in ms since 1970. */
  expiresAt: number;
}

export interface Session {
  account: Account | null;
  /** Set when the person was signed in here and is no longer, without having signed out on this page. */
  wasSignedOutElsewhere: boolean;
}

export const STORAGE_KEY = 'image-editor:account';
/** The access cookie is renewed this long before it ends, in ms: clocks differ and requests take time. */
export const REFRESH_MARGIN = 30_000;

/** Keeps the access cookie fresh, over all tabs of this browser together. */
export class SessionManager {
  readonly store = createStore<Session>(() => ({ account: null, wasSignedOutElsewhere: false }));

  constructor(
    private readonly storage: Storage,
    private readonly fetch: typeof globalThis.fetch,
    private readonly exclusively: (task: () => Promise<void>) => Promise<void>,
    private readonly now: () => number,
  ) {
    this.store.setState({ account: this.read() });
  }

  /** Takes over that another tab has signed in, renewed the cookie or signed out. */
  synchronise(): void {
    const account = this.read();
    const before = this.store.getState().account;
    if (account !== null) {
      this.store.setState({ account, wasSignedOutElsewhere: false });
    } else if (before !== null) {
      this.store.setState({ account: null, wasSignedOutElsewhere: true });
    }
  }

  /** Records that the person has signed in. */
  signIn(account: Account): void {
    this.storage.setItem(STORAGE_KEY, JSON.stringify(account));
    this.store.setState({ account, wasSignedOutElsewhere: false });
  }

  /** Records that the person has signed out on this page. */
  signOut(): void {
    this.storage.removeItem(STORAGE_KEY);
    this.store.setState({ account: null, wasSignedOutElsewhere: false });
  }

  /** Closes the notice that the person was signed out elsewhere. */
  dismissSignOutNotice(): void {
    this.store.setState({ wasSignedOutElsewhere: false });
  }

  /** Has the next request renew the access cookie first: it may be gone. */
  markStale(): void {
    const account = this.store.getState().account;
    if (account !== null && account.expiresAt !== 0) {
      this.signIn({ ...account, expiresAt: 0 });
    }
  }

  /**
   * Renews the access cookie when its end is near, so that a request does not become anonymous unnoticed.
   * @throws {Problem} the server cannot be asked at the moment
   */
  async ensureFresh(): Promise<void> {
    const account = this.store.getState().account;
    if (account !== null && account.expiresAt - this.now() < REFRESH_MARGIN) {
      await this.refresh(account.expiresAt);
    }
  }

  /**
   * Renews the access cookie once, even when several tabs ask for it at the same time.
   * @param seen when the cookie ends that the caller wants renewed, in ms since 1970
   * @returns whether the person is signed in afterwards
   * @throws {Problem} the server cannot be asked at the moment
   */
  async refresh(seen: number): Promise<boolean> {
    await this.exclusively(async () => {
      const account = this.read();
      if (account === null || account.expiresAt !== seen) {
        // Another tab has renewed it in the meantime, or signed out.
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
        // Whoever signed out in the meantime stays signed out.
        if (this.read() !== null) {
          this.signIn({ ...account, expiresAt: this.now() + expiresIn * 1000 });
        }
      } else if ([400, 401, 403].includes(response.status)) {
        this.storage.removeItem(STORAGE_KEY);
        this.store.setState({ account: null, wasSignedOutElsewhere: true });
      } else {
        throw await readProblem(response);
      }
    });
    this.synchronise();
    return this.store.getState().account !== null;
  }

  private read(): Account | null {
    try {
      const value = JSON.parse(this.storage.getItem(STORAGE_KEY) ?? 'null') as Account | null;
      return typeof value?.email === 'string' && typeof value.expiresAt === 'number' ? value : null;
    } catch {
      // Not written by this version of the app: as if nobody were signed in.
      return null;
    }
  }
}

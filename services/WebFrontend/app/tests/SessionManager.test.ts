import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Account, SessionManager } from '../src/session/SessionManager';
import { json } from './fakes';

const KEY = 'image-editor:account';
const NOW = 1_000_000;
const ann: Account = { id: '1', email: 'ann@example.org', expiresAt: NOW + 10_000 };

/** A browser: what its tabs share. */
class Browser {
  readonly storage = memory();
  readonly fetch = vi.fn<typeof globalThis.fetch>(async () => json(200, { expiresIn: 300 }));
  private queue: Promise<void> = Promise.resolve();

  /** One task at a time, over all tabs. */
  exclusively = (task: () => Promise<void>): Promise<void> => {
    const done = this.queue.then(task);
    this.queue = done.catch(() => undefined);
    return done;
  };

  tab(): SessionManager {
    return new SessionManager(this.storage, this.fetch, this.exclusively, () => NOW);
  }
}

function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as Storage;
}

let browser: Browser;

beforeEach(() => {
  browser = new Browser();
});

describe('refresh', () => {
  beforeEach(() => browser.storage.setItem(KEY, JSON.stringify(ann)));

  test('OfTwoTabsAtOnce_IsOneRequest', async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    expect(await Promise.all([first.refresh(ann.expiresAt), second.refresh(ann.expiresAt)])).toEqual([true, true]);
    expect(browser.fetch).toHaveBeenCalledTimes(1);
    expect(second.store.getState().account?.expiresAt).toBe(NOW + 300_000);
  });

  test('SignedOutMeanwhile_StaysSignedOut', async () => {
    browser.fetch.mockImplementation(async () => {
      browser.storage.removeItem(KEY);
      return json(200, { expiresIn: 300 });
    });
    const tab = browser.tab();
    expect(await tab.refresh(ann.expiresAt)).toBe(false);
    expect(browser.storage.getItem(KEY)).toBeNull();
  });

  test('SessionEndedElsewhere_SaysSoInEveryTab', async () => {
    browser.fetch.mockResolvedValue(json(401, { type: 'urn:image-editor:problem:invalid-token' }));
    const [first, second] = [browser.tab(), browser.tab()];
    expect(await first.refresh(ann.expiresAt)).toBe(false);
    second.synchronise();
    for (const { store } of [first, second]) {
      expect(store.getState()).toEqual({ account: null, wasSignedOutElsewhere: true });
    }
    expect(browser.storage.getItem(KEY)).toBeNull();
  });

  test.each([
    ['the service is away', async () => json(503, { type: 'urn:image-editor:problem:unavailable' }, { 'Retry-After': '2' }), 'unavailable'],
    ['the network is gone', async () => { throw new TypeError('network'); }, 'network'],
  ])('While %s_KeepsTheSession', async (_, answer, type) => {
    browser.fetch.mockImplementation(answer);
    const tab = browser.tab();
    await expect(tab.refresh(ann.expiresAt)).rejects.toMatchObject({ type });
    expect(tab.store.getState().account).toEqual(ann);
  });

  test('AfterAnotherTabSignedOut_AsksNobody', async () => {
    const tab = browser.tab();
    browser.storage.removeItem(KEY);
    expect(await tab.refresh(ann.expiresAt)).toBe(false);
    expect(browser.fetch).not.toHaveBeenCalled();
  });
});

describe('markStale', () => {
  test('OfAFreshCookie_RenewsItBeforeTheNextRequest', async () => {
    browser.storage.setItem(KEY, JSON.stringify({ ...ann, expiresAt: NOW + 300_000 }));
    const tab = browser.tab();
    await tab.ensureFresh();
    expect(browser.fetch).not.toHaveBeenCalled();
    tab.markStale();
    await tab.ensureFresh();
    expect(browser.fetch).toHaveBeenCalledTimes(1);
  });

  test('WhileNobodyIsSignedIn_ChangesNothing', () => {
    const tab = browser.tab();
    tab.markStale();
    expect(tab.store.getState().account).toBeNull();
    expect(browser.storage.getItem(KEY)).toBeNull();
  });
});

describe('ensureFresh', () => {
  test('NearTheEnd_Renews', async () => {
    browser.storage.setItem(KEY, JSON.stringify(ann));
    await browser.tab().ensureFresh();
    expect(browser.fetch).toHaveBeenCalledWith('/api/auth/refresh', expect.objectContaining({ method: 'POST' }));
  });

  test('LongBeforeTheEnd_DoesNothing', async () => {
    browser.storage.setItem(KEY, JSON.stringify({ ...ann, expiresAt: NOW + 200_000 }));
    await browser.tab().ensureFresh();
    expect(browser.fetch).not.toHaveBeenCalled();
  });

  test('NobodySignedIn_DoesNothing', async () => {
    await browser.tab().ensureFresh();
    expect(browser.fetch).not.toHaveBeenCalled();
  });
});

describe('what is kept', () => {
  test('SignOut_OnThisPage_IsNoNotice', () => {
    const tab = browser.tab();
    tab.signIn(ann);
    tab.signOut();
    expect(tab.store.getState()).toEqual({ account: null, wasSignedOutElsewhere: false });
  });

  test('SignInElsewhere_IsTakenOver', () => {
    const [first, second] = [browser.tab(), browser.tab()];
    first.signIn(ann);
    second.synchronise();
    expect(second.store.getState().account).toEqual(ann);
  });

  test.each(['{', '7', 'null', '{"email":1}', '{"email":"a"}'])('Nonsense %s_IsNobody', (text) => {
    browser.storage.setItem(KEY, text);
    expect(browser.tab().store.getState().account).toBeNull();
  });
});

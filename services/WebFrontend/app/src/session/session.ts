import { REFRESH_MARGIN, SessionManager, STORAGE_KEY } from './SessionManager';

const LOCK = 'image-editor:refresh';

/** The session of this browser. */
export const session = new SessionManager(
  localStorage,
  (...request) => fetch(...request),
  async (task) => {
    await ('locks' in navigator ? navigator.locks.request(LOCK, task) : task());
  },
  Date.now);

/**
 * Follows other tabs, and keeps the access cookie fresh while the page is visible: the browser fetches pictures itself, without this app's
 * client.
 */
export function startSession(): void {
  addEventListener('storage', (event) => {
    if (event.key === STORAGE_KEY || event.key === null) {
      session.synchronise();
    }
  });
  const refreshWhileVisible = () => {
    if (document.visibilityState === 'visible') {
      // The next request meets the same problem and shows it.
      session.ensureFresh().catch(() => undefined);
    }
  };
  setInterval(refreshWhileVisible, REFRESH_MARGIN / 2);
  document.addEventListener('visibilitychange', refreshWhileVisible);
  refreshWhileVisible();
}

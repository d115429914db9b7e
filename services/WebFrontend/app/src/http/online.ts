import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

/** While the browser reports no network, the server is asked again after this time, in ms. */
const CHECK_INTERVAL = 3000;

/**
 * Believes the browser that there is no network only when the server does not answer either: a browser on the server's own machine reaches
 * it without one. Until then no request waits.
 */
export function watchNetwork(): void {
  onlineManager.setEventListener((setOnline) => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function checkNow() {
      const isReachable = navigator.onLine || await isServerReachable();
      if (end.signal.aborted) {
        return;
      }
      // The network may have come back while the server was asked.
      setOnline(isReachable || navigator.onLine);
      clearTimeout(timer);
      timer = navigator.onLine ? undefined : setTimeout(() => void checkNow(), CHECK_INTERVAL);
    }
    addEventListener('online', () => void checkNow(), { signal: end.signal });
    addEventListener('offline', () => void checkNow(), { signal: end.signal });
    void checkNow();
    return () => {
      end.abort();
      clearTimeout(timer);
    };
  });
}

/** Whether the server can be reached, as far as is known. */
export function useOnline(): boolean {
  return useSyncExternalStore((changed) => onlineManager.subscribe(changed), () => onlineManager.isOnline());
}

/** Any answer counts, an error, too. A missing answer is not reported here: the page shows that it is offline. */
function isServerReachable(): Promise<boolean> {
  return fetch('/favicon.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(CHECK_INTERVAL) })
    .then(() => true, () => false);
}

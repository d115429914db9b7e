import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

/** How long, in milliseconds, until the server is asked again while the browser has no network. */
const INTERVAL = 3000;

/**
 * Takes the browser's word that there is no network only when the server does not answer either: on the machine that the server runs on,
 * it does. Until then nothing is put off.
 */
export function watchNetwork(): void {
  onlineManager.setEventListener((setOnline) => {
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function look() {
      const answered = navigator.onLine || await serverAnswers();
      if (end.signal.aborted) {
        return;
      }
      // The network may have come back while the server was asked.
      setOnline(answered || navigator.onLine);
      clearTimeout(timer);
      timer = navigator.onLine ? undefined : setTimeout(() => void look(), INTERVAL);
    }
    addEventListener('online', () => void look(), { signal: end.signal });
    addEventListener('offline', () => void look(), { signal: end.signal });
    void look();
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

/** Any answer will do, an error's, too. None is no fault to report here: it is what was asked, and the page says so. */
function serverAnswers(): Promise<boolean> {
  return fetch('/favicon.svg', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(INTERVAL) }).then(() => true, () => false);
}

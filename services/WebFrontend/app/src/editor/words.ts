import { extensionOf } from '../pictures/formats';
import type { RunState } from './workspace';

/** How a conversion stands, in a few words. */
export function describeRun(state: RunState): string {
  switch (state.phase) {
    case 'sending':
      return 'Sending';
    case 'waiting':
      return state.problem.title;
    case 'queued':
      return state.position === null || state.position <= 1 ? 'Next in the queue' : `Number ${state.position} in the queue`;
    case 'running':
      return state.progress === null ? 'Converting' : `Converting, ${Math.floor(state.progress * 100)} %`;
    case 'fetching':
      return 'Fetching the result';
  }
}

/** How far a conversion is, from 0 to 1; null when there is no telling. */
export function progressOf(state: RunState): number | null {
  return state.phase === 'running' ? state.progress : state.phase === 'fetching' ? 1 : null;
}

/** Such as "1.4 MB". */
export function describeBytes(bytes: number): string {
  return bytes < 999_500 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Names a result after the picture it was made from and the converter, such as "cat-contrast.png". */
export function resultName(name: string, converter: string, type: string): string {
  const base = name.replace(/\.[^.]*$/, '') || 'picture';
  return `${base}-${converter}.${extensionOf(type)}`;
}

/** What a converter found, as pairs to show; nothing where it found nothing that can be shown. */
export function describeFindings(json: string | null): [string, string][] {
  try {
    const findings: unknown = JSON.parse(json ?? 'null');
    return findings !== null && typeof findings === 'object' && !Array.isArray(findings)
      ? Object.entries(findings).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)])
      : [];
  } catch {
    // Findings are an extra: a result is shown without them.
    return [];
  }
}

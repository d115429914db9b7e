import { extensionOf } from '../pictures/formats';

/** Names a result after the picture it was made from and the converter, such as "cat-contrast.png". */
export function resultName(name: string, converter: string, type: string): string {
  const base = name.replace(/\.[^.]*$/, '') || 'picture';
  return `${base}-${converter}.${extensionOf(type)}`;
}

/** What a converter found, as names and values to show; empty when there is nothing to show. */
export function describeFindings(json: string | null): [string, string][] {
  try {
    const findings: unknown = JSON.parse(json ?? 'null');
    return findings !== null && typeof findings === 'object' && !Array.isArray(findings)
      ? Object.entries(findings).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)])
      : [];
  } catch {
    // A result is shown without its findings when they cannot be read.
    return [];
  }
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeLocks, json } from './fakes';

const KEY = 'image-editor:account';

/** The client of a page that somebody is signed in to, and what its server answers by path. */
async function signedIn(answers: Record<string, () => Response>) {
  localStorage.setItem(KEY, JSON.stringify({ id: '1', email: 'ann@example.org', expiresAt: Date.now() + 300_000 }));
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | string) => {
    const path = typeof input === 'string' ? input : new URL(input.url).pathname;
    asked.push(path);
    return answers[path]!();
  });
  vi.resetModules();
  const [{ send }, { session }, { readJobState }] = await Promise.all([
    import('../src/http/client'), import('../src/session/session'), import('../src/jobs/jobsApi')]);
  return { send, session, readJobState, asked };
}

const refused = () => json(401, { type: 'urn:image-editor:problem:invalid-token' });

beforeEach(() => {
  localStorage.clear();
  fakeLocks();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a session that ended in the middle of a batch', () => {
  test('send_IsSentAgainAsNobodysAndSaysSo', async () => {
    const answers = [refused, () => json(202, { jobId: 'p0-1' })];
    const { send, session, asked } = await signedIn({ '/api/conversions': () => answers.shift()!(), '/api/auth/refresh': refused });
    const response = await send(new Request(new URL('/api/conversions', location.origin), { method: 'POST', body: 'picture' }));
    expect(response.status).toBe(202);
    expect(asked).toEqual(['/api/conversions', '/api/auth/refresh', '/api/conversions']);
    expect(session.store.getState()).toEqual({ account: null, wasSignedOutElsewhere: true });
  });

  test('send_WithAWrongPassword_IsNotSentAgain', async () => {
    const { send, session, asked } = await signedIn({
      '/api/auth/password': () => json(401, { type: 'urn:image-editor:problem:wrong-credentials' }),
    });
    const response = await send(new Request(new URL('/api/auth/password', location.origin), { method: 'POST', body: '{}' }));
    expect(response.status).toBe(401);
    expect(asked).toEqual(['/api/auth/password']);
    expect(session.store.getState().account).not.toBeNull();
  });
});

describe('a poll whose cookie is refused', () => {
  test('TheNextRequestRenewsItFirst', async () => {
    const { send, readJobState, asked } = await signedIn({
      '/api/jobs/p0-1': refused,
      '/api/auth/refresh': () => json(200, { expiresIn: 300 }),
      '/api/conversions': () => json(202, { jobId: 'p0-2' }),
    });
    expect(await readJobState('p0-1', (request) => fetch(request))).toBeNull();
    await send(new Request(new URL('/api/conversions', location.origin), { method: 'POST', body: 'picture' }));
    expect(asked).toEqual(['/api/jobs/p0-1', '/api/auth/refresh', '/api/conversions']);
  });
});

import createClient from 'openapi-fetch';
import type { paths as AccountPaths } from './generated/auth-manager';
import type { paths as ConversionPaths } from './generated/conversion-manager';
import type { paths as JobPaths } from './generated/job-manager';
import type { paths as GalleryPaths } from './generated/storage-manager';
import { networkProblem, type Problem, readProblem } from './problem';
import { session } from './session';

/**
 * Sends a request as whoever is signed in: renews the access cookie before it ends, and once more when the server says that it did.
 * Throws the problem when there is no answer.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  await session.ensureFresh();
  const response = await reach(request);
  return response.status === 401 && (await renew(await readProblem(response.clone()))) ? reach(again) : response;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : networkProblem();
  }
}

/** Renews the access cookie after a refusal, where that may help. A wrong password is 401, too, and no reason to renew anything. */
async function renew({ type }: Problem): Promise<boolean> {
  const { account } = session.store.getState();
  if (account === null) {
    // The refusal has taken a stale cookie away.
    return type === 'invalid-token';
  }
  return type !== 'wrong-credentials' && session.refresh(account.expiresAt);
}

/** The typed API. Each call answers its data, or throws the problem. */
export const api = createClient<ConversionPaths & JobPaths & AccountPaths & GalleryPaths>({ baseUrl: location.origin, fetch: send });

api.use({
  async onResponse({ response }) {
    if (!response.ok) {
      throw await readProblem(response);
    }
  },
});

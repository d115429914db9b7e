import createClient from 'openapi-fetch';
import { networkProblem, type Problem, readProblem } from '../problems/problem';
import { session } from '../session/session';
import type { paths as AccountPaths } from './generated/auth-manager';
import type { paths as ConversionPaths } from './generated/conversion-manager';
import type { paths as JobPaths } from './generated/job-manager';
import type { paths as GalleryPaths } from './generated/storage-manager';

/**
 * Sends a request with the session's cookie: renews the cookie before it ends, and once more when the server says that it has ended.
 * @throws {Problem} no answer came
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  await session.ensureFresh();
  const response = await fetchOrNetworkProblem(request);
  const sendsAgain = response.status === 401 && (await retryAfterRefresh(await readProblem(response.clone())));
  return sendsAgain ? fetchOrNetworkProblem(again) : response;
}

async function fetchOrNetworkProblem(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw request.signal.aborted ? error : networkProblem();
  }
}

/**
 * Renews the access cookie after a 401, and returns whether sending the request again may help. A wrong password is a 401, too, and needs
 * no renewal. When the session has ended, the request is sent again as nobody's, as those after it will be: the page says so.
 */
async function retryAfterRefresh({ type }: Problem): Promise<boolean> {
  const { account } = session.store.getState();
  if (account === null) {
    // The refusal has removed a stale cookie.
    return type === 'invalid-token';
  }
  if (type === 'wrong-credentials') {
    return false;
  }
  await session.refresh(account.expiresAt);
  return true;
}

/** The typed API. Each call returns its data, or throws the problem. */
export const api = createClient<ConversionPaths & JobPaths & AccountPaths & GalleryPaths>({ baseUrl: location.origin, fetch: send });

api.use({
  async onResponse({ response }) {
    if (!response.ok) {
      throw await readProblem(response);
    }
  },
});

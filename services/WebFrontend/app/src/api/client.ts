import createClient from 'openapi-fetch';
import type { paths as ConversionPaths } from './generated/conversion-manager';
import type { paths as JobPaths } from './generated/job-manager';
import { networkProblem, readProblem } from './problem';
import { session } from './session';

/** Sends a request as whoever is signed in: renews the access cookie before it ends, and once more when the server says that it did. */
export async function send(request: Request): Promise<Response> {
  await session.ensureFresh();
  const again = session.store.getState().account === null ? null : request.clone();
  const response = await fetch(request).catch((error: unknown) => {
    if (request.signal.aborted) {
      throw error;
    }
    throw networkProblem();
  });
  const account = session.store.getState().account;
  if (response.status === 401 && account !== null && again !== null && (await session.refresh(account.expiresAt))) {
    return fetch(again);
  }
  return response;
}

/** The typed API. Each call answers its data, or throws the problem. */
export const api = createClient<ConversionPaths & JobPaths>({ baseUrl: location.origin, fetch: send });

api.use({
  async onResponse({ response }) {
    if (!response.ok) {
      throw await readProblem(response);
    }
  },
});

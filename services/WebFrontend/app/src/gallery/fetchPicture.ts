import { send } from '../http/client';
import { readProblem } from '../problems/problem';

/**
 * Fetches an image of the gallery.
 * @throws {Problem} the server does not answer, or refuses
 */
export async function fetchPicture(url: string): Promise<Blob> {
  const response = await send(new Request(new URL(url, location.origin)));
  if (!response.ok) {
    throw await readProblem(response);
  }
  return response.blob();
}

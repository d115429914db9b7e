import { send } from '../http/client';
import type { GalleryItem } from '../http/types';
import { extensionOf } from '../pictures/formats';
import { readProblem } from '../problems/problem';

/** Saves the results of some pictures: one as it is, several as a zip file that is packed here. */
export async function downloadPictures(items: GalleryItem[]): Promise<void> {
  if (items.length === 1) {
    save(`${items[0]!.converted.url}?download=1`, '');
    return;
  }
  const { zip } = await import('fflate');
  const files: Record<string, Uint8Array> = {};
  // One after the other: a hundred at once would be a hundred pictures in flight.
  for (const item of items) {
    files[nameOf(item)] = await fetchBytes(item.converted.url);
  }
  // Pictures are compressed already.
  const packed = await new Promise<Uint8Array>((resolve, reject) => zip(files, { level: 0 }, (error, data) => (error ? reject(error) : resolve(data))));
  const url = URL.createObjectURL(new Blob([packed as Uint8Array<ArrayBuffer>], { type: 'application/zip' }));
  save(url, 'pictures.zip');
  // The browser has taken the file over by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await send(new Request(new URL(url, location.origin)));
  if (!response.ok) {
    throw await readProblem(response);
  }
  return new Uint8Array(await response.arrayBuffer());
}

function save(url: string, name: string): void {
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
}

function nameOf({ createdAt, converter, id, converted: { type } }: GalleryItem): string {
  return `${createdAt.slice(0, 10)}-${converter}-${id.slice(0, 8)}.${extensionOf(type)}`;
}

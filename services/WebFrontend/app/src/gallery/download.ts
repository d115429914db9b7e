import type { GalleryItem } from '../http/types';
import { extensionOf } from '../pictures/formats';
import { fetchPicture } from './fetchPicture';

/** Downloads the results of some pictures: one as it is, several as a zip file that the page packs. */
export async function downloadPictures(items: GalleryItem[]): Promise<void> {
  if (items.length === 1) {
    startDownload(`${items[0]!.converted.url}?download=1`, '');
    return;
  }
  const { zip } = await import('fflate');
  const files: Record<string, Uint8Array> = {};
  // One after the other, so that a hundred pictures are not in transit at once.
  for (const item of items) {
    files[fileNameOf(item)] = new Uint8Array(await (await fetchPicture(item.converted.url)).arrayBuffer());
  }
  // Pictures are compressed already.
  const packed = await new Promise<Uint8Array>((resolve, reject) =>
    zip(files, { level: 0 }, (error, data) => (error ? reject(error) : resolve(data))));
  const url = URL.createObjectURL(new Blob([packed as Uint8Array<ArrayBuffer>], { type: 'application/zip' }));
  startDownload(url, 'pictures.zip');
  // The browser has read the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function startDownload(url: string, name: string): void {
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
}

function fileNameOf({ createdAt, converter, id, converted: { type } }: GalleryItem): string {
  return `${createdAt.slice(0, 10)}-${converter}-${id.slice(0, 8)}.${extensionOf(type)}`;
}

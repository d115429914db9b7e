interface Format {
  mediaType: string;
  /** For people. */
  name: string;
  /** Of files, without the dot. */
  extension: string;
}

/** The formats that converters read and write. */
const FORMATS: readonly Format[] = [
  { mediaType: 'image/jpeg', name: 'JPEG', extension: 'jpg' },
  { mediaType: 'image/png', name: 'PNG', extension: 'png' },
  { mediaType: 'image/webp', name: 'WebP', extension: 'webp' },
  { mediaType: 'image/gif', name: 'GIF', extension: 'gif' },
  { mediaType: 'image/avif', name: 'AVIF', extension: 'avif' },
  { mediaType: 'image/tiff', name: 'TIFF', extension: 'tif' },
];

/** Not every system knows the media type of these files. */
const TIFF_FILES = '.tif,.tiff';

/** The "accept" of a file input for pictures in these formats. */
export const ACCEPTED_FORMATS = `${FORMATS.map(({ mediaType }) => mediaType).join()},${TIFF_FILES}`;

/** The "accept" of a file input for pictures in any format. */
export const ACCEPTED_PICTURES = `image/*,${TIFF_FILES}`;

/** Whether a file may be a picture, as far as its media type tells. */
export function mayBePicture({ type }: File): boolean {
  return type === '' || type.startsWith('image/');
}

/** A media type's name for people, such as "JPEG". */
export function formatName(mediaType: string): string {
  return find(mediaType)?.name ?? (subtypeOf(mediaType).toUpperCase() || 'Unknown format');
}

/** The name for people of the format that a setting calls "jpeg"; null when the setting's value is no format. */
export function formatNameOfValue(value: string): string | null {
  return find(`image/${value}`)?.name ?? null;
}

/** What a file of a media type ends with, such as "jpg". */
export function extensionOf(mediaType: string): string {
  return find(mediaType)?.extension ?? subtypeOf(mediaType);
}

/** All formats, such as "JPEG, PNG or TIFF". */
export function listFormats(conjunction: 'and' | 'or'): string {
  const names = FORMATS.map(({ name }) => name);
  return `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}

function find(mediaType: string): Format | undefined {
  return FORMATS.find((format) => format.mediaType === mediaType);
}

function subtypeOf(mediaType: string): string {
  return mediaType.replace(/^image\//, '');
}

// What libvips and its decoders say of a file that they do not read, and what it means for its owner. They say it to the whole process: of two files
// that fail at once, one may get the other's message. Kinds that a container tells are therefore refused before they are decoded.
import { formats } from './formats.js';
import { Problem, problems } from '../Converters.Node/problems.js';

export const damaged = 'ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.';
export const ofSizes = 'has pages of different sizes, which cannot be converted together. Send each page as a file of its own.';
export const ofPages = 'has pages of different kinds (bits, channels or colours), which cannot be converted together. Send each page as a file of its own.';
export const ofCompression = 'is compressed in a way that is not read here. Save it anew with another compression, such as LZW or Deflate.';
export const ofJpegProcess = 'is of a rare kind of JPEG (lossless, hierarchical or arithmetic-coded), which is not read here. Save it as a usual JPEG.';
export const ofJpegDepth = 'has other than 8 bits per sample, which are not read in a JPEG. Save it as a JPEG of 8 bits, or as a PNG or TIFF of 16.';
const ofDepth = 'has a number of bits per sample that is not read here; 8 and 16 are. Save it with one of these.';
export const ofLayout = 'stores its colours in a way that is not read here. Save it as grey, RGB or CMYK of 8 or 16 bits.';
export const ofFeature = 'uses a feature of its format that is not read here. Save it anew, as a plain picture of 8 bits.';
export const ofSize = 'takes more memory or more parts to decode than are given to one picture. Save it anew, as a plain picture.';

/** Those of libvips 8.18 and of the versions around it; the first that fits counts. */
const meanings = [
  [/not all the same size|not all pages are the same size|differs from page/, ofSizes],
  [/JPEG data precision/, ofJpegDepth],
  [/SOF type|rithmetic|omitted at compile time/, ofJpegProcess],
  [/is not configured|coding is not implemented|ompression scheme/, ofCompression],
  [/not a whole number of bytes|bits per sample|unsupported tiff image type/, ofDepth],
  [/photometric interpretation|samples per pixel|subsampled images|separate planes|log-?luv|labq|can not handle|samples out of range|unsupported color type/i, ofLayout],
  [/nsupported (feature|codec|color conversion|image type)/, ofFeature],
  [/ecurity limit|tile size out of range/, ofSize],
];

/** 422, with the reason. */
export function explain(format, error) {
  if (error instanceof Problem) {
    return error;
  }

  const meaning = meanings.find(([pattern]) => pattern.test(error.message))?.[1] ?? damaged;
  const refusal = refuse(format, meaning);

  // Who looks for what went wrong inside, such as memory that ran out, finds it.
  refusal.cause = error;
  return refusal;
}

/** 422, for what a container says. */
export const refuse = (format, meaning) => problems.notDecodable(`The ${formats[format].title} file ${meaning}`);

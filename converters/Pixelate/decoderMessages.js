// What libvips and its decoders say of a file that they do not read, and what it means for its owner. They say it to the whole process: of two files
// that fail at once, one may get the other's message. Kinds that a container tells are therefore refused before they are decoded.
import { formats } from './formats.js';
import { Problem, problems } from '../Converters.Node/problems.js';
import { damaged, ofCompression, ofDepth, ofFeature, ofJpegDepth, ofJpegProcess, ofLayout, ofSize, ofSizes } from '../Converters.Node/unreadKinds.js';

export * from '../Converters.Node/unreadKinds.js';

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

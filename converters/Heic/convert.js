// From the bytes of a HEIC file to a PNG, or a JPEG.
import sharp from 'sharp';
import { originalText } from '../Converters.Node/original.js';
import { withProfile } from '../Converters.Node/pngChunks.js';
import { problems, tooLargeForSteps } from '../Converters.Node/problems.js';
import { settings } from '../Converters.Node/settings.js';
import { damaged, ofFeature, ofSize } from '../Converters.Node/unreadKinds.js';
import { readPicture, refuse } from './container/picture.js';
import { DecodingError } from './decoding/decode.js';
import { decodeInThread } from './decoding/decoders.js';

// Only the loader of what is made here; one thread per request, and nothing remembered: every request is another picture.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadPng'] });
sharp.concurrency(1);
sharp.cache(false);

/** Where decoding ends, as a part of the whole. */
const decoded = 0.6;

/** What libheif says of files that it does not decode; the first that fits counts. It takes some wrong sizes for memory that it does not get. */
const meanings = [
  [/: Invalid/, damaged],
  [/nsupported|not supported|no decoding plugin/i, ofFeature],
  [/ecurity limit|memory|exceed/i, ofSize],
];

/**
 * @param {Buffer} file The picture.
 * @param {{ format: 'png' | 'jpeg', side?: number }} parameters
 * @param {(progress: number) => void} report
 * @param {AbortSignal} signal Ends the decoding at once; of encoding a stage ends first.
 */
export async function convert(file, { format, side }, report, signal) {
  const picture = readPicture(file);
  const pixels = await decodeInThread(withoutTransforms(file, picture), { ...picture, maxPixels: settings.maxPixels }, signal).catch(error => {
    stopIfOver();
    throw explain(error);
  });
  report(decoded);
  const result = await (format === 'jpeg' ? toJpeg : toPng)(pixels, { ...picture, side });
  stopIfOver();

  // As a PNG it is on its way to the first step that was asked for.
  if (format === 'png' && result.length > settings.maxStepBytes) {
    throw tooLargeForSteps(settings.maxStepBytes);
  }

  if (format === 'jpeg' && result.length > settings.maxResultBytes) {
    throw problems.tooLarge(`The result would have more than ${settings.maxResultBytes >> 20} MB. Send a smaller picture.`);
  }

  return { file: result, mediaType: `image/${format}`, original: original(picture) };

  function stopIfOver() {
    if (signal.reason?.name === 'TimeoutError') {
      throw problems.timeLimit(`The conversion took longer than ${settings.timeLimit / 1000} s. Send a smaller picture.`);
    }

    signal.throwIfAborted();
  }
}

/** What the result of a recipe is to be like that begins with such a picture: a JPEG, and with alpha a PNG, for browsers show no HEIC. */
const original = ({ bits, hasAlpha, hasFullChroma }) => originalText(hasAlpha
  ? { format: 'png', bits: bits > 8 ? 16 : 8, isLossless: true, hasFullChroma: true }
  : { format: 'jpeg', bits: 8, isLossless: false, hasFullChroma });

/** A copy whose items have no turns and cuts. */
function withoutTransforms(file, { transforms }) {
  const copy = Buffer.from(file);
  transforms.forEach(({ from, to }) => copy.fill(0, from, to));
  return copy;
}

/** 422, with the reason; what is no fault of the file's stays as it is. */
function explain(error) {
  if (!(error instanceof DecodingError)) {
    return error;
  }

  const refusal = refuse(meanings.find(([pattern]) => pattern.test(error.message))?.[1] ?? damaged);
  refusal.cause = error;
  return refusal;
}

async function toPng(pixels, { profile, side }, compressionLevel = 1) {
  const { values, width, height, channels } = pixels;
  const isDeep = values.BYTES_PER_ELEMENT === 2;
  const whole = sharp(values, { raw: { width, height, channels }, limitInputPixels: false });
  const png = await (side ? whole.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }) : whole)
    .toColourspace(channels < 3 ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb')
    .png({ compressionLevel })
    .toBuffer();
  return profile ? withProfile(png, profile) : png;
}

async function toJpeg(pixels, picture) {
  return sharp(await toPng(pixels, picture, 0), { limitInputPixels: false, ignoreIcc: true })
    .keepIccProfile()
    .toColourspace(picture.isGrey ? 'b-w' : 'srgb')
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 90, chromaSubsampling: picture.hasFullChroma ? '4:4:4' : '4:2:0' })
    .toBuffer();
}

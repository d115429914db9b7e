// From the bytes of the input to the bytes of the result.
import { crc32, deflateSync } from 'node:zlib';
import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import { formats, identify, isLosslessWebp } from './formats.js';
import { blockMeans, enlarged } from './pixelate.js';
import { Problem, problems } from './problems.js';
import { settings } from './settings.js';

// Only the loaders of the formats that are read; one thread per request, and nothing remembered: every request is another picture.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map(format => `VipsForeignLoad${format}`) });
sharp.concurrency(1);
sharp.cache(false);

/** Where the stages of the work end, as parts of the whole. */
const decoded = 0.4;
const computed = 0.7;

/**
 * @param {Buffer} file The picture.
 * @param {{ size: number, format?: string }} parameters
 * @param {(progress: number) => void} report
 * @param {AbortSignal} signal Ends the work: a native stage ends first, for sharp cannot be interrupted.
 */
export async function convert(file, { size, format }, report, signal) {
  const source = await open(file);
  const output = format ?? source.format;
  const frames = formats[output].holdsFrames ? source.frames : 1;
  const keepsProfile = source.profile !== null && (!source.isGrey || formats[output].holdsGreyProfile === true);
  const pixels = await decode(file, source, frames, keepsProfile);
  await goOn(decoded);
  const blocks = await blockMeans(pixels.values, pixels, size, part => goOn(decoded + (computed - decoded) * part));
  await goOn(computed);
  const result = await encode(blocks, pixels, size, output, source, keepsProfile ? source.profile : null).catch(error => { stopIfOver(); throw error; });
  stopIfOver();
  if (result.length > settings.maxResultBytes) {
    throw problems.tooLarge(`The result would have more than ${settings.maxResultBytes >> 20} MB. Send a smaller picture, or ask for a smaller file with format=jpeg, webp or avif.`);
  }

  return { file: result, mediaType: formats[output].mediaType };

  async function goOn(progress) {
    report(progress);
    await nextTurn();
    stopIfOver();
  }

  function stopIfOver() {
    if (signal.reason?.name === 'TimeoutError') {
      throw problems.timeLimit(`The conversion took longer than ${settings.timeLimit / 1000} s. Send a smaller picture.`);
    }

    signal.throwIfAborted();
  }
}

const options = { failOn: 'error', limitInputPixels: false };

/** What the header says of a picture, once it is known to be within limits. */
async function open(file) {
  const format = identify(file);
  const header = await sharp(file, options).metadata().catch(error => { throw notDecodable(format, error); });
  const frames = formats[format].holdsFrames ? header.pages ?? 1 : 1;
  checkLimits(header.width, header.pageHeight ?? header.height, frames);
  const isCmyk = header.space === 'cmyk';
  const isFloating = ['lab', 'labs', 'scrgb'].includes(header.space);
  if (!(isFloating || (['uchar', 'ushort'].includes(header.depth) && ['b-w', 'srgb', 'grey16', 'rgb16', 'cmyk'].includes(header.space)))) {
    throw problems.notDecodable(
      `The ${formats[format].title} file has ${header.channels} channels of type ${header.depth}; grey, RGB and CMYK of 8 or 16 bits are read. Export it as one of these.`);
  }

  const isGrey = header.channels < 3;
  return {
    format,
    frames,
    isGrey,
    isCmyk,
    isDeep: isFloating || header.depth === 'ushort',
    bits: header.bitsPerSample ?? 16,
    isTurned: (header.orientation ?? 1) > 1,
    isLossless: format === 'webp' && isLosslessWebp(file),
    hasFullChroma: format !== 'jpeg' || header.chromaSubsampling === '4:4:4',
    profile: !isCmyk && isProfileOf(isGrey ? 'GRAY' : 'RGB ', header.icc) ? header.icc : null,
    delay: header.delay,
    loop: header.loop,
  };
}

function checkLimits(width, height, frames) {
  const say = number => number.toLocaleString('en-US');
  if (frames > settings.maxFrames) {
    throw problems.tooManyFrames(`The picture has ${say(frames)} frames or pages; at most ${say(settings.maxFrames)} are taken. Send fewer of them.`);
  }

  if (Math.max(width, height) > settings.maxSide) {
    throw problems.sideTooLong(`The picture has ${say(width)} × ${say(height)} pixels; a side may have at most ${say(settings.maxSide)}. Send a cropped or smaller one.`);
  }

  if (width * height * frames > settings.maxPixels) {
    throw problems.tooManyPixels(
      `The picture has ${say(width * height * frames)} pixels in ${say(frames)} frame(s); at most ${say(settings.maxPixels)} are taken, all frames together. Send a smaller one.`);
  }
}

/** A profile that is broken or belongs to another colour space is none (ICC.1:2010, section 7.2). */
function isProfileOf(space, profile) {
  return profile !== undefined && profile.length >= 128 && profile.toString('latin1', 16, 20) === space && profile.toString('latin1', 36, 40) === 'acsp';
}

/** All pixels, upright; in the file's own colours where its profile stays with the result, else in sRGB. */
async function decode(file, source, frames, keepsProfile) {
  const depth = source.isDeep ? 'ushort' : 'uchar';
  const space = source.isDeep ? 'rgb16' : 'srgb';
  const read = pages => sharp(file, { ...options, ...pages, autoOrient: true, ignoreIcc: !source.isCmyk && (keepsProfile || source.profile === null) })
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true });
  try {
    // Frames can be turned only one by one.
    const parts = frames > 1 && source.isTurned
      ? await Array.from({ length: frames }).reduce(async (all, _, page) => [...await all, await read({ page, pages: 1 })], [])
      : [await read({ pages: frames })];
    const data = parts.length === 1 ? parts[0].data : Buffer.concat(parts.map(part => part.data));
    const { width, channels } = parts[0].info;
    const height = parts.reduce((sum, part) => sum + part.info.height, 0) / frames;
    const values = source.isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
    const pixels = { values, width, height, frames, channels, hasAlpha: channels === 4 };
    return source.isGrey ? asGrey(pixels) : pixels;
  } catch (error) {
    throw notDecodable(source.format, error);
  }
}

/** Grey comes as red, green and blue that are the same: sharp's raw grey would be without its alpha. */
function asGrey({ values, channels, hasAlpha, ...rest }) {
  const grey = new values.constructor(values.length / channels * (channels - 2));
  for (let from = 0, to = 0; from < values.length; from += channels) {
    grey[to++] = values[from];
    if (hasAlpha) {
      grey[to++] = values[from + 3];
    }
  }

  return { ...rest, values: grey, channels: channels - 2, hasAlpha };
}

/** Makes blocks of pixels again, and a file of them. */
async function encode(blocks, { width, height, frames, channels, hasAlpha }, size, output, source, profile) {
  const [columns, rows] = [Math.ceil(width / size), Math.ceil(height / size)];
  const small = [];
  for (let frame = 0; frame < frames; frame++) {
    const part = blocks.slice(frame * columns * rows * channels, (frame + 1) * columns * rows * channels);

    // sharp resizes colours multiplied by their alpha, and rounds them: what is nearly transparent would lose its colour.
    const png = await sharp(
      hasAlpha ? enlarged(part, { width, height, channels }, size) : part,
      { raw: hasAlpha ? { width, height, channels } : { width: columns, height: rows, channels } })
      .toColourspace(channels < 3 ? (source.isDeep ? 'grey16' : 'b-w') : source.isDeep ? 'rgb16' : 'srgb')
      .png({ compressionLevel: 1 })
      .toBuffer();
    small.push(profile ? withProfile(png, profile) : png);
  }

  // Grey stays grey where the format can hold it.
  const holdsDepth = source.isDeep && ['png', 'tiff', 'avif'].includes(output);
  const isGrey = channels < 3 && ['png', 'tiff', 'jpeg'].includes(output);
  let image = sharp(frames > 1 ? small : small[0], { ...options, ignoreIcc: true, ...(frames > 1 ? { pages: -1, join: { animated: true } } : {}) })
    .keepIccProfile()
    .toColourspace(isGrey ? (holdsDepth ? 'grey16' : 'b-w') : holdsDepth ? 'rgb16' : 'srgb');
  if (!hasAlpha) {
    image = image.resize({ width: columns * size, height: rows * size, fit: 'fill', kernel: 'nearest' }).extract({ left: 0, top: 0, width, height });
  }

  const animation = frames > 1 ? { loop: source.loop ?? 0, ...(source.delay ? { delay: source.delay } : {}) } : {};
  switch (output) {
    case 'jpeg':
      image = image.flatten({ background: '#ffffff' }).jpeg({ quality: 90, chromaSubsampling: source.hasFullChroma ? '4:4:4' : '4:2:0' });
      break;
    case 'png':
      image = image.png({ compressionLevel: 4 });
      break;
    case 'webp':
      image = image.webp(source.isLossless ? { lossless: true, exact: true, effort: 0, ...animation } : { quality: 85, effort: 2, ...animation });
      break;
    case 'gif':
      image = image.gif({ dither: 0, interPaletteMaxError: 0, keepDuplicateFrames: true, ...animation });
      break;
    case 'avif':
      image = image.avif({ quality: 65, effort: 1, bitdepth: !source.isDeep ? 8 : source.bits === 10 ? 10 : 12 });
      break;
    default:
      image = image.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }

  return image.timeout({ seconds: Math.ceil(settings.timeLimit / 1000) }).toBuffer();
}

/** Puts an ICC profile into a PNG: sharp keeps one that is there, and takes none from memory (PNG specification, section 11.3.2.3). */
function withProfile(png, profile) {
  const body = Buffer.concat([Buffer.from('iCCPprofile\0\0', 'latin1'), deflateSync(profile)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));

  // After the signature and the header.
  const at = 8 + 25;
  return Buffer.concat([png.subarray(0, at), length, body, checksum, png.subarray(at)]);
}

function notDecodable(format, error) {
  if (error instanceof Problem) {
    return error;
  }

  const flaw = /not all the same size/.test(error.message)
    ? 'has pages of different sizes, which cannot be converted together. Send each page as a file of its own.'
    : 'ends too early or is damaged: it could not be decoded to its last pixel. Export the picture again and send the new file.';
  return problems.notDecodable(`The ${formats[format].title} file ${flaw}`);
}

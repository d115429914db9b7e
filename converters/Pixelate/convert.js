// From the bytes of the input to the bytes of the result.
import { setImmediate as nextTurn } from 'node:timers/promises';
import sharp from 'sharp';
import { explain, ofLayout, refuse } from './decoderMessages.js';
import { ensureUsualSize, isUsable } from '../Converters.Node/icc.js';
import { checkLimits } from '../Converters.Node/limits.js';
import { originalText } from '../Converters.Node/original.js';
import { withProfile } from '../Converters.Node/pngChunks.js';
import { prepare } from './containers/prepare.js';
import { formats, identify, isLosslessWebp } from './formats.js';
import { blockMeans, enlarged, removeHiddenColours } from './pixelate.js';
import { problems, tooLargeForSteps } from '../Converters.Node/problems.js';
import { settings } from '../Converters.Node/settings.js';

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
 * @param {{ size: number, format?: string, quality?: number, isLossless?: boolean, original?: object }} parameters
 * @param {(progress: number) => void} report
 * @param {AbortSignal} signal Ends the work: a native stage ends first, for sharp cannot be interrupted.
 */
export async function convert(file, { size, format, quality, isLossless, original }, report, signal) {
  const source = asIf(await open(file), original);
  const output = isLossless ? losslessFormatOf(source) : format ?? source.format;
  const maxBytes = isLossless ? settings.maxStepBytes : settings.maxResultBytes;
  const frames = formats[output].holdsFrames ? source.frames : 1;
  const keepsProfile = source.profile !== null && (!source.isGrey || formats[output].holdsGreyProfile === true);
  const pixels = await decode(source, frames, keepsProfile).catch(error => { stopIfOver(); throw error; });
  await goOn(decoded);
  const blocks = await blockMeans(pixels.values, pixels, size, part => goOn(decoded + (computed - decoded) * part));
  await goOn(computed);
  const result = await encode(blocks, pixels, size, { output, quality, isLossless }, source, keepsProfile ? source.profile : null).catch(error => { stopIfOver(); throw error; });
  stopIfOver();
  if (result.length > maxBytes) {
    throw isLossless ? tooLargeForSteps(maxBytes) : problems.tooLarge(`The result would have more than ${maxBytes >> 20} MB. Send a smaller picture, or ask for a smaller file with format=jpeg, webp or avif.`);
  }

  return { file: result, mediaType: formats[output].mediaType, original: isLossless ? originalText(describe(source)) : undefined };

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

/** The file as if it were the recipe's original. */
const asIf = (source, original) => (original
  ? {
    ...source,
    format: original.format,
    bits: original.bits,
    isLossless: original.format === 'webp' && original.isLossless,
    hasFullChroma: original.hasFullChroma,
  }
  : source);

const describe = ({ format, bits, isDeep, isLossless, hasFullChroma }) => ({
  format,
  bits: isDeep ? bits : 8,
  isLossless: isLossless || ['png', 'gif', 'tiff'].includes(format),
  hasFullChroma,
});

/** PNG; frames as WebP; pages, and frames of more than 8 bits, as TIFF. */
const losslessFormatOf = ({ format, frames, isDeep }) => (frames === 1 ? 'png' : format === 'tiff' || isDeep ? 'tiff' : 'webp');

const options = { failOn: 'error', limitInputPixels: false };

/** What the header says of a picture, once it is known to be within limits. */
async function open(file) {
  const format = identify(file);
  const prepared = prepare(file, format);
  const reading = {
    ...options,
    failOn: prepared.isJudgedStrictly ? 'warning' : 'error',
    // A JPEG's only limit is one of a hundred warnings, which stray bytes before restart markers soon reach.
    unlimited: format === 'jpeg',
  };
  const header = await sharp(prepared.file, reading).metadata().catch(error => { throw explain(format, error); });
  const frames = formats[format].holdsFrames ? header.pages ?? 1 : 1;
  checkLimits(header.width, header.pageHeight ?? header.height, frames);
  ensureUsualSize(header.icc?.length ?? 0, formats[format].title);
  const isCmyk = header.space === 'cmyk';
  const isFloating = ['lab', 'labs', 'scrgb'].includes(header.space);
  const extra = prepared.extraChannels ?? [];
  const alpha = extra.findIndex(kind => kind === 1 || kind === 2);
  const colours = prepared.extraChannels ? header.channels - extra.length : isCmyk ? 4 : header.channels < 3 ? 1 : 3;
  if (header.space === 'multiband' || header.space === 'xyz') {
    throw refuse(format, ofLayout);
  }

  if (!(isFloating || (['uchar', 'ushort'].includes(header.depth) && ['b-w', 'srgb', 'grey16', 'rgb16', 'cmyk'].includes(header.space)))) {
    throw problems.notDecodable(
      `The ${formats[format].title} file has ${header.channels} channels of type ${header.depth}; grey, RGB and CMYK of 8 or 16 bits are read. Export it as one of these.`);
  }

  const isGrey = colours === 1;
  const space = isCmyk ? 'CMYK' : isGrey ? 'GRAY' : 'RGB ';
  return {
    file: prepared.file,
    reading,
    format,
    frames,
    isGrey,
    isCmyk,
    isDeep: isFloating || header.depth === 'ushort',
    bits: header.bitsPerSample ?? 16,
    isTurned: (header.orientation ?? 1) > 1,
    turns: prepared.turns,
    isPremultiplied: prepared.isPremultiplied,
    differenceOfPages: prepared.differenceOfPages,
    hasAlpha: prepared.extraChannels ? alpha >= 0 : header.hasAlpha,
    alpha,
    isLossless: format === 'webp' && isLosslessWebp(file),
    hasFullChroma: format !== 'jpeg' || header.chromaSubsampling === '4:4:4',
    hasInkProfile: isCmyk && isUsable(space, header.icc),
    profile: isCmyk ? null : prepared.profile ?? (isUsable(space, header.icc) ? header.icc : null),
    delay: header.delay,
    loop: header.loop,
  };
}

/** All pixels, upright; in the file's own colours where its profile stays with the result, else in sRGB. */
async function decode(source, frames, keepsProfile) {
  if (frames > 1 && source.differenceOfPages) {
    throw refuse(source.format, source.differenceOfPages);
  }

  const depth = source.isDeep ? 'ushort' : 'uchar';
  const isBareInk = source.isCmyk && !source.hasInkProfile;
  const space = isBareInk ? 'cmyk' : source.isDeep ? 'rgb16' : 'srgb';
  const ignoreIcc = source.isCmyk ? isBareInk : keepsProfile || source.profile === null;
  const read = pages => {
    const image = turned(sharp(source.file, { ...source.reading, ...pages, autoOrient: true, ignoreIcc }), source.turns);
    return (isBareInk ? image.pipelineColourspace(space) : image)
      .toColourspace(space)
      .raw({ depth })
      .timeout({ seconds: Math.ceil(settings.timeLimit / 1000) })
      .toBuffer({ resolveWithObject: true });
  };
  try {
    // Frames can be turned only one by one.
    const parts = frames > 1 && source.isTurned
      ? await Array.from({ length: frames }).reduce(async (all, _, page) => [...await all, await read({ page, pages: 1 })], [])
      : [await read({ pages: frames })];
    const data = parts.length === 1 ? parts[0].data : Buffer.concat(parts.map(part => part.data));
    const { width, channels } = parts[0].info;
    const height = parts.reduce((sum, part) => sum + part.info.height, 0) / frames;
    const values = source.isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
    return withRightChannels({ values, width, height, frames, channels }, source, isBareInk);
  } catch (error) {
    throw explain(source.format, error);
  }
}

/** As AVIF has it: quarters of a turn to the left, then top and bottom (0) or left and right (1) exchanged. sharp mirrors before it turns. */
function turned(image, turns) {
  if (!turns) {
    return image;
  }

  const { angle, axis } = turns;
  const isFlip = axis !== undefined && (axis === 0) === (angle % 2 === 0);
  return image.rotate((360 - 90 * angle) % 360).flip(isFlip).flop(axis !== undefined && !isFlip);
}

/**
 * Grey or RGB, with alpha where the file has it, not multiplied by it. sharp's raw grey would be without its alpha, so it comes as red, green and blue
 * that are the same; and it takes for alpha what a TIFF says is none.
 */
function withRightChannels({ values, channels, ...shape }, source, isBareInk) {
  const stored = isBareInk ? 4 : 3;
  const [colours, hasAlpha] = [source.isGrey ? 1 : 3, source.hasAlpha && channels > stored];
  if (channels === colours + (hasAlpha ? 1 : 0) && !source.isPremultiplied) {
    return { ...shape, values, channels, hasAlpha };
  }

  const maximum = source.isDeep ? 65535 : 255;
  const alphaAt = stored + Math.max(source.alpha, 0);
  const result = new values.constructor(values.length / channels * (colours + (hasAlpha ? 1 : 0)));
  for (let from = 0, to = 0; from < values.length; from += channels) {
    const alpha = values[from + alphaAt];
    for (let colour = 0; colour < colours; colour++) {
      const value = values[from + colour];
      result[to++] = isBareInk ? Math.round((maximum - value) * (maximum - values[from + 3]) / maximum)
        : source.isPremultiplied && hasAlpha ? (alpha === 0 ? 0 : Math.min(Math.round(value * maximum / alpha), maximum))
        : value;
    }

    if (hasAlpha) {
      result[to++] = alpha;
    }
  }

  return { ...shape, values: result, channels: colours + (hasAlpha ? 1 : 0), hasAlpha };
}

/** Makes blocks of pixels again, and a file of them. */
async function encode(blocks, { width, height, frames, channels, hasAlpha }, size, { output, quality, isLossless }, source, profile) {
  const [columns, rows] = [Math.ceil(width / size), Math.ceil(height / size)];
  if (hasAlpha) {
    removeHiddenColours(blocks, channels, (source.isDeep ? 16 : 8) - bitsIn(output, source));
  }

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
      image = image.flatten({ background: '#ffffff' }).jpeg({ quality: quality ?? 90, chromaSubsampling: source.hasFullChroma ? '4:4:4' : '4:2:0' });
      break;
    case 'png':
      image = image.png({ compressionLevel: isLossless ? 1 : 4 });
      break;
    case 'webp':
      image = image.webp(source.isLossless || isLossless ? { lossless: true, exact: true, effort: 0, ...animation } : { quality: quality ?? 85, effort: 2, ...animation });
      break;
    case 'gif':
      image = image.gif({ dither: 0, interPaletteMaxError: 0, keepDuplicateFrames: true, ...animation });
      break;
    case 'avif':
      image = image.avif({ quality: quality ?? 65, effort: 1, bitdepth: bitsIn(output, source) });
      break;
    default:
      image = image.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }

  return image.timeout({ seconds: Math.ceil(settings.timeLimit / 1000) }).toBuffer();
}

/** Bits per channel of the result's file. */
function bitsIn(output, source) {
  return !source.isDeep ? 8 : output === 'png' || output === 'tiff' ? 16 : output !== 'avif' ? 8 : source.bits === 10 ? 10 : 12;
}

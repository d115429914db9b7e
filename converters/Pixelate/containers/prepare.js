// Walks a file's container before libvips opens it: what would cost too much, or be read as another picture, ends here.
import { prepareAvif } from './avif.js';
import { prepareJpeg } from './jpeg.js';
import { preparePng } from './png.js';
import { prepareTiff } from './tiff.js';

const walkers = { jpeg: prepareJpeg, png: preparePng, tiff: prepareTiff, avif: prepareAvif };

/**
 * @param {Buffer} file
 * @param {string} format
 * @returns {{
 *   file: Buffer, isJudgedStrictly?: boolean, profile?: Buffer, isPremultiplied?: boolean, turns?: { angle: number, axis?: number }, extraChannels?: number[],
 *   differenceOfPages?: string,
 * }} What libvips is given, and what it does not find out by itself: whether a warning means that pixels are missing; a profile made of what the
 * container says; colours stored multiplied by alpha; how the decoded picture has to be turned; what channels beside colours are (1 or 2: alpha);
 * why a TIFF's pages cannot be converted together.
 */
export const prepare = (file, format) => walkers[format]?.(file) ?? { file };

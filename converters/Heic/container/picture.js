// What a HEIC file says of its picture, and whether that is within limits: all of it is known before a pixel is decoded.
import { isUsable, ensureUsualSize, profileOfNclx } from '../../Converters.Node/icc.js';
import { checkLimits } from '../../Converters.Node/limits.js';
import { problems } from '../../Converters.Node/problems.js';
import { settings } from '../../Converters.Node/settings.js';
import { damaged, ofCompression, ofFeature, ofSize } from '../../Converters.Node/unreadKinds.js';
import { beginsPicture, describedSize, readConfiguration, readUnits } from './hevc.js';
import { readItems } from './items.js';
import { placesOf, viewOf } from './transforms.js';

/** How many times the most pixels all parts may have: tiles and the whole that they make, of colours and of alpha, and what of them is not seen. */
const maxParts = 6;

/** How many times the file's bytes its parts may have: each is there once, and one that is used again and again costs a decoder hours. */
const maxReadings = 2;

/** How deep pictures may be made of one another; real ones are made of tiles, and these of nothing. */
const maxDepth = 4;

/** Pixels by which a coded picture may be larger than the item is said to be: the largest unit that it is coded in. */
const margin = 64;

/** 422, with the reason. */
export const refuse = meaning => problems.notDecodable(`The HEIC file ${meaning}`);

const notAnImage = what => problems.notAnImage(`${what} Send a HEIC or HEIF picture instead.`);

/**
 * @param {Buffer} file
 * @returns {{ width: number, height: number, view: View, transforms: { from: number, to: number }[], bits: number, isGrey: boolean,
 *   hasFullChroma: boolean, hasAlpha: boolean, isPremultiplied: boolean, profile: Buffer | null }} Width and height are those that are stored; how they
 *   are seen; where it is said how. EXIF's orientation is none of the file's own and does not count.
 * @throws {Problem} It is no HEIC, past a limit, damaged, or of a kind that is not read.
 */
export function readPicture(file) {
  identify(file);
  try {
    return describe(file);
  } catch (error) {
    // A box is too short for what it should hold, or leads out of the file.
    throw error instanceof RangeError ? refuse(damaged) : error;
  }
}

/** A box of this type lists the brands that the file can be read as: the first (4 letters), its version (4), the others. */
function identify(file) {
  if (file.length === 0) {
    throw problems.notAnImage('The image is empty. Send a HEIC or HEIF picture.');
  }

  const text = (from, to) => file.toString('latin1', from, to);
  if (file.length < 16 || text(4, 8) !== 'ftyp') {
    throw notAnImage('These bytes are not a HEIC picture, whatever they are called.');
  }

  const brands = text(8, Math.min(Math.max(file.readUInt32BE(0), 12), file.length)).match(/.{4}/gs);
  if (brands.includes('avif') || brands.includes('avis')) {
    throw notAnImage('This is an AVIF picture, which is read without this step.');
  }

  if (!brands.some(brand => /^(he(ic|ix|im|is|vc|vx|vm|vs)|mi[af][f12]|msf1)$/.test(brand))) {
    throw notAnImage('This is a video or a picture of another kind, not a HEIC picture.');
  }
}

function describe(file) {
  const list = readItems(file);
  const primary = list?.items.get(list.primary);
  if (list?.isCut || !primary) {
    throw refuse(list?.isCut ? ofSize : damaged);
  }

  const size = sizeOf(file, primary);
  checkLimits(size.width, size.height, 1);

  const parts = { pixels: 0, bytes: 0 };
  const coded = addParts(file, list.items, primary, parts, 0);
  const alpha = primary.alphas.map(id => list.items.get(id)).find(item => item && isAlpha(file, item));
  if (alpha) {
    addParts(file, list.items, alpha, parts, 0);
  }

  const { chroma, bits } = readConfiguration(dataOf(file, propertyOf(coded, 'hvcC')));
  const profile = [primary, coded].map(item => profileOf(file, item)).find(found => found !== undefined) ?? null;
  const isOfGrey = profile?.toString('latin1', 16, 20) === 'GRAY';
  const view = viewOf(file, primary, size);
  if (view === null) {
    throw refuse(damaged);
  }

  return {
    ...size,
    view,
    transforms: [primary, alpha].filter(item => item !== undefined).flatMap(placesOf),
    bits,
    isGrey: chroma === 0 && (profile === null || isOfGrey),
    hasFullChroma: chroma === 3,
    hasAlpha: alpha !== undefined,
    isPremultiplied: list.isPremultiplied,
    profile: chroma !== 0 && isOfGrey ? null : profile,
  };
}

const dataOf = (file, { start, end }) => file.subarray(start, end);
const propertyOf = (item, type) => item.properties.find(property => property.type === type);

/** The larger where it is given several; refuses an item without one. */
function sizeOf(file, item) {
  const sizes = item.properties.filter(({ type }) => type === 'ispe').map(({ start }) => [file.readUInt32BE(start + 4), file.readUInt32BE(start + 8)]);
  const [width, height] = [0, 1].map(side => Math.max(0, ...sizes.map(size => size[side])));
  if (width === 0 || height === 0) {
    throw refuse(damaged);
  }

  return { width, height };
}

/**
 * Adds what is decoded for an item, and what a decoder writes it into; refuses what is too much, or not read.
 * @returns The first coded item that it is made of.
 */
function addParts(file, items, item, sums, depth) {
  const { width, height } = sizeOf(file, item);
  sums.pixels += width * height;
  sums.bytes += item.pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  if (Number.isNaN(sums.bytes)) {
    throw refuse(damaged);
  }

  const isTooLarge = width * height > settings.maxPixels || sums.pixels > maxParts * settings.maxPixels || sums.bytes > maxReadings * file.length;
  if (depth > maxDepth || isTooLarge) {
    throw refuse(ofSize);
  }

  if (item.type === 'hvc1') {
    checkUnits(file, item, width, height);
    return item;
  }

  if (item.type !== 'grid' && item.type !== 'iden') {
    // Pictures that are laid over one another are no photo; nothing else is made of items.
    throw refuse(['iovl', 'tmap'].includes(item.type) ? ofFeature : ofCompression);
  }

  if (item.type === 'grid') {
    checkGrid(file, item, width, height);
  }

  const coded = item.parts.map(id => items.get(id) ?? null).map(part => {
    if (part === null) {
      throw refuse(damaged);
    }

    return addParts(file, items, part, sums, depth + 1);
  });
  if (coded.length === 0) {
    throw refuse(damaged);
  }

  return coded[0];
}

/** What is coded must be one picture, and of the size that the item has. */
function checkUnits(file, item, width, height) {
  const property = propertyOf(item, 'hvcC');
  const units = readUnits(contentOf(file, item));
  if (!property || !units) {
    throw refuse(damaged);
  }

  const configuration = readConfiguration(dataOf(file, property));
  const pictures = units.filter(beginsPicture).length;
  if (configuration.lengthBytes !== 4 || pictures > 1) {
    throw refuse(ofFeature);
  }

  const sizes = [...configuration.units, ...units].map(describedSize).filter(size => size !== null);
  if (pictures === 0 || sizes.length === 0) {
    throw refuse(damaged);
  }

  if (sizes.some(size => size.width > width + margin || size.height > height + margin)) {
    throw refuse(ofSize);
  }
}

/** Version, flags (the lowest: numbers of 4 bytes), rows and columns but one (a byte each), width and height of the whole. */
function checkGrid(file, item, width, height) {
  const data = contentOf(file, item);
  const bytes = (data.readUInt8(1) & 1) === 0 ? 2 : 4;
  const tiles = (data.readUInt8(2) + 1) * (data.readUInt8(3) + 1);
  if (data.readUIntBE(4, bytes) !== width || data.readUIntBE(4 + bytes, bytes) !== height || item.parts.length !== tiles) {
    throw refuse(damaged);
  }
}

const contentOf = (file, { pieces }) => (pieces.length === 1 ? dataOf(file, pieces[0]) : Buffer.concat(pieces.map(piece => dataOf(file, piece))));

const isAlpha = (file, item) => {
  const property = propertyOf(item, 'auxC');
  return property !== undefined && /auxiliary:alpha|auxid:1(\0|$)/.test(dataOf(file, property).toString('latin1', 0, 64));
};

/** An ICC profile that is in the file, or one made of what it says of its colours; undefined where it says nothing, or sRGB. */
function profileOf(file, item) {
  const colours = item.properties.filter(({ type }) => type === 'colr').map(property => dataOf(file, property));
  const kind = data => data.toString('latin1', 0, 4);
  const profile = colours.find(data => ['prof', 'rICC'].includes(kind(data)))?.subarray(4);
  if (profile) {
    ensureUsualSize(profile.length, 'HEIC');
    return isUsable('RGB ', profile) || isUsable('GRAY', profile) ? profile : undefined;
  }

  const nclx = colours.find(data => kind(data) === 'nclx' && data.length >= 8);
  return nclx && profileOfNclx(nclx.readUInt16BE(4), nclx.readUInt16BE(6));
}

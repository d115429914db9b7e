// AVIF (ISO/IEC 23008-12): finds what libvips does not tell. Its decoder turns colours and alpha each by their own properties; older files have them
// at the colours only, and browsers turn both.
import { ofFeature, ofSize, refuse } from '../decoderMessages.js';
import { boxes } from '../../Converters.Node/boxes.js';
import { profileOfNclx } from '../../Converters.Node/icc.js';
import { problems } from '../../Converters.Node/problems.js';

/** Pixels of one part, where the picture itself has no more; and how many times that all have: colours, alpha, what of their tiles is not seen. */
const [maxPartPixels, maxParts] = [50_000_000, 3];

/** How deep pictures may be made of one another; real ones are made of tiles, and these of nothing. */
const maxDepth = 8;

/** Of boxes, and of properties and parts of items: real files have a hundred, large ones thousands. */
const most = 20_000;

export function prepareAvif(file) {
  const items = readItems(file);
  if (!items) {
    return { file };
  }

  if (items.alpha !== undefined && !items.pixels.has(items.alpha)) {
    // The decoder would take one of any size; browsers show no such file.
    throw problems.notDecodable('The AVIF file does not say how large its alpha is, which is not read here. Save it anew.');
  }

  ensureUsualSize(items);
  if (items.hasOverlay) {
    throw refuse('avif', ofFeature);
  }

  const [colour, alpha] = [items.propertiesOf(items.primary), items.propertiesOf(items.alpha)];
  const cuts = [...colour, ...alpha].filter(property => isCutInside(property, colour));
  if (cuts.length > 0) {
    return prepareAvif(without(file, cuts));
  }

  const pieces = properties => properties.filter(({ type }) => type === 'clap').map(({ data }) => data.toString('hex')).join();
  if (items.alpha !== undefined && pieces(colour) !== pieces(alpha)) {
    throw problems.notDecodable('The AVIF file cuts its colours and its alpha differently, which is not read here. Save it anew.');
  }

  const turns = properties => properties.filter(isTurn).map(({ type, data }) => `${type} ${data[0]}`).join();
  const prepared = { file, profile: profileOf(colour), isPremultiplied: items.isPremultiplied };
  return items.alpha === undefined || turns(colour) === turns(alpha) ? prepared : { ...prepared, ...turnedTogether(file, colour, alpha) };
}

/** A tile may be used again and again, and alpha be larger than its colours: small files would take gigabytes. */
function ensureUsualSize({ primary, pixels, tiles, alphas, isCut }) {
  const known = new Map();
  const [sum, largest] = pixelsOf(primary, 0);
  const most = Math.max(maxPartPixels, pixels.get(primary) ?? 0);
  if (isCut || largest > most || sum > maxParts * most) {
    throw refuse('avif', ofSize);
  }

  /** What is decoded for an item, and its largest part; of what is made of itself, no end. */
  function pixelsOf(item, depth) {
    if (depth > maxDepth || known.has(item)) {
      return depth > maxDepth ? [Infinity, Infinity] : known.get(item);
    }

    known.set(item, [Infinity, Infinity]);
    const own = tiles.has(item) ? 0 : pixels.get(item) ?? Infinity;
    const parts = [...tiles.get(item) ?? [], ...alphas.get(item) ?? []].map(part => pixelsOf(part, depth + 1));
    known.set(item, parts.reduce(([sum, largest], part) => [sum + part[0], Math.max(largest, part[1])], [own, own]));
    return known.get(item);
  }
}

const isTurn = ({ type }) => type === 'irot' || type === 'imir';

/** A copy in which items do not have properties that they had. */
function without(file, properties) {
  const copy = Buffer.from(file);
  for (const { from, to } of properties) {
    copy.fill(0, from, to);
  }

  return copy;
}

/**
 * Whether a property cuts a piece out that does not begin in the upper left corner: browsers show the whole picture then. A piece has width and height,
 * and the distance of its middle from the picture's, each as a fraction.
 */
function isCutInside({ type, data }, properties) {
  const size = properties.find(property => property.type === 'ispe')?.data;
  if (type !== 'clap' || data.length < 32 || !(size?.length >= 12)) {
    return false;
  }

  const [width, height] = [0, 8].map(at => data.readUInt32BE(at) / data.readUInt32BE(at + 4));
  const [right, down] = [16, 24].map(at => data.readInt32BE(at) / data.readUInt32BE(at + 4));
  return right + (size.readUInt32BE(4) - width) / 2 !== 0 || down + (size.readUInt32BE(8) - height) / 2 !== 0;
}

/** Takes the turns off both: the decoded picture is turned instead, as the colours' properties say. */
function turnedTogether(file, colour, alpha) {
  // Quarters of a turn to the left, then top and bottom (0) or left and right (1) exchanged.
  const value = type => colour.find(property => property.type === type)?.data[0];
  return { file: without(file, [...colour, ...alpha].filter(isTurn)), turns: { angle: (value('irot') ?? 0) & 3, axis: value('imir') === undefined ? undefined : value('imir') & 1 } };
}

function profileOf(properties) {
  const colours = properties.filter(({ type }) => type === 'colr').map(({ data }) => data);
  const kind = data => data.toString('latin1', 0, 4);
  const nclx = colours.find(data => kind(data) === 'nclx' && data.length >= 8);
  if (!nclx || colours.some(data => ['prof', 'rICC'].includes(kind(data)))) {
    return undefined;
  }

  return profileOfNclx(nclx.readUInt16BE(4), nclx.readUInt16BE(6));
}

/** The items of a file's meta box, as far as they are of use here; null where it makes no sense, and the decoder refuses it. */
function readItems(file) {
  const budget = { left: most };
  try {
    const meta = boxes(file, 0, file.length, budget).find(({ type }) => type === 'meta');
    return meta ? readMeta(file, boxes(file, meta.start + 4, meta.end, budget), budget) : null;
  } catch (error) {
    // A box that is too short for what it should hold.
    if (error instanceof RangeError) {
      return null;
    }

    throw error;
  }
}

function readMeta(file, inMeta, budget) {
  const properties = new Map();
  const items = {
    primary: 0,
    alpha: undefined,
    isPremultiplied: false,
    propertiesOf: item => properties.get(item) ?? [],
    // By item: its pixels, by the largest size that it is given; the tiles that it is made of, as often as each is used; its alpha.
    pixels: new Map(),
    tiles: new Map(),
    alphas: new Map(),
    // Whether an item lays pictures over one another, on a canvas of any size, whatever is said of its item. Browsers show no such file.
    hasOverlay: false,
    isCut: false,
  };
  for (const { start } of inMeta.filter(({ type }) => type === 'pitm')) {
    items.primary = file.readUIntBE(start + 4, file.readUInt8(start) === 0 ? 2 : 4);
  }

  for (const { start, end } of inMeta.filter(({ type }) => type === 'iprp')) {
    readProperties(file, boxes(file, start, end, budget), properties, items.pixels, budget);
  }

  for (const references of inMeta.filter(({ type }) => type === 'iref')) {
    const idBytes = file.readUInt8(references.start) === 0 ? 2 : 4;
    for (const { type, start, end } of boxes(file, references.start + 4, references.end, budget)) {
      // From (an id), the number of targets (2 bytes), the targets (an id each).
      const from = file.readUIntBE(start, idBytes);
      items.isPremultiplied ||= type === 'prem' && from === items.primary;
      const isOfAlpha = type === 'auxl' && items.propertiesOf(from).some(isAlpha);
      for (let at = start + idBytes + 2; at + idBytes <= end && budget.left > 0; at += idBytes, budget.left--) {
        const to = file.readUIntBE(at, idBytes);
        if (isOfAlpha) {
          add(items.alphas, to, from);
          items.alpha = to === items.primary ? from : items.alpha;
        } else if (type === 'dimg') {
          add(items.tiles, from, to);
        }
      }
    }
  }

  for (const { start, end } of inMeta.filter(({ type }) => type === 'iinf')) {
    // Each entry: version and flags (4 bytes), the item (2 or 4), its protection (2), its type in four letters.
    const entries = boxes(file, start + (file.readUInt8(start) === 0 ? 6 : 8), end, budget);
    items.hasOverlay ||= entries.some(entry => {
      const at = entry.start + (file[entry.start] < 3 ? 8 : 10);
      return entry.type === 'infe' && at + 4 <= entry.end && file.toString('latin1', at, at + 4) === 'iovl';
    });
  }

  items.isCut = budget.left <= 0;
  return items;
}

function add(parts, whole, part) {
  if (!parts.has(whole)) {
    parts.set(whole, []);
  }

  parts.get(whole).push(part);
}

const isAlpha = ({ type, data }) => type === 'auxC' && /auxiliary:alpha|auxid:1/.test(data.toString('latin1'));

function readProperties(file, inProperties, properties, pixels, budget) {
  const all = inProperties.filter(({ type }) => type === 'ipco').flatMap(({ start, end }) => boxes(file, start, end, budget));
  for (const { start, end } of inProperties.filter(({ type }) => type === 'ipma')) {
    const idBytes = file.readUInt8(start) === 0 ? 2 : 4;
    const indexBytes = (file.readUInt8(start + 3) & 1) + 1;
    for (let at = start + 8; at + idBytes < end && budget.left > 0; budget.left--) {
      const found = [];
      const item = file.readUIntBE(at, idBytes);
      if (!properties.has(item)) {
        properties.set(item, found);
      }

      let count = file.readUInt8(at + idBytes);
      at += idBytes + 1;
      for (; count > 0 && at + indexBytes <= end && budget.left > 0; count--, at += indexBytes, budget.left--) {
        // The highest bit says that it must be understood.
        const property = all[(file.readUIntBE(at, indexBytes) & (indexBytes === 1 ? 0x7F : 0x7FFF)) - 1];
        if (property) {
          // All that are looked at here have few bytes.
          const data = file.subarray(property.start, Math.min(property.end, property.start + 64));
          found.push({ type: property.type, data, from: at, to: at + indexBytes });
          if (property.type === 'ispe') {
            pixels.set(item, Math.max(pixels.get(item) ?? 0, file.readUInt32BE(property.start + 4) * file.readUInt32BE(property.start + 8)));
          }
        }
      }
    }
  }
}

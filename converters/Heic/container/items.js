// The items of a HEIF file (ISO/IEC 23008-12): what its meta box says of them. Nothing is decoded here, and no length in the file is believed: boxes
// lie within one another, and all that is looked at, in all of a file, comes out of one budget.
import { boxes } from '../../Converters.Node/boxes.js';

/** Of boxes, and of properties, parts and pieces of items: real files have hundreds, large ones thousands. */
const most = 20_000;

/**
 * @typedef {{ type: string, start: number, end: number, from: number, to: number }} Property Where its data lies, and where it is said whose it is.
 * @typedef {{ type: string, properties: Property[], pieces: { start: number, end: number }[], parts: number[], alphas: number[] }} Item
 * Its data lies in pieces; it is made of parts (the tiles of a grid), as often as each is used; its alpha planes are items, too.
 */

/**
 * @param {Buffer} file
 * @returns {{ primary: number, items: Map<number, Item>, isPremultiplied: boolean, isCut: boolean } | null} isCut: there was more than is looked at.
 * Null where there is no list of items.
 * @throws {RangeError} A box is too short for what it should hold, or an item lies outside the file.
 */
export function readItems(file) {
  const budget = { left: most };
  const [meta, another] = boxes(file, 0, file.length, budget).filter(({ type }) => type === 'meta');
  if (!meta) {
    return null;
  }

  // What is said twice, the decoder may read in another way than it is read here.
  refuseIf(another, 'There are two lists of items.');

  const inMeta = boxes(file, meta.start + 4, meta.end, budget);
  const first = wanted => inMeta.find(({ type }) => type === wanted);
  const items = new Map();
  readEntries(file, first('iinf'), items, budget);
  readLocations(file, first('iloc'), first('idat'), items, budget);
  const isPremultipliedFrom = readReferences(file, first('iref'), items, budget);
  readProperties(file, first('iprp'), items, budget);
  const primary = first('pitm');
  const id = primary ? file.readUIntBE(primary.start + 4, file[primary.start] === 0 ? 2 : 4) : 0;
  return { primary: id, items, isPremultiplied: isPremultipliedFrom.has(id), isCut: budget.left <= 0 };
}

function refuseIf(isWrong, what) {
  if (isWrong) {
    throw new RangeError(what);
  }
}

/** Each entry: version and flags (4 bytes), the item (2 or 4), its protection (2), its type in four letters. */
function readEntries(file, list, items, budget) {
  if (!list) {
    return;
  }

  for (const { type, start, end } of boxes(file, list.start + (file.readUInt8(list.start) === 0 ? 6 : 8), list.end, budget)) {
    const idBytes = file.readUInt8(start) < 3 ? 2 : 4;
    const at = start + 4 + idBytes + 2;
    if (type === 'infe' && at + 4 <= end) {
      refuseIf(items.has(file.readUIntBE(start + 4, idBytes)), 'Two items have one number.');
      const item = { type: file.toString('latin1', at, at + 4), properties: [], pieces: [], parts: [], alphas: [] };
      items.set(file.readUIntBE(start + 4, idBytes), item);
    }
  }
}

/** Where the data of items lies: in the file (method 0), or in the idat box (1). */
function readLocations(file, list, inner, items, budget) {
  if (!list) {
    return;
  }

  let at = list.start;
  const next = bytes => {
    refuseIf(at + bytes > list.end, 'The list of places ends too early.');

    at += bytes;
    return bytes === 0 ? 0 : bytes === 8 ? Number(file.readBigUInt64BE(at - 8)) : file.readUIntBE(at - bytes, bytes);
  };
  const version = next(4) >>> 24;
  const sizes = next(2);
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  refuseIf([offsetBytes, lengthBytes, baseBytes, indexBytes].some(bytes => ![0, 4, 8].includes(bytes)), 'There are no numbers of that size.');

  for (let count = next(version < 2 ? 2 : 4); count > 0 && budget.left > 0; count--, budget.left--) {
    const item = items.get(next(version < 2 ? 2 : 4));
    refuseIf(item?.pieces.length > 0, 'An item has two places.');
    const method = version === 0 ? 0 : next(2) & 15;
    next(2);
    const base = next(baseBytes);
    const place = method === 0 ? { start: 0, end: file.length } : method === 1 && inner ? inner : null;
    for (let extents = next(2); extents > 0 && budget.left > 0; extents--, budget.left--) {
      next(indexBytes);
      const start = (place?.start ?? 0) + base + next(offsetBytes);
      const length = next(lengthBytes);
      const end = length === 0 && lengthBytes === 0 ? place?.end ?? 0 : start + length;
      if (item) {
        item.pieces.push({ start, end: place && start <= end && end <= place.end ? end : NaN });
      }
    }
  }
}

/** From (an id), the number of targets (2 bytes), the targets (an id each). */
function readReferences(file, list, items, budget) {
  const isPremultiplied = new Set();
  if (!list) {
    return isPremultiplied;
  }

  const idBytes = file.readUInt8(list.start) === 0 ? 2 : 4;
  for (const { type, start, end } of boxes(file, list.start + 4, list.end, budget)) {
    const from = file.readUIntBE(start, idBytes);
    if (type === 'prem') {
      isPremultiplied.add(from);
    }

    for (let at = start + idBytes + 2; at + idBytes <= end && budget.left > 0; at += idBytes, budget.left--) {
      const to = file.readUIntBE(at, idBytes);
      if (type === 'dimg') {
        items.get(from)?.parts.push(to);
      } else if (type === 'auxl') {
        items.get(to)?.alphas.push(from);
      }
    }
  }

  return isPremultiplied;
}

/** All properties (ipco), and which item has which of them, in the order in which they hold (ipma). */
function readProperties(file, list, items, budget) {
  if (!list) {
    return;
  }

  const inList = boxes(file, list.start, list.end, budget);
  const all = inList.filter(({ type }) => type === 'ipco').flatMap(({ start, end }) => boxes(file, start, end, budget));
  for (const { start, end } of inList.filter(({ type }) => type === 'ipma')) {
    const idBytes = file.readUInt8(start) === 0 ? 2 : 4;
    const indexBytes = (file.readUInt8(start + 3) & 1) + 1;
    for (let at = start + 8; at + idBytes < end && budget.left > 0; budget.left--) {
      const properties = items.get(file.readUIntBE(at, idBytes))?.properties;
      let count = file.readUInt8(at + idBytes);
      at += idBytes + 1;
      for (; count > 0 && at + indexBytes <= end && budget.left > 0; count--, at += indexBytes, budget.left--) {
        // The highest bit says that it must be understood.
        const property = all[(file.readUIntBE(at, indexBytes) & (indexBytes === 1 ? 0x7F : 0x7FFF)) - 1];
        if (property) {
          properties?.push({ ...property, from: at, to: at + indexBytes });
        }
      }
    }
  }
}

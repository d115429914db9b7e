// ICC profiles (ICC.1:2010): makes one of colours that a container describes, and tells those that no colour can be had from.
import { problems } from './problems.js';
import { codedColours, d50, toXyz } from './colours.js';
import { bytesOfCurve, isWholeTable, tableTypes } from './iccTable.js';

/** libpng reads no larger ones, and real ones have at most a few megabytes. */
export const maxProfileBytes = 8_000_000;

const [headerBytes, tagBytes] = [128, 12];

export function ensureUsualSize(bytes, title) {
  if (bytes > maxProfileBytes) {
    throw problems.notDecodable(
      `The ${title} file has a colour profile of more than ${maxProfileBytes / 1_000_000} MB. Save it with a usual profile, such as sRGB.`);
  }
}

/** A profile for a display of such colours, or for grey with the same tone curve. */
export function createProfile({ primaries, curve }, isGrey) {
  const tags = [['desc', text('Colours of the original')], ['cprt', text('Public domain')], ['wtpt', xyz(d50)]];
  const tone = curveOf(curve);
  if (isGrey) {
    tags.push(['kTRC', tone]);
  } else {
    const [red, green, blue] = toXyz(primaries);
    tags.push(['rXYZ', xyz(red)], ['gXYZ', xyz(green)], ['bXYZ', xyz(blue)], ['rTRC', tone], ['gTRC', tone], ['bTRC', tone]);
  }

  let at = headerBytes + 4 + tagBytes * tags.length;
  const profile = Buffer.alloc(at + tags.reduce((sum, [, data]) => sum + data.length, 0));
  writeHeader(profile, isGrey ? 'GRAY' : 'RGB ');
  profile.writeUInt32BE(tags.length, headerBytes);
  tags.forEach(([name, data], i) => {
    const entry = headerBytes + 4 + tagBytes * i;
    profile.write(name, entry, 'latin1');
    profile.writeUInt32BE(at, entry + 4);
    profile.writeUInt32BE(data.length, entry + 8);
    data.copy(profile, at);
    at += data.length;
  });
  return profile;
}

/** A profile of the colours that an nclx property names; undefined where they are sRGB's, or mean nothing here. */
export function profileOfNclx(primaries, transfer) {
  // Browsers take the curves of video for sRGB's here.
  const coded = codedColours(primaries, [1, 6, 11, 14, 15].includes(transfer) ? 13 : transfer);
  return coded && !coded.isSrgb ? createProfile(coded, false) : undefined;
}

/** Whether a profile is of a colour space ('RGB ', 'GRAY' or 'CMYK') and has what colours are computed with. */
export function isUsable(space, profile) {
  const letters = (from, to) => profile.toString('latin1', from, to);
  if (profile === undefined || profile.length < headerBytes + 4 || letters(16, 20) !== space || letters(36, 40) !== 'acsp') {
    return false;
  }

  // Scanners, monitors, printers and colour spaces; the others lead from one profile to another. They lead to XYZ or Lab.
  if (!['scnr', 'mntr', 'prtr', 'spac'].includes(letters(12, 16)) || !['XYZ ', 'Lab '].includes(letters(20, 24))) {
    return false;
  }

  const count = profile.readUInt32BE(headerBytes);
  if (count > 1000 || headerBytes + 4 + tagBytes * count > profile.length) {
    return false;
  }

  const channels = { 'GRAY': 1, 'RGB ': 3 }[space] ?? 4;
  const types = new Map();
  for (let entry = headerBytes + 4; entry < headerBytes + 4 + tagBytes * count; entry += tagBytes) {
    const [offset, length] = [profile.readUInt32BE(entry + 4), profile.readUInt32BE(entry + 8)];
    const name = letters(entry, entry + 4);

    // The library leaves out what does not lie in the profile, and takes no profile that says something twice.
    if (offset + length <= profile.length) {
      if (types.has(name)) {
        return false;
      }

      types.set(name, typeOf(profile.subarray(offset, offset + length), channels));
    }
  }

  // The first table that there is counts, in this order, even where curves could take its place.
  const table = types.get('A2B1') ?? types.get('A2B0');
  const has = (allowed, ...names) => names.every(name => allowed.includes(types.get(name)));
  const curves = ['curv', 'para'];
  return table !== undefined ? tableTypes.includes(table)
    : (space === 'GRAY' && has(curves, 'kTRC'))
    || (space === 'RGB ' && has(['XYZ '], 'rXYZ', 'gXYZ', 'bXYZ') && has(curves, 'rTRC', 'gTRC', 'bTRC'));
}

/** What a tag holds, in four letters; empty where it does not hold all of it, or not for so many channels. */
function typeOf(tag, channels) {
  if (tag.length < 8) {
    return '';
  }

  const type = tag.toString('latin1', 0, 4);
  const isWhole = tableTypes.includes(type) ? isWholeTable(tag, channels)
    : type === 'XYZ ' ? tag.length >= 20
    : type === 'curv' || type === 'para' ? tag.length >= 12 && bytesOfCurve(tag) <= tag.length
    : true;
  return isWhole ? type : '';
}

/** Length, version 4.3, the class of displays, the spaces it goes between, a date, and the white of the latter. */
function writeHeader(profile, space) {
  profile.writeUInt32BE(profile.length);
  profile.writeUInt32BE(0x04300000, 8);
  profile.write(`mntr${space}XYZ `, 12, 'latin1');
  [2024, 1, 1, 0, 0, 0].forEach((part, i) => profile.writeUInt16BE(part, 24 + 2 * i));
  profile.write('acsp', 36, 'latin1');
  xyz(d50).copy(profile, 68, 8);
}

/** Numbers with 16 bits after the point, after a type and four zeros. */
const numbers = (type, start, values) => {
  const data = Buffer.alloc(start + 4 * values.length);
  data.write(type, 'latin1');
  values.forEach((value, i) => data.writeInt32BE(Math.min(Math.max(Math.round(value * 65536), -0x80000000), 0x7FFFFFFF), start + 4 * i));
  return data;
};

const xyz = values => numbers('XYZ ', 8, values);

/** A parametric curve of type 3. */
function curveOf(curve) {
  const data = numbers('para', 12, curve);
  data.writeUInt16BE(3, 8);
  return data;
}

/** A text in one language. */
function text(words) {
  const letters = Buffer.from(words, 'utf16le').swap16();
  const data = Buffer.alloc(Math.ceil((28 + letters.length) / 4) * 4);
  data.write('mluc', 'latin1');
  data.writeUInt32BE(1, 8);
  data.writeUInt32BE(12, 12);
  data.write('enUS', 16, 'latin1');
  data.writeUInt32BE(letters.length, 20);
  data.writeUInt32BE(28, 24);
  letters.copy(data, 28);
  return data;
}

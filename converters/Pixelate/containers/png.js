// PNG (W3C, third edition). The copy that is made has what its pixels need and one profile for their colours. All else is left out: text that may
// unpack to gigabytes, and chunks with a wrong checksum that nobody needs.
import { crc32, inflateSync } from 'node:zlib';
import { codedColours, powerCurve, primariesOf } from '../../Converters.Node/colours.js';
import { createProfile, ensureUsualSize, maxProfileBytes } from '../../Converters.Node/icc.js';
import { chunk, packed, signatureBytes } from '../../Converters.Node/pngChunks.js';

/** Bytes of a chunk beside its data: length, type and checksum. */
const overhead = 12;

export function preparePng(file) {
  const parts = [file.subarray(0, signatureBytes)];
  const colours = {};
  let [isDescribed, hasPixels, hasEnd, isGrey] = [false, false, false, false];
  for (let at = signatureBytes; at + 8 <= file.length && !hasEnd;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    const whole = file.subarray(at, at + length + overhead);
    at += length + overhead;
    // Colours are described before palette and pixels.
    hasPixels ||= type === 'IDAT';
    if (!isDescribed && (hasPixels || type === 'PLTE')) {
      isDescribed = true;
      const profile = toProfile(colours, isGrey);
      if (profile) {
        parts.push(chunk('iCCP', profile));
      }
    }

    if (whole.length < length + overhead) {
      // What is there of the last chunk. Where it is all of the pixels, the picture is whole.
      if (type === 'IDAT') {
        parts.push(chunk(type, data));
      }

      break;
    }

    // Critical chunks have a capital letter first; a decoder that does not know one refuses.
    if ((file[at - whole.length + 4] & 0x20) === 0) {
      hasEnd = type === 'IEND';
      isGrey ||= type === 'IHDR' && data.length > 9 && (data[9] & 2) === 0;
      parts.push(whole);
    } else if (crc32(whole.subarray(4, -4)) === whole.readUInt32BE(whole.length - 4)) {
      if (!isDescribed) {
        colours[type] ??= data;
      }

      if (type === 'tRNS' || type === 'eXIf') {
        parts.push(whole);
      }
    }
  }

  if (hasPixels && !hasEnd) {
    parts.push(chunk('IEND', Buffer.alloc(0)));
  }

  return { file: Buffer.concat(parts) };
}

/** What a PNG says of its colours in four ways, as the data of an iCCP chunk; the best counts: cICP, iCCP, sRGB, gAMA with cHRM. */
function toProfile({ cICP, iCCP, sRGB, gAMA, cHRM }, isGrey) {
  // Video's ranges and matrices are not PNG's: browsers pass over a chunk that has them.
  const coded = cICP?.length === 4 && cICP[2] === 0 && cICP[3] === 1 ? codedColours(cICP[0], cICP[1]) : null;
  if (coded) {
    return coded.isSrgb ? null : packed(createProfile(coded, isGrey));
  }

  if (iCCP) {
    ensureUnpacksToUsualSize(iCCP);
    return iCCP;
  }

  const fromGamma = sRGB ? null : coloursOf(gAMA, cHRM);
  return fromGamma ? packed(createProfile(fromGamma, isGrey)) : null;
}

/** As browsers read it: primaries count only beside gamma, and gamma alone only where it is not nearly sRGB's. */
function coloursOf(gAMA, cHRM) {
  const [unit, usual] = [100_000, 45_455];
  const gamma = gAMA?.length === 4 ? gAMA.readUInt32BE() : 0;
  const hasPrimaries = cHRM?.length === 32;
  if (gamma === 0 || gamma > 0x7FFFFFFF || (!hasPrimaries && Math.abs(gamma - usual) < 0.05 * usual)) {
    return null;
  }

  const values = hasPrimaries ? Array.from({ length: 8 }, (_, i) => cHRM.readUInt32BE(4 * i) / unit) : null;
  return { primaries: primariesOf(values), curve: powerCurve(unit / gamma) };
}

function ensureUnpacksToUsualSize(iCCP) {
  const start = iCCP.indexOf(0) + 2;
  try {
    inflateSync(iCCP.subarray(start), { maxOutputLength: maxProfileBytes });
  } catch (error) {
    // The decoder leaves a broken profile out.
    if (error.code === 'ERR_BUFFER_TOO_LARGE') {
      ensureUsualSize(maxProfileBytes + 1, 'PNG');
    }
  }
}

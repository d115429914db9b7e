// What the first picture of a TIFF file (TIFF 6.0) is said to be, and whether a right picture is made of it.
import { ofCompression, ofLayout } from '../decoderMessages.js';

/** How many values of an entry are looked at; real pictures have no more channels. */
export const mostValues = 16;

/** What the colours are. */
export const photometrics = { minIsWhite: 0, minIsBlack: 1, rgb: 2, palette: 3, mask: 4, inks: 5, yCbCr: 6, lab: 8, iccLab: 9, ituLab: 10 };

/** What the numbers are; where it is said not to be known, they are whole ones. */
const [whole, floatingPoint, unknown] = [1, 3, 4];

/** Four inks and alpha; libvips has no name for more. */
const maxChannels = 5;

/** What libvips is built with: none, fax, LZW, JPEG, Deflate, PackBits, ThunderScan, NeXT, LogLuv; 0 where none is said. */
const readCompressions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 32_766, 32_771, 32_773, 32_809, 32_946, 34_676, 34_677];

const ofNumbers = 'has samples of a type that is not read here (signed or floating point). Save it as grey, RGB or CMYK of 8 or 16 bits.';
const ofSeveralKinds = 'has samples of different kinds: other numbers of bits, or other types, from channel to channel. Save it with 8 or 16 bits in each.';
const ofMask = 'has a page that is a transparency mask, which is not read here. Save it as one picture with an alpha channel.';
const ofBits = bits => `has ${bits} bits per sample, which are not read in colours like its; 8 and 16 are. Save it with one of these.`;

/** What the channels beside colours are, each 0 for anything, 1 or 2 for alpha. */
export function extraChannelsOf(channels, photometric, extra) {
  const { rgb, yCbCr, lab, iccLab, ituLab, inks } = photometrics;
  const colours = [rgb, yCbCr, lab, iccLab, ituLab].includes(photometric) ? 3 : photometric === inks ? 4 : 1;
  return channels <= colours || channels > 64 ? [] : Array.from({ length: channels - colours }, (_, i) => Math.min(extra[i] ?? 0, 3));
}

/** What no converter makes a right picture of, in words that go after "The TIFF file"; null where it may be read. */
export function findUnread(kind, hasMask) {
  const { channels, photometric, compression, extraChannels } = kind;
  const [bits, format] = [kind.bits[0] ?? 1, kind.formats[0] ?? whole];
  const { minIsWhite, lab, iccLab, ituLab, yCbCr } = photometrics;
  return kind.bits.some(other => other !== bits) || kind.formats.some(other => other !== format) ? ofSeveralKinds
    : hasMask ? ofMask
    : ![1, 2, 4, 8, 16, 32, 64].includes(bits) ? ofBits(bits)
    : channels > maxChannels ? `has ${channels} channels; four colours and one alpha at most are read. Save it with fewer.`
    : photometric === lab && bits === 8 ? 'stores its colours as Lab of 8 bits; Lab is read with 16. Save it so, or as RGB.'
    : photometric === lab && extraChannels.some(extra => extra === 1 || extra === 2) ? 'stores its colours as Lab beside alpha, which is not read here. Save it as RGB.'
    : photometric === iccLab || photometric === ituLab ? 'stores its colours as ICC or ITU Lab, which is not read here. Save it as RGB.'
    : photometric === yCbCr && ![6, 7].includes(compression) && kind.subsampling.join() === '1,1' ? 'stores its colours as YCbCr without compression, which is not read here. Save it as RGB.'
    : photometric === minIsWhite && extraChannels.includes(1) ? 'stores grey with white as 0 and multiplied by alpha, which is not read here. Save it with black as 0.'
    : !readCompressions.includes(compression) ? ofCompression
    : findUnreadNumbers(kind, bits, format);
}

/** What libvips would refuse, or read as other colours, because of how many channels there are and what numbers. */
function findUnreadNumbers({ channels, photometric }, bits, format) {
  const numbers = ![whole, unknown].includes(format) ? ofNumbers : bits === 8 || bits === 16 ? null : ofBits(bits);
  const { minIsWhite, minIsBlack, rgb, palette, inks, yCbCr, lab } = photometrics;
  switch (photometric) {
    case undefined:
      return null;
    case minIsWhite:
    case minIsBlack:
      return bits >= 8 ? numbers : channels === 1 ? null : ofBits(bits);
    case palette:
      return bits <= 8 ? null : numbers;
    case rgb:
      return channels < 3 ? ofLayout : format === floatingPoint && (bits === 16 || bits === 32) ? null : numbers;
    case inks:
      return channels < 4 ? ofLayout : numbers;
    case yCbCr:
      return channels !== 3 || format === floatingPoint ? ofLayout : bits === 8 ? null : ofBits(bits);
    case lab:
      return channels < 3 ? ofLayout : bits === 16 || (bits === 32 && format === floatingPoint) ? null : ofBits(bits);
    default:
      return ofLayout;
  }
}

// The formats that are read and written, identified by their content. The Content-Type of a request is ignored.
import { problems } from '../Converters.Node/problems.js';

export const formats = {
  jpeg: { mediaType: 'image/jpeg', title: 'JPEG', holdsGreyProfile: true },
  png: { mediaType: 'image/png', title: 'PNG', holdsGreyProfile: true },
  webp: { mediaType: 'image/webp', title: 'WebP', holdsFrames: true },
  gif: { mediaType: 'image/gif', title: 'GIF', holdsFrames: true },
  avif: { mediaType: 'image/avif', title: 'AVIF' },
  tiff: { mediaType: 'image/tiff', title: 'TIFF', holdsFrames: true, holdsGreyProfile: true },
};

const magic = {
  jpeg: ['\xFF\xD8\xFF'],
  png: ['\x89PNG\r\n\x1A\n'],
  gif: ['GIF87a', 'GIF89a'],
  // TIFF and BigTIFF, of both byte orders.
  tiff: ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'],
};

/** The name of a file's format; refuses what is none of them, and animations whose frames would be lost. */
export function identify(file) {
  if (file.length === 0) {
    throw notAnImage('The image is empty.');
  }

  const text = (from, to) => file.toString('latin1', from, to);
  const name = Object.keys(magic).find(format => magic[format].some(start => text(0, start.length) === start));
  if (name === 'png' && isAnimatedPng(file)) {
    throw notAnImage('This is an animated PNG, whose frames would be lost.');
  }

  if (name) {
    return name;
  }

  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') {
    return 'webp';
  }

  if (file.length >= 16 && text(4, 8) === 'ftyp') {
    // A box of this length lists the brands that the file can be read as.
    const brands = text(8, Math.min(Math.max(file.readUInt32BE(0), 12), file.length)).match(/.{4}/gs);
    if (brands[0] === 'avis') {
      throw notAnImage('This is an animated AVIF, whose frames would be lost.');
    }

    if (brands.includes('avif')) {
      return 'avif';
    }
  }

  throw notAnImage('These bytes are not a picture of a known format, whatever they are called.');
}

/** Whether the first bitstream of a WebP file is a lossless one (RFC 9649). */
export function isLosslessWebp(file) {
  // After "RIFF", length and "WEBP" come chunks; an animation's frames hold theirs after 16 bytes of their own.
  for (let at = 12; at + 8 <= file.length;) {
    const [type, length] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    if (type === 'VP8L' || type === 'VP8 ') {
      return type === 'VP8L';
    }

    at += type === 'ANMF' ? 8 + 16 : 8 + length + (length & 1);
  }

  return false;
}

/** An animated PNG has an acTL chunk before its first IDAT. */
function isAnimatedPng(file) {
  for (let at = 8; at + 8 <= file.length;) {
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'acTL' || type === 'IDAT') {
      return type === 'acTL';
    }

    // Length, type and checksum take 4 bytes each.
    at += 12 + file.readUInt32BE(at);
  }

  return false;
}

const notAnImage = what => problems.notAnImage(`${what} Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.`);

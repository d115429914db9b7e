// TIFF and BigTIFF (TIFF 6.0): tells camera raw files, leaves thumbnails out, and knows which channels are alpha.
import { damaged, ofPages, ofSizes, refuse } from '../decoderMessages.js';
import { problems } from '../../Converters.Node/problems.js';
import { extraChannelsOf, findUnread, mostValues, photometrics } from './tiffKind.js';

const tags = {
  subfileType: 254,
  oldSubfileType: 255,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  chromaSubsampling: 530,
};

/** A loop of directories ends here at the latest; pictures have far fewer pages. */
const maxDirectories = 20_000;

/** Of all directories, however often they come: what is read here is kept in memory. */
const maxEntries = 200_000;

export function prepareTiff(file) {
  const tiff = new Tiff(file);
  const pages = tiff.pages();
  if (tiff.isCameraRaw(pages)) {
    throw problems.notAnImage(
      'This is a camera raw file, which is no finished picture. Develop it first: open it in a raw converter or the camera\'s own program and export it. Send a JPEG, PNG, WebP, GIF, AVIF or TIFF picture.');
  }

  if (pages.some(page => tiff.lacksBits(page))) {
    // The library would ask for as much memory as the entry says.
    throw refuse('tiff', damaged);
  }

  const pictures = pages.filter(page => !page.isThumbnail);
  const first = pictures[0] ?? pages[0];
  const kind = first ? tiff.kindOf(first) : null;
  const reason = kind ? findUnread(kind, pictures.some(page => tiff.isMask(page))) : null;
  if (reason) {
    throw refuse('tiff', reason);
  }

  return {
    differenceOfPages: tiff.differenceOf(pictures),
    file: pictures.length > 0 && pictures.length < pages.length ? tiff.withPages(pages, pictures) : file,
    extraChannels: kind?.extraChannels,
  };
}

class Tiff {
  #file;
  #isBigEndian;
  #isBig;
  #entriesLeft = maxEntries;

  constructor(file) {
    this.#file = file;
    this.#isBigEndian = file[0] === 0x4D;
    this.#isBig = file[this.#isBigEndian ? 3 : 2] === 0x2B;
  }

  /** The chain of directories, as far as they lie in the file. */
  pages() {
    const pages = [];
    for (let link = this.#isBig ? 8 : 4; pages.length < maxDirectories;) {
      const offset = this.#read(link, this.#offsetBytes);
      const page = offset === 0 ? null : this.#readDirectory(offset, link);
      if (!page) {
        break;
      }

      pages.push(page);
      link = page.nextLink;
    }

    return pages;
  }

  isCameraRaw(pages) {
    if (['CR\x02'].includes(this.#file.toString('latin1', 8, 11)) || this.#file.toString('latin1', 8, 12) === 'IIII') {
      return true;
    }

    const open = [...pages];
    for (let seen = 0; seen < maxDirectories && open.length > 0; seen++) {
      const directory = open.pop();

      // The pattern of the colour filters, DNG's version; a sensor's kinds of pixels; cameras' own compressions.
      if ([33421, 33422, 50706].some(tag => directory.entries.has(tag))
        || [32803, 34892].includes(this.#first(directory, tags.photometric))
        || [32767, 32769, 34713, 65000, 65535].includes(this.#first(directory, tags.compression))) {
        return true;
      }

      for (const offset of this.#values(directory, tags.subDirectories, 64)) {
        const inner = this.#readDirectory(offset, 0);
        const next = inner ? this.#read(inner.nextLink, this.#offsetBytes) : 0;
        const sibling = next === 0 ? null : this.#readDirectory(next, 0);
        open.push(...[inner, sibling].filter(found => found));
      }
    }

    return false;
  }

  /** A copy in which the chain leads from picture to picture. */
  withPages(pages, pictures) {
    const copy = Buffer.from(this.#file);
    let link = pages[0].link;
    for (const { offset, nextLink } of [...pictures, { offset: 0 }]) {
      const number = Buffer.alloc(8);
      if (this.#isBigEndian) {
        number.writeBigUInt64BE(BigInt(offset));
        number.copy(copy, link, 8 - this.#offsetBytes);
      } else {
        number.writeBigUInt64LE(BigInt(offset));
        number.copy(copy, link, 0, this.#offsetBytes);
      }

      link = nextLink;
    }

    return copy;
  }

  kindOf(page) {
    const [channels, photometric] = [this.#first(page, tags.samplesPerPixel) ?? 1, this.#first(page, tags.photometric)];
    return {
      channels,
      photometric,
      bits: this.#values(page, tags.bitsPerSample, mostValues),
      compression: this.#first(page, tags.compression) ?? 0,
      formats: this.#values(page, tags.sampleFormat, mostValues),
      subsampling: this.#values(page, tags.chromaSubsampling, 2),
      extraChannels: extraChannelsOf(channels, photometric, this.#values(page, tags.extraSamples, mostValues)),
    };
  }

  /** Whether a page is no picture, but says where another one is transparent. */
  isMask(page) {
    return this.#first(page, tags.photometric) === photometrics.mask || ((this.#first(page, tags.subfileType) ?? 0) & 4) !== 0;
  }

  /** Why pages cannot be converted together; undefined where they can. */
  differenceOf(pictures) {
    const differ = (...of) => pictures.some(page => of.some(tag => this.#first(page, tag) !== this.#first(pictures[0], tag)));
    return differ(tags.width, tags.height) ? ofSizes
      : differ(tags.bitsPerSample, tags.samplesPerPixel, tags.photometric) ? ofPages
      : undefined;
  }

  get #offsetBytes() {
    return this.#isBig ? 8 : 4;
  }

  #readDirectory(offset, link) {
    const [countBytes, entryBytes] = this.#isBig ? [8, 20] : [2, 12];
    const count = this.#read(offset, countBytes);
    const start = offset + countBytes;
    const nextLink = start + count * entryBytes;
    if (count === 0 || count > this.#entriesLeft || nextLink + this.#offsetBytes > this.#file.length) {
      return null;
    }

    this.#entriesLeft -= count;
    const entries = new Map();
    for (let at = start; at < nextLink; at += entryBytes) {
      const tag = this.#read(at, 2);
      if (!entries.has(tag)) {
        entries.set(tag, at);
      }
    }

    const directory = { offset, link, nextLink, entries };
    directory.isThumbnail = ((this.#first(directory, tags.subfileType) ?? 0) & 1) === 1 || this.#first(directory, tags.oldSubfileType) === 2;
    return directory;
  }

  /** Whether the numbers of bits of a page's channels are said to lie in the file, and do not. */
  lacksBits(page) {
    const entry = page.entries.get(tags.bitsPerSample);
    if (entry === undefined) {
      return false;
    }

    const { size, count, start } = this.#locate(entry);
    return count > this.#file.length || start + size * count > this.#file.length;
  }

  #first(directory, tag) {
    return this.#values(directory, tag, 1)[0];
  }

  /** The values of an entry of whole numbers; none where there is no such entry, or where it lies outside of the file. */
  #values(directory, tag, most) {
    const at = directory.entries.get(tag);
    if (at === undefined) {
      return [];
    }

    const { size, count, start } = this.#locate(at);
    const values = [];
    for (let i = 0; size > 0 && i < Math.min(count, most) && start + (i + 1) * size <= this.#file.length; i++) {
      values.push(this.#read(start + i * size, size));
    }

    return values;
  }

  /** Where an entry's values lie: bytes of each, 0 where they are no whole numbers, how many there are, and the first. */
  #locate(entry) {
    const size = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }[this.#read(entry + 2, 2)] ?? 0;
    const count = this.#read(entry + 4, this.#offsetBytes);
    const place = entry + 4 + this.#offsetBytes;
    return { size, count, start: count * size <= this.#offsetBytes ? place : this.#read(place, this.#offsetBytes) };
  }

  #read(at, size) {
    if (at + size > this.#file.length) {
      return 0;
    }

    let value = 0;
    for (let i = 0; i < size; i++) {
      value = value * 256 + this.#file[at + (this.#isBigEndian ? i : size - 1 - i)];
    }

    return value;
  }
}

// JPEG (ITU-T T.81, annex B): how often it goes over its pixels, and whether it ends.
import { ofJpegDepth, ofJpegProcess, refuse } from '../decoderMessages.js';
import { problems } from '../../Converters.Node/problems.js';

/** Real files have about ten scans. A decoder reads all of them before it can be stopped. */
const maxScans = 100;
const maxScannedPixels = 1_000_000_000;
const coefficients = 64;

/** Ends a file that lacks nothing but its end marker, as browsers do. The decoder warns when it meets that before it has all pixels, and should warn of nothing else. */
export function prepareJpeg(file) {
  const { scans, pixels, isEnded, hasAllScans, process, precision, oddParameters } = walk(file);

  // One scan alone is not too many: then the picture is too large, and is refused as that.
  if (scans > maxScans || (scans > 1 && pixels * scans > maxScannedPixels)) {
    const say = number => number.toLocaleString('en-US');
    throw problems.tooManyPixels(
      `The JPEG file goes over its ${say(pixels)} pixels ${say(scans)} times (scans); at most ${say(maxScans)} scans and ${say(maxScannedPixels)} pixels, all scans together, are taken. Send it saved anew, as a JPEG that is not progressive.`);
  }

  if ([0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF].includes(process)) {
    throw refuse('jpeg', ofJpegProcess);
  }

  if (precision !== undefined && precision !== 8) {
    throw refuse('jpeg', ofJpegDepth);
  }

  if (isEnded || !hasAllScans) {
    return { file };
  }

  const ended = Buffer.concat([file, Buffer.from([0xFF, 0xD9])]);
  oddParameters.forEach(place => ended.set(usualParameters, place));
  return { file: ended, isJudgedStrictly: true };
}

/** The last bytes of a scan's header where the picture is not progressive: they mean nothing there. */
const usualParameters = [0, 63, 0];

/** Goes from marker to marker, up to the end of the first picture. */
function walk(file) {
  let [scans, pixels, isProgressive, isEnded] = [0, 0, false, false];

  // Of the first frame: its marker names the process.
  let [process, precision] = [undefined, undefined];

  // Where scans have other parameters than the usual ones, though they mean nothing.
  const oddParameters = [];

  // For each channel, how many low bits of each coefficient are still to come.
  const missingBits = new Map();
  for (let at = 2; !isEnded;) {
    at = file.indexOf(0xFF, at) + 1;
    if (at === 0 || at >= file.length) {
      break;
    }

    const marker = file[at];
    if (marker === 0xD9) {
      isEnded = true;
    } else if (marker <= 1 || (marker >= 0xD0 && marker <= 0xD8)) {
      at++;
    } else if (marker !== 0xFF) {
      const length = at + 3 <= file.length ? file.readUInt16BE(at + 1) : 0;
      if (length < 2 || at + 1 + length > file.length) {
        break;
      }

      const segment = file.subarray(at + 3, at + 1 + length);
      if (marker === 0xDA) {
        scans++;
        readScan(segment, at + 3);
      } else if (marker >= 0xC0 && marker <= 0xCF && ![0xC4, 0xC8, 0xCC].includes(marker) && segment.length >= 6) {
        readFrame(segment, marker);
      }

      at += 1 + length;
    }
  }

  const hasAllScans = missingBits.size > 0 && [...missingBits.values()].every(bits => bits.every(missing => missing === 0));
  return { scans, pixels, isEnded, hasAllScans, process, precision, oddParameters };

  /** Precision (1 byte), height (2), width (2), number of channels (1), then 3 bytes for each of them, the first its number. */
  function readFrame(segment, marker) {
    process ??= marker;
    precision ??= segment[0];
    isProgressive = [0xC2, 0xC6, 0xCA, 0xCE].includes(marker);
    pixels = Math.max(pixels, segment.readUInt16BE(1) * segment.readUInt16BE(3));
    for (let at = 6; at + 3 <= segment.length; at += 3) {
      if (!missingBits.has(segment[at])) {
        missingBits.set(segment[at], new Array(coefficients).fill(Infinity));
      }
    }
  }

  /** Channels (1 byte), 2 bytes for each of them, first and last coefficient, bits done before and still missing (4 each). */
  function readScan(segment, start) {
    const channels = segment[0] ?? 0;
    const parameters = 1 + 2 * channels;
    if (segment.length < parameters + 3) {
      return;
    }

    if (!isProgressive && scans <= maxScans && usualParameters.some((value, i) => segment[parameters + i] !== value)) {
      oddParameters.push(start + parameters);
    }

    const [first, last, missing] = isProgressive ? [segment[parameters], segment[parameters + 1], segment[parameters + 2] & 0xF] : [0, coefficients - 1, 0];
    for (let channel = 0; channel < channels; channel++) {
      const bits = missingBits.get(segment[1 + 2 * channel]) ?? [];
      for (let i = first; i <= Math.min(last, bits.length - 1); i++) {
        bits[i] = Math.min(bits[i], missing);
      }
    }
  }
}

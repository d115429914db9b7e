// Tables of ICC profiles (ICC.1:2010, 10.8 to 10.10) that lead from a device's colours to others.

/** Tables of 8 bits, of 16 bits, and those made of parts. */
export const tableTypes = ['mft1', 'mft2', 'mAB '];

/** XYZ or Lab. */
const outputChannels = 3;

/** Entries of a curve; the library reads no longer ones. */
const maxEntries = 0x7FFF;

const typeOf = (data, at = 0) => data.toString('latin1', at, at + 4);

/** Whether a table takes so many channels, and all of it lies in its tag. */
export const isWholeTable = (tag, channels) =>
  tag.length >= 32 && tag[8] === channels && tag[9] === outputChannels
  && (typeOf(tag) === 'mAB ' ? hasWholeParts(tag, channels) : hasWholeTables(tag, channels));

/** Points of the grid along each side (1 byte), a matrix, then tables for the input, the grid and the output. */
function hasWholeTables(tag, channels) {
  if (tag.length < 52 || tag[10] < 2) {
    return false;
  }

  const [start, bytes, input, output] = typeOf(tag) === 'mft2' ? [52, 2, tag.readUInt16BE(48), tag.readUInt16BE(50)] : [48, 1, 256, 256];
  const isUsual = entries => entries >= 2 && entries <= maxEntries;
  return isUsual(input) && isUsual(output)
    && start + bytes * (input * channels + tag[10] ** channels * outputChannels + output * outputChannels) <= tag.length;
}

/** Where its parts are: curves for the output, a matrix, curves, a grid, curves for the input; 0 for one that it has not. */
function hasWholeParts(tag, channels) {
  const [output, matrix, middle, grid, input] = [12, 16, 20, 24, 28].map(at => tag.readUInt32BE(at));
  return (grid === 0 ? channels === outputChannels : isWholeGrid(tag.subarray(grid), channels))
    && (input === 0 || areWholeCurves(tag, input, channels))
    && (middle === 0 || areWholeCurves(tag, middle, outputChannels))
    && (matrix === 0 || matrix + 12 * 4 <= tag.length)
    && (output === 0 || areWholeCurves(tag, output, outputChannels));
}

/** Points along each side (16 bytes), bytes of each value (1), three of filling, then the values. */
function isWholeGrid(grid, channels) {
  if (grid.length < 20) {
    return false;
  }

  const points = [...grid.subarray(0, channels)];
  const values = points.reduce((product, side) => product * side, outputChannels);
  return points.every(side => side >= 2) && [1, 2].includes(grid[16]) && 20 + values * grid[16] <= grid.length;
}

/** Curves one after the other, each from a multiple of four on. */
function areWholeCurves(tag, at, count) {
  for (; count > 0; count--) {
    const bytes = at + 12 > tag.length ? Infinity : bytesOfCurve(tag.subarray(at));
    if (at + bytes > tag.length) {
      return false;
    }

    at += Math.ceil(bytes / 4) * 4;
  }

  return true;
}

/** The length of a curve that begins here, of 12 bytes or more; endless where none does. */
export function bytesOfCurve(curve) {
  const entries = curve.readUInt32BE(8);
  return typeOf(curve) === 'curv' ? (entries <= maxEntries ? 12 + 2 * entries : Infinity)
    : typeOf(curve) === 'para' ? [16, 24, 28, 32, 40][curve.readUInt16BE(8)] ?? Infinity
    : Infinity;
}

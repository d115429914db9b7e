// The pixels: each block becomes the mean of its pixels' colours, weighted by how opaque they are.

/** Pixels between two checks of the time limit, the caller and other requests. */
const pixelsAtOnce = 1 << 20;

/**
 * @param {Uint8Array|Uint16Array} pixels Channel by channel within pixel by pixel, row by row, frame by frame.
 * @param {{ width: number, height: number, frames: number, channels: number, hasAlpha: boolean }} shape Height is that of one frame.
 * @param {number} size The side of a block; blocks at the right and lower edges are what is left.
 * @param {(done: number) => Promise<void>} pause Receives the part that is done; may throw to end the work.
 * @returns One pixel per block, in the same form.
 */
export async function blockMeans(pixels, { width, height, frames, channels, hasAlpha }, size, pause) {
  const [columns, rows] = [Math.ceil(width / size), Math.ceil(height / size)];
  const blocks = new pixels.constructor(columns * rows * frames * channels);
  const colours = hasAlpha ? channels - 1 : channels;
  const sums = new Float64Array(columns * channels);
  const counts = new Float64Array(columns);
  let since = 0;
  for (let row = 0; row < rows * frames; row++) {
    const top = Math.floor(row / rows) * height + (row % rows) * size;
    const bottom = Math.min(top + size, (Math.floor(row / rows) + 1) * height);
    sums.fill(0);
    counts.fill(0);
    for (let y = top; y < bottom; y++) {
      addRow(pixels, y * width * channels, width, channels, colours, hasAlpha, size, sums, counts);
    }

    for (let column = 0; column < columns; column++) {
      const [at, to] = [column * channels, (row * columns + column) * channels];
      const weight = hasAlpha ? sums[at + colours] : counts[column];
      for (let channel = 0; channel < colours; channel++) {
        blocks[to + channel] = weight > 0 ? Math.round(sums[at + channel] / weight) : 0;
      }

      if (hasAlpha) {
        blocks[to + colours] = Math.round(sums[at + colours] / counts[column]);
      }
    }

    since += (bottom - top) * width;
    if (since >= pixelsAtOnce) {
      since = 0;
      await pause((row + 1) / (rows * frames));
    }
  }

  return blocks;
}

/**
 * Makes the colours of fully transparent pixels black: nobody sees them, and nobody should find them in the file.
 * @param {number} lostBits How many lower bits of alpha the file does not hold: what they alone make visible is transparent there, too.
 */
export function removeHiddenColours(pixels, channels, lostBits) {
  for (let at = 0; at < pixels.length; at += channels) {
    if (pixels[at + channels - 1] >> lostBits === 0) {
      pixels.fill(0, at, at + channels);
    }
  }
}

/** One frame with a block of pixels for each of the pixels given, cut to its size at the right and lower edges. */
export function enlarged(blocks, { width, height, channels }, size) {
  const columns = Math.ceil(width / size);
  const pixels = new blocks.constructor(width * height * channels);
  for (let top = 0, row = 0; top < height; top += size, row++) {
    const start = top * width * channels;
    for (let x = 0, to = start; x < width; x++) {
      for (let from = (row * columns + Math.floor(x / size)) * channels, channel = 0; channel < channels; channel++) {
        pixels[to++] = blocks[from++];
      }
    }

    for (let y = top + 1; y < Math.min(top + size, height); y++) {
      pixels.copyWithin(y * width * channels, start, start + width * channels);
    }
  }

  return pixels;
}

function addRow(pixels, start, width, channels, colours, hasAlpha, size, sums, counts) {
  let at = start;
  for (let left = 0, column = 0; left < width; left += size, column++) {
    const to = column * channels;
    const right = Math.min(left + size, width);
    counts[column] += right - left;
    for (let x = left; x < right; x++, at += channels) {
      const weight = hasAlpha ? pixels[at + colours] : 1;
      for (let channel = 0; channel < colours; channel++) {
        sums[to + channel] += weight * pixels[at + channel];
      }

      if (hasAlpha) {
        sums[to + colours] += weight;
      }
    }
  }
}

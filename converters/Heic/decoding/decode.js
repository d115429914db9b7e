// Decodes a picture with libheif's C interface, whose structures are laid out as in its headers (32 bits).
// https://github.com/strukturag/libheif/tree/master/libheif/api/libheif

/** What libheif says of a file that it does not decode. */
export class DecodingError extends Error {}

/** Bytes of heif_error: code, further code, a pointer to the message. */
const errorBytes = 12;

/** In heif_decoding_options: whether colours stay those of the file. By itself, libheif changes those of nclx to sRGB. */
const [versionWithPassthrough, passthrough] = [10, 69];

/** In heif_security_limits: the most pixels of an image, in 8 bytes. */
const maxPixelsAt = 8;

/** How many times the limit of a picture the decoder's own may be: it pads what it decodes to whole units. */
const roomForPadding = 1.25;

/**
 * @param library libheif.
 * @param {Uint8Array} file
 * @param {{ width: number, height: number, view: View, bits: number, isGrey: boolean, hasAlpha: boolean, isPremultiplied: boolean, maxPixels: number }}
 *   picture What its container says; the file itself asks for no turns and cuts.
 * @returns {{ values: Uint8Array | Uint16Array, width: number, height: number, channels: number }} Upright; of 8 or 16 bits, grey or RGB, with alpha
 * where there is one, not multiplied by it, and black where nothing is seen.
 */
export function decode(library, file, picture) {
  const scratch = library._malloc(errorBytes + 8);
  const result = scratch + errorBytes;
  const bytes = library._malloc(file.length);
  const context = library._heif_context_alloc();
  const options = library._heif_decoding_options_alloc();
  let [handle, image] = [0, 0];
  try {
    if (library.HEAPU8[options] < versionWithPassthrough) {
      throw new Error('libheif has other options: libheif-js is not the version that this was written for.');
    }

    library.HEAPU8[options + passthrough] = 1;
    new DataView(library.HEAPU8.buffer)
      .setBigUint64(library._heif_context_get_security_limits(context) + maxPixelsAt, BigInt(Math.ceil(picture.maxPixels * roomForPadding)), true);
    library.HEAPU8.set(file, bytes);
    ensureOk(library._heif_context_read_from_memory_without_copy, context, bytes, file.length, 0);
    ensureOk(library._heif_context_get_primary_image_handle, context, result);
    handle = pointer(result);
    const { heif_colorspace_RGB: rgb } = library.heif_colorspace;
    const chroma = library.heif_chroma[`heif_chroma_interleaved_${picture.bits > 8 ? 'RRGGBB' : 'RGB'}${alphaName(picture)}`];
    ensureOk(library._heif_decode_image, handle, result, rgb.value, chroma.value, options);
    image = pointer(result);
    return pixels();
  } finally {
    library._heif_image_release(image);
    library._heif_image_handle_release(handle);
    library._heif_decoding_options_free(options);
    library._heif_context_free(context);
    library._free(bytes);
    library._free(scratch);
  }

  function pointer(at) {
    return library.HEAPU32[at >> 2];
  }

  function ensureOk(call, ...parameters) {
    call(scratch, ...parameters);
    if (pointer(scratch) !== 0) {
      const start = pointer(scratch + 8);
      throw new DecodingError(Buffer.from(library.HEAPU8.subarray(start, library.HEAPU8.indexOf(0, start))).toString());
    }
  }

  function pixels() {
    const channel = library.heif_channel.heif_channel_interleaved.value;
    const [width, height] = [library._heif_image_get_width(image, channel), library._heif_image_get_height(image, channel)];
    const bits = library._heif_image_get_bits_per_pixel_range(image, channel);
    const start = library._heif_image_get_plane_readonly2(image, channel, result);
    const stride = pointer(result);
    const plane = picture.bits > 8
      ? new Uint16Array(library.HEAPU8.buffer, start, height * stride / 2)
      : new Uint8Array(library.HEAPU8.buffer, start, height * stride);
    if (width !== picture.width || height !== picture.height) {
      throw new DecodingError(`The decoded picture has ${width} × ${height} pixels.`);
    }

    return toResult(plane, stride / plane.BYTES_PER_ELEMENT, bits, picture);
  }
}

const alphaName = ({ bits, hasAlpha }) => (bits > 8 ? `${hasAlpha ? 'AA' : ''}_LE` : hasAlpha ? 'A' : '');

/** Copies what is seen, with values stretched from 0 to what 8 or 16 bits hold. */
function toResult(plane, stride, bits, { view, isGrey, hasAlpha, isPremultiplied }) {
  const { width, height, x, y } = view;
  const stored = hasAlpha ? 4 : 3;
  const colours = isGrey ? 1 : 3;
  const channels = colours + (hasAlpha ? 1 : 0);
  const values = new plane.constructor(width * height * channels);
  const [from, to] = [2 ** bits - 1, values.BYTES_PER_ELEMENT === 2 ? 65535 : 255];
  const stretched = value => (from === to ? value : Math.min(Math.round(value * to / from), to));

  // How far the next pixel, the next row and the first pixel are.
  const [across, down, first] = [0, 1, 2].map(i => stored * x[i] + stride * y[i]);
  let target = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0, source = first + down * row; column < width; column++, source += across) {
      const alpha = hasAlpha ? plane[source + 3] : from;
      for (let colour = 0; colour < colours; colour++) {
        const value = plane[source + colour];
        values[target++] = alpha === 0 ? 0 : isPremultiplied ? Math.min(Math.round(value * to / alpha), to) : stretched(value);
      }

      if (hasAlpha) {
        values[target++] = stretched(alpha);
      }
    }
  }

  return { values, width, height, channels };
}

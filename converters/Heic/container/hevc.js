// HEVC (ITU-T H.265), as far as its units tell how large a picture is: what they say counts for the decoder, whatever the container says.

const [sequenceParameters, firstOfNoPicture] = [33, 32];

/** Units that are looked at in one item; real ones have a handful, and one for each slice. */
const mostUnits = 20_000;

/**
 * What a decoder is set up with: the hvcC property.
 * @throws {RangeError} It is too short for what it should hold.
 */
export function readConfiguration(data) {
  const units = [];
  let at = 23;
  for (let lists = data.readUInt8(22); lists > 0; lists--) {
    let count = data.readUInt16BE(at + 1);
    for (at += 3; count > 0; count--) {
      const length = data.readUInt16BE(at);
      units.push(data.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }

  return { lengthBytes: (data[21] & 3) + 1, chroma: data[16] & 3, bits: (data[17] & 7) + 8, units };
}

/** The units of an item's data, each after its length (4 bytes); null where they do not fill it to its end. */
export function readUnits(data) {
  const units = [];
  let at = 0;
  while (at + 4 <= data.length && units.length < mostUnits) {
    const length = data.readUInt32BE(at);
    units.push(data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }

  return at === data.length ? units : null;
}

const typeOf = unit => (unit.length < 3 ? undefined : (unit[0] >> 1) & 0x3F);
const isOfFirstLayer = unit => (((unit[0] & 1) << 5) | (unit[1] >> 3)) === 0;

/** Whether a unit is the first slice of a picture. */
export const beginsPicture = unit => typeOf(unit) < firstOfNoPicture && isOfFirstLayer(unit) && (unit[2] & 0x80) !== 0;

/**
 * Width and height of the pictures that a unit describes, before anything is cut off; null for units that describe none.
 * @throws {RangeError} It ends too early.
 */
export function describedSize(unit) {
  if (typeOf(unit) !== sequenceParameters || !isOfFirstLayer(unit)) {
    return null;
  }

  // The identifier of the parameters above, the number of sub-layers but one (3 bits), a flag; then profile and level of all of them.
  const bits = bitsOf(unit.subarray(2));
  bits.skip(4);
  const subLayers = bits.read(3);
  bits.skip(1 + 88 + 8);
  const present = Array.from({ length: subLayers }, () => [bits.read(1), bits.read(1)]);
  bits.skip(subLayers > 0 ? 2 * (8 - subLayers) : 0);
  present.forEach(([hasProfile, hasLevel]) => bits.skip(88 * hasProfile + 8 * hasLevel));
  bits.readVariable();
  if (bits.readVariable() === 3) {
    bits.skip(1);
  }

  return { width: bits.readVariable(), height: bits.readVariable() };
}

/** Reads bits, most significant first, without the bytes that keep a unit from looking like the start of another one (00 00 03). */
function bitsOf(unit) {
  let [at, mask, zeros] = [0, 0x80, 0];
  const read = count => {
    let value = 0;
    for (; count > 0; count--) {
      if (at >= unit.length) {
        throw new RangeError('The parameters end too early.');
      }

      value = value * 2 + ((unit[at] & mask) === 0 ? 0 : 1);
      mask >>= 1;
      if (mask === 0) {
        zeros = unit[at] === 0 ? zeros + 1 : 0;
        [at, mask] = [at + 1, 0x80];
        if (zeros >= 2 && unit[at] === 3) {
          [at, zeros] = [at + 1, 0];
        }
      }
    }

    return value;
  };
  const readVariable = () => {
    let length = 0;
    while (read(1) === 0) {
      length++;
    }

    return 2 ** Math.min(length, 32) - 1 + read(Math.min(length, 32));
  };
  return { read, readVariable, skip: count => void read(count) };
}

// The cuts, turns and mirrorings that a file asks for (ISO/IEC 23008-12, 6.5), in the order in which an item has them. They are done here and not by
// libheif, which takes a cut picture for one that is larger than it says to be.

const types = ['clap', 'irot', 'imir'];

/** Where it is said which transforms an item has. */
export const placesOf = item => item.properties.filter(({ type }) => types.includes(type)).map(({ from, to }) => ({ from, to }));

/**
 * @typedef {{ width: number, height: number, x: number[], y: number[] }} View A picture as it is seen: its pixel (i, j) is the stored one at
 * x[0]·i + x[1]·j + x[2], and y likewise.
 */

/**
 * What is seen of an item's picture.
 * @returns {View | null} Null where nothing is left, or a number makes no sense.
 * @throws {RangeError} A property is too short for what it should hold.
 */
export function viewOf(file, item, { width, height }) {
  let view = { width, height, x: [1, 0, 0], y: [0, 1, 0] };
  for (const { type, start, end } of item.properties) {
    if (type === 'clap') {
      const piece = pieceOf(file.subarray(start, end), view);
      if (piece === null) {
        return null;
      }

      view = { ...seenThrough(view, [1, 0, piece.left], [0, 1, piece.top]), width: piece.width, height: piece.height };
    } else if (type === 'irot') {
      // Quarters of a turn to the left.
      for (let quarters = file.readUInt8(start) & 3; quarters > 0; quarters--) {
        view = { ...seenThrough(view, [0, -1, view.width - 1], [1, 0, 0]), width: view.height, height: view.width };
      }
    } else if (type === 'imir') {
      // Top and bottom exchanged (0), or left and right (1).
      view = (file.readUInt8(start) & 1) === 0
        ? seenThrough(view, [1, 0, 0], [0, -1, view.height - 1])
        : seenThrough(view, [-1, 0, view.width - 1], [0, 1, 0]);
    }
  }

  return view;
}

/** Width and height, and the distance of its middle from the picture's, each as a fraction. */
function pieceOf(data, { width, height }) {
  const side = (at, whole, rounded) => {
    const length = data.readUInt32BE(at) / data.readUInt32BE(at + 4);
    const start = rounded(data.readInt32BE(at + 16) / data.readUInt32BE(at + 20) + (whole - length) / 2);
    const from = Math.max(0, start);
    return [from, Math.min(whole, start + Math.round(length)) - from];
  };

  // A start of half a pixel is as in libheif.
  const [[left, across], [top, down]] = [side(0, width, Math.floor), side(8, height, Math.round)];
  return across >= 1 && down >= 1 ? { left, top, width: across, height: down } : null;
}

/** What is seen of a view where each of its pixels is looked for at x and y. */
function seenThrough(view, x, y) {
  const through = ([a, b, c]) => [a * x[0] + b * y[0], a * x[1] + b * y[1], a * x[2] + b * y[2] + c];
  return { ...view, x: through(view.x), y: through(view.y) };
}

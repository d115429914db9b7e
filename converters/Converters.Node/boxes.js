// Boxes of an ISO base media file (ISO/IEC 14496-12): length, type of 4 letters, data.

/**
 * The whole boxes between two places.
 * @param {{ left: number }} budget How many more are looked at, in all of a file.
 */
export function boxes(file, start, end, budget) {
  const found = [];
  for (let at = start; at + 8 <= end && budget.left > 0; budget.left--) {
    let [length, header] = [file.readUInt32BE(at), 8];
    if (length === 1 && at + 16 <= end) {
      [length, header] = [Number(file.readBigUInt64BE(at + 8)), 16];
    }

    length = length === 0 ? end - at : length;
    if (length < header || at + length > end) {
      break;
    }

    found.push({ type: file.toString('latin1', at + 4, at + 8), start: at + header, end: at + length });
    at += length;
  }

  return found;
}

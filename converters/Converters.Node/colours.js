// What the values of red, green and blue mean: primaries, white, and how values grow to light.
const d65 = [0.3127, 0.3290];

/** White, red, green and blue as x and y of CIE 1931. */
const srgb = [...d65, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06];

/** A value x becomes light: (a·x + b)^g from d on, and c·x below: g, a, b, c, d. */
const srgbCurve = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
export const powerCurve = gamma => [gamma, 1, 0, 0, 0];

/** ITU-R BT.1886: how displays, and browsers, show what was filmed by BT.709, 601 and 2020. */
const bt1886Curve = powerCurve(2.4);

/** By the numbers of ITU-T H.273, as PNG's cICP and AVIF's nclx have them. */
const smpte170 = [...d65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070];
const codedPrimaries = {
  1: srgb,
  4: [0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08],
  5: [...d65, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06],
  6: smpte170,
  7: smpte170,
  8: [0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049],
  9: [...d65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046],
  11: [0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060],
  12: [...d65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060],
  22: [...d65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077],
};
const codedCurves = {
  1: bt1886Curve,
  4: powerCurve(2.2),
  5: powerCurve(2.8),
  6: bt1886Curve,
  7: [1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912],
  8: powerCurve(1),
  11: bt1886Curve,
  13: srgbCurve,
  14: bt1886Curve,
  15: bt1886Curve,
  17: [2.6, (52.37 / 48) ** (1 / 2.6), 0, 0, 0],
};

/** Null for numbers that mean nothing here, HDR's among them (16 and 18): such colours count as sRGB. */
export function codedColours(primaries, transfer) {
  const [found, curve] = [codedPrimaries[primaries], codedCurves[transfer]];
  return found && curve ? { primaries: found, curve, isSrgb: found === srgb && curve === srgbCurve } : null;
}

/** Primaries that a colour can be computed with; sRGB's where these cannot. */
export const primariesOf = values =>
  (values && [1, 3, 5, 7].every(y => values[y] > 0) && toXyz(values).flat().every(value => Math.abs(value) < 100) ? values : srgb);

/** Bradford's matrix, to cones. */
const cones = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];
export const d50 = [0.9642, 1, 0.8249];

/** X, Y and Z of red, of green and of blue, relative to D50. */
export function toXyz(primaries) {
  const [white, ...columns] = [0, 2, 4, 6].map(i => xyz(primaries[i], primaries[i + 1]));
  const shares = multiply(inverse(transposed(columns)), white);

  // White's cones answer as D50's do: by so much each answer is scaled.
  const [from, to] = [multiply(cones, white), multiply(cones, d50)];
  return columns.map((column, i) =>
    multiply(inverse(cones), multiply(cones, column.map(value => value * shares[i])).map((answer, cone) => answer * to[cone] / from[cone])));
}

const xyz = (x, y) => [x / y, 1, (1 - x - y) / y];
const multiply = (matrix, vector) => matrix.map(row => row.reduce((sum, value, i) => sum + value * vector[i], 0));
const transposed = matrix => [0, 1, 2].map(i => matrix.map(row => row[i]));

/** By cofactors. */
function inverse(m) {
  const cofactor = (row, column) => {
    const [r1, r2, c1, c2] = [(row + 1) % 3, (row + 2) % 3, (column + 1) % 3, (column + 2) % 3];
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  };
  const determinant = [0, 1, 2].reduce((sum, i) => sum + m[0][i] * cofactor(0, i), 0);
  return [0, 1, 2].map(row => [0, 1, 2].map(column => cofactor(column, row) / determinant));
}

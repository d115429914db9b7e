// What a recipe's original was like, so that the last step can make the same of its result. Its text goes from step to step: "webp-8-lossless-full".

const pattern = /^(jpeg|png|webp|gif|avif|tiff)-([1-9]|1[0-6])(-lossless)?(-full)?$/;

/** @returns {{ format: string, bits: number, isLossless: boolean, hasFullChroma: boolean } | null} Null for a text that none of these has. */
export function parseOriginal(text) {
  const [, format, bits, lossless, full] = pattern.exec(text) ?? [];
  return format ? { format, bits: Number(bits), isLossless: lossless !== undefined, hasFullChroma: full !== undefined } : null;
}

export const originalText = ({ format, bits, isLossless, hasFullChroma }) =>
  `${format}-${bits}${isLossless ? '-lossless' : ''}${hasFullChroma ? '-full' : ''}`;

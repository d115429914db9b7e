// The descriptor, and the query string checked as it says.
import { formats } from './formats.js';
import { problems } from './problems.js';

const properties = {
  size: {
    title: 'Block size',
    description: 'The side of a block in pixels.',
    type: 'number',
    minimum: 2,
    maximum: 200,
    default: 16,
    multipleOf: 1,
  },
  format: {
    title: 'Format',
    description: 'What the result is saved as; the input\'s format when left out. JPEG takes the first frame, on white.',
    type: 'string',
    enum: ['jpeg', 'png', 'webp', 'avif'],
  },
  quality: {
    title: 'Quality',
    description: 'Of a JPEG, a WebP or an AVIF: small files below, fine ones above; what each format needs to look as before when left out.',
    type: 'number',
    minimum: 1,
    maximum: 100,
    multipleOf: 1,
  },
};

const mediaTypes = Object.values(formats).map(format => format.mediaType);

export const descriptor = {
  name: 'pixelate',
  title: 'Pixelate',
  description: 'Turns a picture into a mosaic of square blocks, each in the mean of its colours.',
  category: 'effect',
  version: 1,
  public: true,
  accelerator: false,
  formats: { input: mediaTypes, output: mediaTypes },
  result: { scale: 1 },
  parameters: { type: 'object', additionalProperties: false, properties },
};

/** The parameters' values; those not given have their default. */
export function readParameters(query) {
  const values = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, property.default]));
  for (const name of new Set(query.keys())) {
    const property = Object.hasOwn(properties, name) ? properties[name] : null;
    if (!property) {
      throw problems.invalidParameters(`There is no parameter '${shortened(name)}' here. Use only: ${Object.keys(properties).join(', ')}.`);
    }

    const texts = query.getAll(name);
    const value = property.enum ? texts[0] : numberOf(texts[0]);
    const isAllowed = property.enum?.includes(value) ?? (Number.isInteger(value) && value >= property.minimum && value <= property.maximum);
    if (texts.length > 1 || !isAllowed) {
      const allowed = property.enum ? `one of ${property.enum.join(', ')}` : `a whole number from ${property.minimum} to ${property.maximum}`;
      throw problems.invalidParameters(`The parameter '${name}' must be ${allowed}, given once; it was '${shortened(texts.join(','))}'.`);
    }

    values[name] = value;
  }

  return values;
}

const numberOf = text => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN);
const shortened = text => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

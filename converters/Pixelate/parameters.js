// The descriptor, and what reads the query string as it says.
import { formats } from './formats.js';
import { parameterReader } from '../Converters.Node/parameters.js';

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
  lossless: true,
  formats: { input: mediaTypes, output: mediaTypes },
  result: { scale: 1 },
  parameters: { type: 'object', additionalProperties: false, properties },
};

export const readParameters = parameterReader(properties, { canBeLossless: true });

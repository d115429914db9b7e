// The descriptor, and what reads the query string as it says.
import { parameterReader } from '../Converters.Node/parameters.js';

const properties = {
  format: {
    title: 'Format',
    description: 'What the result is saved as. A JPEG is of 8 bits, on white.',
    type: 'string',
    enum: ['png', 'jpeg'],
    default: 'png',
  },
  side: {
    title: 'Side',
    description: 'The most pixels that the result is wide and high. Without it, it has as many as the picture.',
    type: 'integer',
    minimum: 1,
    maximum: 16383,
  },
};

export const descriptor = {
  name: 'heic',
  title: 'HEIC',
  description: 'Decodes a HEIC or HEIF picture, as phones take them, for the converters that are asked for.',
  category: 'file',
  version: 2,
  public: false,
  accelerator: false,
  lossless: false,
  formats: { input: ['image/heic', 'image/heif'], output: ['image/png', 'image/jpeg'] },
  result: { scale: 1 },
  parameters: { type: 'object', additionalProperties: false, properties },
};

export const readParameters = parameterReader(properties);

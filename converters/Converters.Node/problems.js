// The responses of requests that get no picture: application/problem+json (RFC 9457).
export class Problem extends Error {
  static mediaType = 'application/problem+json';

  constructor(type, status, title, detail, headers = {}) {
    super(detail);
    this.type = type;
    this.status = status;
    this.headers = headers;
    this.body = JSON.stringify({ type: `urn:image-editor:problem:${type}`, title, status, detail });
  }
}

const kind = (type, status, title, headers) => detail => new Problem(type, status, title, detail, headers);

export const problems = {
  invalidParameters: kind('invalid-parameters', 400, 'The request is not right'),
  notFound: kind('not-found', 404, 'There is nothing here'),
  methodNotAllowed: kind('method-not-allowed', 405, 'This cannot be done here'),
  tooLarge: kind('too-large', 413, 'Too many bytes'),
  notAnImage: kind('not-an-image', 415, 'Not an image that can be read'),
  tooManyPixels: kind('too-many-pixels', 422, 'Too many pixels'),
  sideTooLong: kind('side-too-long', 422, 'A side is too long'),
  tooManyFrames: kind('too-many-frames', 422, 'Too many frames'),
  notDecodable: kind('not-decodable', 422, 'The image cannot be decoded'),
  internalError: kind('internal-error', 500, 'Something went wrong here'),
  timeLimit: kind('time-limit', 504, 'The conversion took too long'),
  full: kind('full', 503, 'No slot is free', { 'Retry-After': '1' }),
};

/** A result that another converter was to go on with: what fits between two steps is a limit of pictures, not of the request. */
export const tooLargeForSteps = maxBytes => problems.tooManyPixels(
  `The result of this step would have more than ${maxBytes / 1_000_000} MB without loss, the most that fits between two steps. Start from a smaller picture, or make it smaller in an earlier step.`);

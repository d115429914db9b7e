// The limits that a picture's header is held against, before a pixel is decoded.
import { problems } from './problems.js';
import { settings } from './settings.js';

export function checkLimits(width, height, frames) {
  const say = number => number.toLocaleString('en-US');
  if (frames > settings.maxFrames) {
    throw problems.tooManyFrames(`The picture has ${say(frames)} frames or pages; at most ${say(settings.maxFrames)} are taken. Send fewer of them.`);
  }

  if (Math.max(width, height) > settings.maxSide) {
    throw problems.sideTooLong(`The picture has ${say(width)} × ${say(height)} pixels; a side may have at most ${say(settings.maxSide)}. Send a cropped or smaller one.`);
  }

  if (width * height * frames > settings.maxPixels) {
    throw problems.tooManyPixels(
      `The picture has ${say(width * height * frames)} pixels in ${say(frames)} frame(s); at most ${say(settings.maxPixels)} are taken, all frames together. Send a smaller one.`);
  }
}

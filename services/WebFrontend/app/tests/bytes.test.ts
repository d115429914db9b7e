import { describe, expect, test } from 'vitest';
import { describeBytes } from '../src/pictures/bytes';

describe('bytes', () => {
  test('describeBytes_SmallAndLarge_UsesKilobytesAndMegabytes', () => {
    expect([12, 34_400, 999_499, 999_500, 1_440_000].map(describeBytes)).toEqual(['1 kB', '34 kB', '999 kB', '1.0 MB', '1.4 MB']);
  });
});

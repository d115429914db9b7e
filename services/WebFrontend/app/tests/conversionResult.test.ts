import { describe, expect, test } from 'vitest';
import { describeFindings, resultName } from '../src/editor/conversionResult';

describe('result of a conversion', () => {
  test('resultName_ChangedFormat_ChangesTheExtension', () => {
    expect(resultName('my.cat.png', 'contrast', 'image/jpeg')).toBe('my.cat-contrast.jpg');
    expect(resultName('cat', 'upscale', 'image/webp')).toBe('cat-upscale.webp');
    expect(resultName('.png', 'upscale', 'image/tiff')).toBe('picture-upscale.tif');
  });

  test('describeFindings_JsonObject_BecomesPairs', () => {
    expect(describeFindings('{"faces":2,"box":[1,2]}')).toEqual([['faces', '2'], ['box', '[1,2]']]);
  });

  test.each([null, '', '7', 'null', '{', '[1]'])('describeFindings %s_IsEmpty', (json) => {
    expect(describeFindings(json)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { ACCEPTED_FORMATS, extensionOf, formatName, formatNameOfValue, listFormats, mayBePicture } from '../src/pictures/formats';

describe('formats', () => {
  test('formatName_KnownAndOther_NamesIt', () => {
    expect(['image/webp', 'image/bmp', ''].map(formatName)).toEqual(['WebP', 'BMP', 'Unknown format']);
  });

  test('formatNameOfValue_OfASetting_NamesFormatsOnly', () => {
    expect(['jpeg', 'avif', 'mosaic'].map(formatNameOfValue)).toEqual(['JPEG', 'AVIF', null]);
  });

  test('extensionOf_KnownAndOther_IsWhatFilesEndWith', () => {
    expect(['image/jpeg', 'image/png', 'image/tiff', 'image/bmp'].map(extensionOf)).toEqual(['jpg', 'png', 'tif', 'bmp']);
  });

  test('listFormats_WithAWord_NamesAll', () => {
    expect(listFormats('or')).toBe('JPEG, PNG, WebP, GIF, AVIF or TIFF');
  });

  test('ACCEPTED_FORMATS_NamesMediaTypesAndTheEndingsOfTiff', () => {
    expect(ACCEPTED_FORMATS).toBe('image/jpeg,image/png,image/webp,image/gif,image/avif,image/tiff,.tif,.tiff');
  });

  test('mayBePicture_OfAnUnknownType_IsLeftToTheServer', () => {
    const file = (type: string) => new File([], 'file', { type });
    expect(['image/png', '', 'text/plain'].map((type) => mayBePicture(file(type)))).toEqual([true, true, false]);
  });
});

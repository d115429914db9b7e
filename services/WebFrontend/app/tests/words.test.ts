import { describe, expect, test } from 'vitest';
import { describeBytes, describeFindings, describeRun, progressOf, resultName } from '../src/editor/words';
import { fitOf, pan, zoomAt } from '../src/viewer/view';

describe('words', () => {
  test('describeRun_EachState_SaysHowItStands', () => {
    expect(describeRun({ phase: 'queued', position: 3 })).toBe('Number 3 in the queue');
    expect(describeRun({ phase: 'queued', position: 1 })).toBe('Next in the queue');
    expect(describeRun({ phase: 'running', progress: 0.429, preview: null })).toBe('Converting, 42 %');
    expect(describeRun({ phase: 'running', progress: null, preview: null })).toBe('Converting');
    expect(describeRun({ phase: 'waiting', problem: { title: 'Many wait', detail: '', type: 'queue-full' }, retryAt: 0 })).toBe('Many wait');
  });

  test('progressOf_WithoutAFigure_IsUnknown', () => {
    expect(progressOf({ phase: 'running', progress: null, preview: null })).toBeNull();
    expect(progressOf({ phase: 'running', progress: 0.5, preview: null })).toBe(0.5);
    expect(progressOf({ phase: 'queued', position: 1 })).toBeNull();
  });

  test('resultName_ChangedFormat_ChangesTheExtension', () => {
    expect(resultName('my.cat.png', 'contrast', 'image/jpeg')).toBe('my.cat-contrast.jpg');
    expect(resultName('cat', 'upscale', 'image/webp')).toBe('cat-upscale.webp');
    expect(resultName('.png', 'upscale', 'image/tiff')).toBe('picture-upscale.tif');
  });

  test('describeBytes_SmallAndLarge_UsesKilobytesAndMegabytes', () => {
    expect([12, 34_400, 999_499, 999_500, 1_440_000].map(describeBytes)).toEqual(['1 kB', '34 kB', '999 kB', '1.0 MB', '1.4 MB']);
  });

  test('describeFindings_JsonObject_BecomesPairs', () => {
    expect(describeFindings('{"faces":2,"box":[1,2]}')).toEqual([['faces', '2'], ['box', '[1,2]']]);
  });

  test.each([null, '', '7', 'null', '{', '[1]'])('describeFindings %s_IsEmpty', (json) => {
    expect(describeFindings(json)).toEqual([]);
  });
});

describe('view', () => {
  test('fitOf_LargePicture_ShrinksIt', () => {
    expect(fitOf({ width: 4000, height: 1000 }, { width: 800, height: 600 })).toBeCloseTo(0.2);
  });

  test('fitOf_PictureThatFits_IsShownAsItIs', () => {
    expect(fitOf({ width: 400, height: 300 }, { width: 800, height: 600 })).toBe(1);
  });

  test('fitOf_TinyPicture_IsMagnified', () => {
    expect(fitOf({ width: 8, height: 4 }, { width: 800, height: 600 })).toBe(40);
  });

  test('zoomAt_APoint_KeepsItInPlace', () => {
    const view = zoomAt({ scale: 1, x: 10, y: -20 }, 2, 100, 50);
    // What was at the point before: (100 - 10) / 1 from the picture's middle.
    expect(view.x + 90 * view.scale).toBeCloseTo(100);
    expect(view.y + 70 * view.scale).toBeCloseTo(50);
  });

  test('zoomAt_PastItsLimits_Stops', () => {
    expect(zoomAt({ scale: 1, x: 0, y: 0 }, 1000, 0, 0).scale).toBe(40);
    expect(zoomAt({ scale: 1, x: 0, y: 0 }, 0.001, 0, 0).scale).toBe(0.5);
  });

  test('pan_TooFar_KeepsThePictureInSight', () => {
    expect(pan({ scale: 2, x: 0, y: 0 }, 1000, -1000, { width: 100, height: 60 })).toEqual({ scale: 2, x: 100, y: -60 });
  });
});

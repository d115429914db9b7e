import { describe, expect, test } from 'vitest';
import { fitOf, pan, zoomAt } from '../src/viewer/view';

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

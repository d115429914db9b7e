import { describe, expect, test } from 'vitest';
import { lengthError, loadEstimate } from '../src/account/strength';

describe('password', () => {
  test.each([
    ['eight composed', '\u00fc'.repeat(8), true],
    ['four, typed as eight', 'u\u0308'.repeat(4), false],
    ['256, typed as 512', 'u\u0308'.repeat(256), true],
    ['257', 'x'.repeat(257), false],
    ['three ligatures of nine letters', '\ufb03'.repeat(3), true],
    ['four emoji', '\u{1f600}'.repeat(4), false],
  ])('lengthError_Of %s_CountsWhatIsHashed', (_, typed, isRight) => {
    expect(lengthError(typed) === '').toBe(isRight);
  });

  test('Estimate_OfTwoSpellings_IsOne', async () => {
    const estimate = await loadEstimate();
    const scoreOf = (password: string, words: string[] = []) => estimate(password, words).score;
    expect(scoreOf('\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44')).toBe(scoreOf('Password'));
    expect(scoreOf('wolfeschl\u00e9gelstein', ['wolfeschle\u0301gelstein'])).toBe(scoreOf('wolfeschlegelstein', ['wolfeschlegelstein']));
  });
});

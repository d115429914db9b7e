import { describe, expect, test } from 'vitest';
import {
  type Field, fieldsOf, initialValues, isInitial, type NumberField, sliderStep, toRequestParts, validationError,
} from '../src/forms/schema';

const one = (property: object, required: string[] = []): Field => fieldsOf({ type: 'object', properties: { it: property }, required })[0]!;

describe('fieldsOf', () => {
  test('NumberWithBoundsAndDefault_IsASlider', () => {
    const property = {
      type: 'number', minimum: -100, maximum: 100, default: 30, multipleOf: 1, title: 'Amount', description: 'How much.', 'x-unit': '%',
    };
    expect(one(property)).toEqual({
      name: 'it', title: 'Amount', description: 'How much.', required: false,
      kind: 'number', slider: true, min: -100, max: 100, step: 1, unit: '%', initial: '30',
    });
  });

  test('NumberWithoutDefault_IsANumberField', () => {
    expect(one({ type: 'number', minimum: 0, maximum: 1 })).toMatchObject({ slider: false, initial: '' });
  });

  test('IntegerWithoutMultipleOf_HasStepOne', () => {
    expect(one({ type: 'integer', minimum: 0, maximum: 600_000, default: 0 })).toMatchObject({ step: 1, slider: true, initial: '0' });
  });

  test('ExclusiveBoundsOfAnInteger_BecomeBounds', () => {
    expect(one({ type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10, default: 5 })).toMatchObject({ min: 1, max: 9 });
  });

  test('EnumWithoutDefault_OffersToLeaveItOut', () => {
    expect(one({ type: 'string', enum: ['jpeg', 'webp'] })).toMatchObject({
      kind: 'choice',
      initial: '',
      choices: [{ value: '', label: 'As it is' }, { value: 'jpeg', label: 'JPEG' }, { value: 'webp', label: 'WebP' }],
    });
  });

  test('EnumOfNumbersWithDefault_OffersTheNumbers', () => {
    expect(one({ type: 'integer', enum: [2, 4], default: 2 }))
      .toMatchObject({ kind: 'choice', initial: '2', choices: [{ value: '2', label: '2' }, { value: '4', label: '4' }] });
  });

  test('RequiredEnum_StartsWithTheFirst', () => {
    expect(one({ enum: ['a', 'b'] }, ['it']))
      .toMatchObject({ initial: 'a', choices: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }] });
  });

  test('OneOfConstants_TakesTheirTitles', () => {
    expect(one({ oneOf: [{ const: 'a', title: 'The first' }, { const: 'b' }], default: 'b' })).toMatchObject({
      kind: 'choice', initial: 'b', choices: [{ value: 'a', label: 'The first' }, { value: 'b', label: 'B' }],
    });
  });

  test('Boolean_IsASwitch', () => {
    expect(one({ type: 'boolean', default: true })).toMatchObject({ kind: 'switch', initial: 'true' });
    expect(one({ type: 'boolean' })).toMatchObject({ kind: 'switch', initial: 'false' });
  });

  test('Binary_IsAPicture', () => {
    expect(one({ type: 'string', format: 'binary', contentMediaType: 'image/*' }, ['it'])).toMatchObject({ kind: 'image', required: true });
  });

  test('OtherText_IsATextField', () => {
    expect(one({ type: ['string', 'null'], maxLength: 5 })).toMatchObject({ kind: 'text', maxLength: 5 });
  });

  test('NoTitle_IsMadeFromTheName', () => {
    const fields = fieldsOf({ properties: { 'edge-strength': { type: 'number' }, maxFaces: { type: 'number' } } });
    expect(fields.map(({ title }) => title)).toEqual(['Edge strength', 'Max faces']);
  });

  test.each([undefined, null, {}, { type: 'object' }])('NoProperties_IsNoField %s', (schema) => {
    expect(fieldsOf(schema)).toEqual([]);
  });
});

describe('validationError', () => {
  const amount = one({ type: 'number', minimum: 0, maximum: 1, multipleOf: 0.1, title: 'Amount' });

  test.each(['0', '0.3', '0.7', '1', ''])('AllowedNumber %s_IsFine', (value) => {
    expect(validationError(amount, value)).toBeNull();
  });

  test.each(['-0.1', '1.1', '0.35', 'x', 'Infinity'])('OtherNumber %s_SaysWhatIsAllowed', (value) => {
    expect(validationError(amount, value)).toBe('“Amount” is a number from 0 to 1, in steps of 0.1.');
  });

  test('OneBound_IsNamed', () => {
    expect(validationError(one({ type: 'integer', minimum: 3, title: 'Size' }), '2')).toBe('“Size” is a whole number of 3 or more.');
  });

  test('RequiredAndEmpty_AsksForIt', () => {
    expect(validationError(one({ type: 'string', format: 'binary', title: 'Style' }, ['it']), undefined))
      .toBe('Choose a picture for “Style”.');
    expect(validationError(one({ type: 'string', title: 'Text' }, ['it']), '')).toBe('“Text” is needed.');
  });

  test('TextPastItsLimits_SaysSo', () => {
    const text = one({ type: 'string', title: 'Text', maxLength: 3, pattern: '^[a-z]+$' });
    expect(validationError(text, 'abcd')).toBe('“Text” has 3 characters at most.');
    expect(validationError(text, 'A')).toBe('“Text” is not written as it should be.');
    expect(validationError(text, 'abc')).toBeNull();
  });
});

describe('values', () => {
  const fields = fieldsOf({
    properties: {
      amount: { type: 'number', minimum: 0, maximum: 10, default: 3 },
      format: { type: 'string', enum: ['png'] },
      keep: { type: 'boolean' },
      style: { type: 'string', format: 'binary' },
    },
  });

  test('initialValues_AreTheDefaults', () => {
    expect(initialValues(fields)).toEqual({ amount: '3', format: '', keep: 'false', style: undefined });
  });

  test('toRequestParts_LeavesOutEmptyValuesAndSendsPicturesApart', () => {
    const style = new File(['style'], 'style.png');
    expect(toRequestParts(fields, { amount: '4', format: '', keep: 'true', style }))
      .toEqual({ query: [['amount', '4'], ['keep', 'true']], images: [['style', style]] });
  });

  test('isInitial_AfterAChange_IsFalseUntilReset', () => {
    const [amount] = fields as [NumberField];
    expect(isInitial(amount, '4')).toBe(false);
    expect(isInitial(amount, amount.initial)).toBe(true);
  });

  test('sliderStep_OfAnyNumber_IsAHundredthOfTheRange', () => {
    expect(sliderStep(fields[0] as NumberField)).toBeCloseTo(0.1);
  });
});

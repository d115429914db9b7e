import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlsOf, readValues } from '../wwwroot/parameters.js';

const schema = {
  type: 'object',
  required: ['style'],
  properties: {
    amount: { type: 'number', minimum: -100, maximum: 100, default: 30, title: 'Amount', description: 'How much.', multipleOf: 1 },
    seed: { type: 'integer', minimum: 0 },
    sharp: { type: 'boolean', default: true },
    scale: { type: 'integer', enum: [2, 4], default: 2 },
    format: { type: 'string', enum: ['jpeg', 'png'] },
    style: { type: 'string', format: 'binary', contentMediaType: 'image/*' },
    caption: { type: 'string' },
  },
};

function control(name) {
  return controlsOf(schema).find((one) => one.name === name);
}

test('controlsOf_EachType_GetsItsControl', () => {
  const kinds = Object.fromEntries(controlsOf(schema).map(({ name, kind }) => [name, kind]));

  assert.deepEqual(kinds, {
    amount: 'slider', seed: 'number', sharp: 'switch', scale: 'choice', format: 'choice', style: 'image', caption: 'text',
  });
});

test('controlsOf_Slider_HasRangeDefaultAndWords', () => {
  assert.deepEqual(control('amount'), {
    name: 'amount', title: 'Amount', description: 'How much.', kind: 'slider', required: false, min: -100, max: 100, step: 1, value: 30,
  });
});

test('controlsOf_RangeWithoutDefault_CanBeLeftEmpty', () => {
  const [{ kind, value }] = controlsOf({ properties: { amount: { type: 'number', minimum: 0, maximum: 1 } } });

  assert.deepEqual([kind, value], ['number', '']);
});

test('controlsOf_RequiredImage_IsRequired', () => assert.equal(control('style').required, true));

test('controlsOf_NoParameters_IsEmpty', () => {
  assert.deepEqual(controlsOf({ type: 'object' }), []);
  assert.deepEqual(controlsOf(undefined), []);
});

test('readValues_FilledForm_LeavesOutWhatIsEmpty', () => {
  const data = new FormData();
  data.set('amount', '40');
  data.set('seed', '');
  data.set('scale', '4');
  data.set('format', '');
  data.set('style', new File(['style'], 'style.png'));

  const { values, images } = readValues(data, controlsOf(schema));

  assert.deepEqual(values, [['amount', '40'], ['sharp', 'false'], ['scale', '4']]);
  assert.deepEqual(images.map(([name, file]) => [name, file.size]), [['style', 5]]);
});

test('readValues_CheckedSwitchAndNoFile_SaysTrueAndSendsNoImage', () => {
  const data = new FormData();
  data.set('sharp', 'on');
  data.set('style', new File([], ''));

  assert.deepEqual(readValues(data, controlsOf(schema)), { values: [['sharp', 'true']], images: [] });
});

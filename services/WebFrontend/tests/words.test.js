import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBytes, describeFindings, describeJob, resultName } from '../wwwroot/words.js';

test('describeJob_EachState_IsASentence', () => {
  assert.equal(describeJob({ state: 'queued', queuePosition: 3 }), 'Waiting: number 3 in the queue.');
  assert.equal(describeJob({ state: 'queued', queuePosition: 1 }), 'Waiting: next in the queue.');
  assert.equal(describeJob({ state: 'running', progress: 0.999 }), 'Converting: 99 %.');
  assert.equal(describeJob({ state: 'running', progress: null }), 'Converting…');
  assert.equal(describeJob({ state: 'unreachable' }), 'The server is busy or out of reach. Trying again…');
});

test('resultName_ChangedFormat_ChangesTheExtension', () => {
  assert.equal(resultName('my.cat.png', 'contrast', 'image/jpeg'), 'my.cat-contrast.jpg');
  assert.equal(resultName('cat', 'upscale', 'image/webp'), 'cat-upscale.webp');
  assert.equal(resultName('.png', 'upscale', 'image/tiff'), 'picture-upscale.tif');
});

test('describeBytes_SmallAndLarge_UsesKilobytesAndMegabytes', () => {
  assert.deepEqual([12, 34_400, 999_999, 1_440_000].map(describeBytes), ['1 kB', '34 kB', '1000 kB', '1.4 MB']);
});

test('describeFindings_Json_BecomesPairs', () => {
  assert.deepEqual(describeFindings('{"faces":2,"box":[1,2]}'), [['faces', '2'], ['box', '[1,2]']]);
});

test('describeFindings_NothingOrNonsense_IsEmpty', () => {
  assert.deepEqual([null, '', '7', 'null', '{'].map(describeFindings), [[], [], [], [], []]);
});

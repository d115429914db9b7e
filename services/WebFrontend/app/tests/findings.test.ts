import { describe, expect, test } from 'vitest';
import { factsOf, foundOf, noticeOf } from '../src/editor/findings';
import { shownBoxes } from '../src/editor/useBoxEditing';
import { boxAround, boxesFrom, boxWithin } from '../src/forms/boxes';
import { fieldsOf, initialValues, toBoxesQuery, toRequestParts } from '../src/forms/schema';

const BOXES: [string, string] = ['boxes', '[{"box":[10,20,30,40],"score":0.93},{"box":[200,20,30,40],"score":0.9,"left":true}]'];

describe('findings', () => {
  test('noticeOf_Notice_IsATitleAndTheRest', () => {
    const notice = noticeOf([['faces', '0'], ['notice', 'No face was found, so nothing was blurred. Look yourself: draw a box.']]);
    expect(notice).toEqual({ title: 'No face was found, so nothing was blurred', text: 'Look yourself: draw a box.' });
    expect(noticeOf([['notice', 'Look.']])).toEqual({ title: 'Look.', text: '' });
    expect(noticeOf([['faces', '2']])).toBeNull();
  });

  test('factsOf_BoxesAndNotice_AreNotInTheList', () => {
    expect(factsOf([['faces', '2'], BOXES, ['notice', 'Look.']])).toEqual([['faces', '2']]);
  });

  test('foundOf_Boxes_HaveTheirPlaceAndScore', () => {
    expect(foundOf([BOXES])).toEqual([
      { box: [10, 20, 30, 40], score: 0.93, isLeft: false, frame: null },
      { box: [200, 20, 30, 40], score: 0.9, isLeft: true, frame: null },
    ]);
  });

  test('foundOf_FramesOfAnAnimation_AreEachPlaceOnce', () => {
    const boxes = '[{"box":[10,20,30,40],"frame":0},{"box":[12,21,30,40],"frame":1},{"box":[90,20,30,40],"frame":1}]';
    expect(foundOf([['boxes', boxes]]).map(({ box }) => box)).toEqual([[10, 20, 30, 40], [90, 20, 30, 40]]);
  });

  test('foundOf_TwoFacesCheekToCheek_AreBoth', () => {
    expect(foundOf([['boxes', '[{"box":[10,20,30,40]},{"box":[26,20,30,40]}]']]).map(({ box }) => box[0])).toEqual([10, 26]);
  });

  test.each(['', '{', '7', '[{"box":"x"}]', '[null]'])('foundOf %s_IsEmpty', (json) => {
    expect(foundOf([['boxes', json]])).toEqual([]);
  });
});

describe('boxes', () => {
  const size = { width: 400, height: 300 };

  test('shownBoxes_WhatIsLeft_IsMarked', () => {
    const found = [{ box: [10, 20, 30, 40], score: 0.93 }, { box: [200, 20, 30, 40], score: null }] as const;
    const boxes = shownBoxes(found, [[90, 90, 9, 9]], [[198, 22, 30, 40]]);
    expect(boxes.map(({ kind }) => kind)).toEqual(['found', 'left', 'added']);
    expect(boxes[0]!.label).toContain('Score 0.93.');
    expect(boxes[1]!.label).not.toContain('Score');
  });

  test('shownBoxes_OneOfTwoCheekToCheek_IsLeftAlone', () => {
    const found = [{ box: [10, 20, 30, 40], score: 0.9 }, { box: [20, 20, 30, 40], score: 0.9 }] as const;
    expect(shownBoxes(found, [], [found[0].box]).map(({ kind }) => kind)).toEqual(['left', 'found']);
    expect(shownBoxes(found, [], [found[1].box]).map(({ kind }) => kind)).toEqual(['found', 'left']);
    expect(shownBoxes(found, [], [found[0].box, found[1].box]).map(({ kind }) => kind)).toEqual(['left', 'left']);
  });

  test('boxWithin_PastTheEdges_IsCut', () => {
    expect(boxWithin(-5, 290.5, 20.2, 400, size)).toEqual([0, 290, 21, 10]);
    expect(boxWithin(50, 50, 10, 10, size)).toEqual([10, 10, 40, 40]);
    expect(boxWithin(500, 500, 500, 500, size)).toEqual([399, 299, 1, 1]);
  });

  test('boxAround_AClick_IsAsLargeAsTheOthers', () => {
    expect(boxAround(100, 100, [[0, 0, 40, 60]], size)).toEqual([70, 70, 60, 60]);
    expect(boxAround(100, 100, [], { width: 400, height: 320 })).toEqual([80, 80, 40, 40]);
  });

  test.each([undefined, '', '{}', '[1]', '[[1,2,3]]'])('boxesFrom %s_IsEmpty', (json) => {
    expect(boxesFrom(json)).toEqual([]);
  });
});

describe('a form with boxes', () => {
  const fields = fieldsOf({
    properties: {
      strength: { type: 'number', minimum: 0, maximum: 100, default: 50 },
      add: { type: 'array', format: 'boxes', default: [] },
      leave: { type: 'array', format: 'boxes', default: [] },
    },
  });

  test('fieldsOf_Boxes_AreDrawnAndNotWritten', () => {
    expect(fields.map(({ kind }) => kind)).toEqual(['number', 'boxes', 'boxes']);
    expect(toRequestParts(fields, initialValues(fields)).query).toEqual([['strength', '50']]);
  });

  test('toBoxesQuery_Corrections_AreJson', () => {
    expect(toBoxesQuery(fields, { add: [[1, 2, 3, 4]], leave: [] })).toEqual([['add', '[[1,2,3,4]]']]);
    expect(toBoxesQuery(fields.slice(0, 1), { add: [[1, 2, 3, 4]], leave: [] })).toEqual([]);
  });
});

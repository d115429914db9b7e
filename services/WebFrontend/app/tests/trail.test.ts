import { describe, expect, test } from 'vitest';
import { historyOf, push, redo, undo } from '../src/editor/history';
import { at, baseOf, continued, currentOf, resultOf, trailOf, withResult, without } from '../src/editor/trail';

describe('history', () => {
  test('undo_AfterAPush_BringsTheStateBefore', () => {
    const history = undo(push(historyOf('a'), 'b'));
    expect(history).toEqual({ past: [], present: 'a', future: ['b'] });
  });

  test('redo_AfterAnUndo_BringsItAgain', () => {
    expect(redo(undo(push(push(historyOf('a'), 'b'), 'c')))).toEqual({ past: ['a', 'b'], present: 'c', future: [] });
  });

  test('undoAndRedo_WithNothingLeft_ChangeNothing', () => {
    const history = historyOf('a');
    expect(undo(history)).toEqual(history);
    expect(redo(history)).toEqual(history);
  });

  test('push_AfterAnUndo_DropsWhatWasTakenBack', () => {
    expect(push(undo(push(historyOf('a'), 'b')), 'c')).toEqual({ past: ['a'], present: 'c', future: [] });
  });

  test('push_ManyTimes_KeepsTheLastFifty', () => {
    let history = historyOf(0);
    for (let number = 1; number <= 60; number++) {
      history = push(history, number);
    }
    expect(history.past).toHaveLength(50);
    expect(history.past[0]).toBe(10);
  });
});

describe('trail', () => {
  test('withResult_OfTheOriginal_ShowsBoth', () => {
    const trail = withResult(trailOf('original'), 'first');
    expect([baseOf(trail), resultOf(trail), currentOf(trail)]).toEqual(['original', 'first', 'first']);
  });

  test('withResult_Again_ReplacesTheResult', () => {
    expect(withResult(withResult(trailOf('original'), 'first'), 'second')).toEqual({ steps: ['original', 'second'], base: 0, compares: true });
  });

  test('continued_MakesTheResultTheNextInput', () => {
    const trail = continued(withResult(trailOf('original'), 'first'));
    expect([baseOf(trail), resultOf(trail)]).toEqual(['first', null]);
    expect(withResult(trail, 'second').steps).toEqual(['original', 'first', 'second']);
  });

  test('continued_WithoutAResult_ChangesNothing', () => {
    const trail = trailOf('original');
    expect(continued(trail)).toBe(trail);
  });

  test('at_AStep_ShowsItBesideTheOneBefore', () => {
    const trail = withResult(continued(withResult(trailOf('original'), 'first')), 'second');
    expect([baseOf(at(trail, 1)), resultOf(at(trail, 1))]).toEqual(['original', 'first']);
    expect([baseOf(at(trail, 2)), resultOf(at(trail, 2))]).toEqual(['first', 'second']);
  });

  test('at_TheOriginal_ShowsItAloneAndKeepsTheSteps', () => {
    const trail = at(withResult(trailOf('original'), 'first'), 0);
    expect([baseOf(trail), resultOf(trail), trail.steps]).toEqual(['original', null, ['original', 'first']]);
  });

  test('without_AMissingStep_EndsBeforeIt', () => {
    const trail = withResult(continued(withResult(trailOf('original'), 'first')), 'second');
    expect(without(trail, (step) => step !== 'first')).toEqual({ steps: ['original'], base: 0, compares: false });
    expect(without(trail, () => true)).toEqual(trail);
    expect(without(trail, () => false)).toBeNull();
  });
});

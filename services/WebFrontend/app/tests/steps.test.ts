import { describe, expect, test } from 'vitest';
import { historyOf, push, redo, undo } from '../src/editor/history';
import { baseOf, continueFromResult, currentOf, goToStep, resultOf, stepListOf, withoutMissing, withResult } from '../src/editor/steps';

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

  test('push_AfterAnUndo_DropsWhatWasUndone', () => {
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

describe('steps', () => {
  test('withResult_OfTheOriginal_ShowsBoth', () => {
    const list = withResult(stepListOf('original'), 'first');
    expect([baseOf(list), resultOf(list), currentOf(list)]).toEqual(['original', 'first', 'first']);
  });

  test('withResult_Again_ReplacesTheResult', () => {
    expect(withResult(withResult(stepListOf('original'), 'first'), 'second'))
      .toEqual({ ids: ['original', 'second'], base: 0, showsResult: true });
  });

  test('continueFromResult_MakesTheResultTheNextInput', () => {
    const list = continueFromResult(withResult(stepListOf('original'), 'first'));
    expect([baseOf(list), resultOf(list)]).toEqual(['first', null]);
    expect(withResult(list, 'second').ids).toEqual(['original', 'first', 'second']);
  });

  test('continueFromResult_WithoutAResult_ChangesNothing', () => {
    const list = stepListOf('original');
    expect(continueFromResult(list)).toBe(list);
  });

  test('goToStep_AStep_ShowsItBesideTheOneBefore', () => {
    const list = withResult(continueFromResult(withResult(stepListOf('original'), 'first')), 'second');
    expect([baseOf(goToStep(list, 1)), resultOf(goToStep(list, 1))]).toEqual(['original', 'first']);
    expect([baseOf(goToStep(list, 2)), resultOf(goToStep(list, 2))]).toEqual(['first', 'second']);
  });

  test('goToStep_TheOriginal_ShowsItAloneAndKeepsTheSteps', () => {
    const list = goToStep(withResult(stepListOf('original'), 'first'), 0);
    expect([baseOf(list), resultOf(list), list.ids]).toEqual(['original', null, ['original', 'first']]);
  });

  test('withoutMissing_AMissingStep_EndsBeforeIt', () => {
    const list = withResult(continueFromResult(withResult(stepListOf('original'), 'first')), 'second');
    expect(withoutMissing(list, (id) => id !== 'first')).toEqual({ ids: ['original'], base: 0, showsResult: false });
    expect(withoutMissing(list, () => true)).toEqual(list);
    expect(withoutMissing(list, () => false)).toBeNull();
  });
});

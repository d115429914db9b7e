import { describe, expect, test } from 'vitest';
import { describeRun, progressOf } from '../src/editor/runStatus';

describe('status of a run', () => {
  test('describeRun_EachState_DescribesIt', () => {
    expect(describeRun({ phase: 'queued', position: 3 })).toBe('Number 3 in the queue');
    expect(describeRun({ phase: 'queued', position: 1 })).toBe('Next in the queue');
    expect(describeRun({ phase: 'running', progress: 0.429, preview: null })).toBe('Converting, 42 %');
    expect(describeRun({ phase: 'running', progress: null, preview: null })).toBe('Converting');
    expect(describeRun({ phase: 'waiting', problem: { title: 'Many wait', detail: '', type: 'queue-full' }, retryAt: 0 }))
      .toBe('Many wait');
  });

  test('progressOf_WithoutANumber_IsUnknown', () => {
    expect(progressOf({ phase: 'running', progress: null, preview: null })).toBeNull();
    expect(progressOf({ phase: 'running', progress: 0.5, preview: null })).toBe(0.5);
    expect(progressOf({ phase: 'queued', position: 1 })).toBeNull();
  });
});

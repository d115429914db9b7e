import { useState } from 'react';
import type { Box } from '../forms/boxes';
import type { BoxEditing, ShownBox } from '../viewer/BoxOverlay';
import { useEditor } from './editorContext';
import { type Found, foundOf, meantBy } from './findings';
import { correctionsOf, type Picture, shownSteps } from './workspace';

/** The boxes of the shown result, and what clicks on them change; null when its converter found no places and looks for none. */
export function useBoxEditing(picture: Picture): (BoxEditing & { hasChanged: boolean; setDrawing: (isDrawing: boolean) => void }) | null {
  const editor = useEditor();
  const { after } = shownSteps(picture);
  // Drawing is for the result on which it was switched on.
  const [drawingOn, setDrawingOn] = useState<string | null>(null);
  if (after === null || !after.findings.some(([name]) => name === 'boxes')) {
    return null;
  }
  const { add, leave } = correctionsOf(picture);
  const found = foundOf(after.findings);
  const boxes = shownBoxes(found, add, leave);
  return {
    boxes,
    hasChanged: picture.corrections !== undefined && picture.run === null
      && JSON.stringify([add, leave]) !== JSON.stringify(madeWith(after.settings?.values ?? [])),
    isDrawing: drawingOn === after.id,
    setDrawing: (isDrawing) => setDrawingOn(isDrawing ? after.id : null),
    onClick(index) {
      const { box, kind } = boxes[index]!;
      editor.correct(picture.id, kind === 'added' ? { add: add.filter((each) => each !== box), leave }
        : kind === 'left' ? { add, leave: leave.filter((each) => !meantBy([each], found.map((other) => other.box)).has(box)) }
        : { add, leave: [...leave, box] });
    },
    onMove(index, moved) {
      editor.correct(picture.id, { add: add.map((each) => (each === boxes[index]!.box ? moved : each)), leave });
    },
    onDraw(box) {
      editor.correct(picture.id, { add: [...add, box], leave });
    },
  };
}

/** What was found and what was added, each with what becomes of it. */
export function shownBoxes(found: readonly Pick<Found, 'box' | 'score'>[], add: readonly Box[], leave: readonly Box[]): ShownBox[] {
  const left = meantBy(leave, found.map(({ box }) => box));
  return [
    ...found.map(({ box, score }, index): ShownBox => {
      const sure = score === null ? '' : ` Score ${score.toFixed(2)}.`;
      return left.has(box)
        ? { box, kind: 'left', label: `Face ${index + 1} stays as it is. Click to blur it.${sure}` }
        : { box, kind: 'found', label: `Face ${index + 1} is blurred. Click to leave it as it is.${sure}` };
    }),
    ...add.map((box, index): ShownBox => ({ box, kind: 'added', label: `Box ${index + 1} is blurred, too. Click to take it away.` })),
  ];
}

function madeWith(values: [string, string][]): unknown[] {
  const written = Object.fromEntries(values) as Record<string, string | undefined>;
  return [JSON.parse(written['add'] ?? '[]'), JSON.parse(written['leave'] ?? '[]')];
}

import './BoxOverlay.css';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useState } from 'react';
import { type Box, boxAround, boxWithin } from '../forms/boxes';
import type { Size } from './view';

export interface ShownBox {
  box: Box;
  kind: 'found' | 'left' | 'added';
  /** For people who cannot see it; says what a click does. */
  label: string;
}

/** Boxes on a picture, to be clicked, and drawn when that is asked for. */
export interface BoxEditing {
  boxes: ShownBox[];
  isDrawing: boolean;
  onClick: (index: number) => void;
  onMove: (index: number, box: Box) => void;
  onDraw: (box: Box) => void;
}

/** CSS pixels: a pointer that moved less has clicked. */
const CLICK_DISTANCE = 5;
const DIRECTIONS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** How far an arrow key moves a box, as a part of its size. */
const STEP = 0.1;

/** Lies exactly over the shown picture. */
export function BoxOverlay({ editing: { boxes, isDrawing, onClick, onMove, onDraw }, size, style, zoom }: {
  editing: BoxEditing;
  /** Of the picture, in its own pixels. */
  size: Size;
  style: CSSProperties;
  zoom: number;
}) {
  const [drawn, setDrawn] = useState<{ from: Point; to: Point } | null>(null);

  function pointOf({ currentTarget, clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return { x: (clientX - left) / width * size.width, y: (clientY - top) / height * size.height, clientX, clientY };
  }

  function onPointerDown(event: PointerEvent) {
    if (isDrawing && event.button === 0) {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrawn({ from: pointOf(event), to: pointOf(event) });
    }
  }

  function onPointerMove(event: PointerEvent) {
    if (drawn !== null) {
      event.stopPropagation();
      setDrawn({ ...drawn, to: pointOf(event) });
    }
  }

  function onPointerUp(event: PointerEvent) {
    if (drawn === null) {
      return;
    }
    event.stopPropagation();
    const { from } = drawn;
    const to = pointOf(event);
    setDrawn(null);
    const isClick = Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) < CLICK_DISTANCE;
    onDraw(isClick ? boxAround(to.x, to.y, boxes.map(({ box }) => box), size) : boxWithin(from.x, from.y, to.x, to.y, size));
  }

  /** Enter puts a box into the middle, from where arrow keys move it. */
  function onOverlayKey(event: KeyboardEvent) {
    if (isDrawing && event.key === 'Enter' && event.target === event.currentTarget) {
      event.preventDefault();
      onDraw(boxAround(size.width / 2, size.height / 2, boxes.map(({ box }) => box), size));
    }
  }

  /** Arrow keys move a box that was added, and with Shift its lower right corner. */
  function onKey(event: KeyboardEvent, index: number) {
    const { box: [x, y, width, height], kind } = boxes[index]!;
    const direction = DIRECTIONS[event.key];
    if (kind !== 'added' || direction === undefined) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const right = Math.round(direction[0] * Math.max(1, width * STEP));
    const down = Math.round(direction[1] * Math.max(1, height * STEP));
    onMove(index, event.shiftKey
      ? boxWithin(x, y, x + Math.max(1, width + right), y + Math.max(1, height + down), size)
      : boxWithin(x + right, y + down, x + right + width, y + down + height, size));
  }

  return (
    <div className={`box-overlay ${isDrawing ? 'drawing' : ''}`} style={{ ...style, '--zoom': zoom }} role="group"
      tabIndex={isDrawing ? 0 : undefined} onKeyDown={onOverlayKey}
      aria-label={isDrawing ? 'Found places. Enter adds a box in the middle.' : 'Found places'}
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={onPointerUp} onPointerCancel={() => setDrawn(null)}>
      {boxes.map(({ box, kind, label }, index) => (
        // A box that is moved stays the same button, and keeps the focus.
        <button key={`${kind} ${index}`} type="button" className={`box ${kind}`} style={placeOf(box, size)}
          aria-label={label} title={label}
          onPointerDown={(event) => { if (!isDrawing) { event.stopPropagation(); } }}
          onDoubleClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => onKey(event, index)} onClick={() => onClick(index)} />
      ))}
      {drawn !== null && (
        <span className="box added" aria-hidden
          style={placeOf(boxWithin(drawn.from.x, drawn.from.y, drawn.to.x, drawn.to.y, size), size)} />
      )}
    </div>
  );
}

interface Point {
  x: number;
  y: number;
  clientX: number;
  clientY: number;
}

function placeOf([x, y, width, height]: Box, size: Size): CSSProperties {
  const percent = (part: number, whole: number) => `${part / whole * 100}%`;
  return {
    left: percent(x, size.width), top: percent(y, size.height), width: percent(width, size.width), height: percent(height, size.height),
  };
}

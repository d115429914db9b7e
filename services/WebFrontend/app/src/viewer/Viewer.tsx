import './Viewer.css';
import { Columns2, GalleryHorizontal, ImageOff, Maximize, Minus, Plus, Square, SquarePlus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { type BoxEditing, BoxOverlay } from './BoxOverlay';
import { FIT, fitOf, pan, type Size, type View, zoomAt } from './view';

export interface ViewerImage {
  /** Changes with the picture. */
  id: string;
  url: string;
  /** Such as "Original" or "Contrast". */
  label: string;
  /** For people who cannot see it. */
  alt: string;
  format: string;
  /** When it is known in advance, the layout does not shift; otherwise it is found by loading. */
  size: Size | null;
}

type Mode = 'slide' | 'beside' | 'single';

const ZOOM_STEP = 1.25;
const MOVE_STEP = 40;
const MAX_ASPECT_DIFFERENCE = 0.02;

/** Shows one picture, or compares two: one over the other with a divider, or side by side; with zoom and pan. */
export function Viewer({ before, after, onSize, preview, boxes }: {
  before: ViewerImage | null;
  after: ViewerImage;
  onSize?: (id: string, size: Size) => void;
  /** Where the newest preview of the result is. */
  preview?: string | null;
  /** Boxes in the pixels of the picture before; null when there are none. */
  boxes?: (BoxEditing & { setDrawing: (isDrawing: boolean) => void }) | null;
}) {
  const [view, setView] = useState<View>(FIT);
  const [chosenMode, setMode] = useState<Mode>('slide');
  const [divider, setDivider] = useState(0.5);
  const [sizes, setSizes] = useState<Record<string, Size | 'unreadable'>>({});
  const mode = before === null ? 'single' : chosenMode;
  const pane = useRef<HTMLDivElement>(null);
  const paneSize = usePaneSize(pane, mode === 'beside' ? 2 : 1);
  const reference = before ?? after;

  // A new picture is shown whole; a new result of the same picture keeps the zoom and the position.
  const [viewedId, setViewedId] = useState(reference.id);
  if (viewedId !== reference.id) {
    setViewedId(reference.id);
    setView(FIT);
  }

  const sizeOf = (image: ViewerImage): Size | null => {
    const known = sizes[image.id] ?? image.size;
    return known === 'unreadable' ? null : known;
  };
  const boxOf = (image: ViewerImage): Size | null => {
    const own = sizeOf(image);
    const lead = sizeOf(reference);
    if (own === null || paneSize === null) {
      return null;
    }
    // A result of the same shape covers the picture it was made from, although it may have more pixels.
    const sized = lead !== null && Math.abs((own.width / own.height) / (lead.width / lead.height) - 1) < MAX_ASPECT_DIFFERENCE ? lead : own;
    const fit = fitOf(sized, paneSize);
    return { width: sized.width * fit, height: sized.height * fit };
  };
  const imageSize = boxOf(after) ?? boxOf(reference) ?? { width: 1, height: 1 };

  const zoom = useCallback((factor: number, x = 0, y = 0) => setView((now) => zoomAt(now, factor, x, y)), []);
  const move = (x: number, y: number) => setView((now) => pan(now, x, y, imageSize));
  useWheelZoom(pane, zoom);
  const pointers = usePointers(pane, move, zoom);

  function onKey(event: KeyboardEvent) {
    const keys: Record<string, () => void> = {
      '+': () => zoom(ZOOM_STEP),
      '=': () => zoom(ZOOM_STEP),
      '-': () => zoom(1 / ZOOM_STEP),
      '0': () => setView(FIT),
      'ArrowLeft': () => move(MOVE_STEP, 0),
      'ArrowRight': () => move(-MOVE_STEP, 0),
      'ArrowUp': () => move(0, MOVE_STEP),
      'ArrowDown': () => move(0, -MOVE_STEP),
    };
    const act = event.target === event.currentTarget && !event.ctrlKey && !event.metaKey ? keys[event.key] : undefined;
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }

  const onSizeFound = (image: ViewerImage, size: Size | 'unreadable') => {
    setSizes((now) => ({ ...now, [image.id]: size }));
    if (size !== 'unreadable') {
      onSize?.(image.id, size);
    }
  };
  const layer = (image: ViewerImage) => (
    <Layer key={image.id} image={image} box={boxOf(image)} view={view} pixelated={isMagnified(boxOf(image), sizeOf(image), view)}
      isUnreadable={sizes[image.id] === 'unreadable'} onSize={(size) => onSizeFound(image, size)} />
  );
  const shownBox = boxOf(after);
  const ownSize = sizeOf(reference);
  const overlay = boxes && shownBox !== null && ownSize !== null
    ? (
        <BoxOverlay editing={boxes} size={ownSize} zoom={view.scale}
          style={{ width: shownBox.width, height: shownBox.height, transform: transformOf(view) }} />
      )
    : null;
  const percent = sizeOf(after) === null ? null : Math.round((imageSize.width / sizeOf(after)!.width) * view.scale * 100);

  return (
    <div className="viewer">
      <div ref={pane} className={`pane ${mode} ${view.scale > 1 ? 'zoomed' : ''}`} role="group" tabIndex={0} onKeyDown={onKey} {...pointers}
        aria-label={`${after.label}. Plus and minus zoom, the arrow keys move, 0 shows all of it.`}>
        {mode === 'slide' && before !== null && (
          <>
            {layer(after)}
            <div className="clip" style={{ clipPath: `inset(0 ${(1 - divider) * 100}% 0 0)` }}>{layer(before)}</div>
            <span className="tag left" aria-hidden>{before.label}</span>
            <span className="tag right" aria-hidden>{after.label}</span>
            {overlay}
            <Divider value={divider} before={before.label} after={after.label} onChange={setDivider} pane={pane} />
          </>
        )}
        {mode === 'beside' && before !== null && (
          <>
            <div className="half">{layer(before)}<span className="tag left" aria-hidden>{before.label}</span></div>
            <div className="half">{layer(after)}{overlay}<span className="tag left" aria-hidden>{after.label}</span></div>
          </>
        )}
        {mode === 'single' && layer(after)}
        {mode === 'single' && overlay}
        {preview && <Preview url={preview} box={boxOf(after)} view={view} />}
      </div>
      <div className="viewer-bar">
        <div className="group" role="group" aria-label="Compare">
          {before !== null && (
            <>
              <ModeButton icon={<GalleryHorizontal aria-hidden size={17} />} label="One over the other" active={mode === 'slide'}
                onClick={() => setMode('slide')} />
              <ModeButton icon={<Columns2 aria-hidden size={17} />} label="Side by side" active={mode === 'beside'}
                onClick={() => setMode('beside')} />
              <ModeButton icon={<Square aria-hidden size={17} />} label="Result only" active={mode === 'single'}
                onClick={() => setMode('single')} />
            </>
          )}
        </div>
        {overlay !== null && (
          <div className="group" role="group" aria-label="Boxes">
            <ModeButton icon={<SquarePlus aria-hidden size={17} />} label="Add a box" active={boxes!.isDrawing}
              onClick={() => boxes!.setDrawing(!boxes!.isDrawing)} />
          </div>
        )}
        <div className="group" role="group" aria-label="Zoom">
          <button type="button" className="icon-button" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
            <Minus aria-hidden size={17} />
          </button>
          <output className="zoom" aria-label="Zoom">{percent === null ? '' : `${percent} %`}</output>
          <button type="button" className="icon-button" aria-label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
            <Plus aria-hidden size={17} />
          </button>
          <button type="button" className="icon-button" aria-label="Show all of it" onClick={() => setView(FIT)}>
            <Maximize aria-hidden size={17} />
          </button>
        </div>
      </div>
    </div>
  );
}

function ModeButton({ icon, label, active, onClick }: { icon: React.ReactNode; label: string; active: boolean; onClick: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} aria-pressed={active} onClick={onClick}>{icon}</button>
  );
}

/** Whether single pixels are so large that they should be drawn with sharp edges. */
function isMagnified(box: Size | null, size: Size | null, view: View): boolean {
  return box !== null && size !== null && (box.width / size.width) * view.scale > 2;
}

function transformOf({ x, y, scale }: View): string {
  return `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${scale})`;
}

function Layer({ image, box, view, pixelated, isUnreadable, onSize }: {
  image: ViewerImage;
  box: Size | null;
  view: View;
  pixelated: boolean;
  isUnreadable: boolean;
  onSize: (size: Size | 'unreadable') => void;
}) {
  if (isUnreadable) {
    return (
      <div className="unreadable">
        <ImageOff aria-hidden size={32} />
        <p>This browser cannot show this {image.format} file. Where the file is whole, converting and downloading it work all the same.</p>
      </div>
    );
  }
  return (
    <img className={`layer ${pixelated ? 'pixelated' : ''}`} src={image.url} alt={image.alt} draggable={false}
      style={box === null ? { opacity: 0, width: 1, height: 1 } : { width: box.width, height: box.height, transform: transformOf(view) }}
      onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => onSize({ width, height })}
      onError={() => onSize('unreadable')} />
  );
}

function Preview({ url, box, view }: { url: string; box: Size | null; view: View }) {
  return box === null ? null : (
    <img className="layer preview" src={url} alt="How it looks so far" draggable={false}
      style={{ width: box.width, height: box.height, transform: transformOf(view) }} />
  );
}

function Divider({ value, before, after, onChange, pane }: {
  value: number;
  before: string;
  after: string;
  onChange: (value: number) => void;
  pane: React.RefObject<HTMLDivElement | null>;
}) {
  const percent = Math.round(value * 100);
  const set = (next: number) => onChange(Math.max(0, Math.min(1, next)));
  function drag(event: PointerEvent) {
    const box = pane.current?.getBoundingClientRect();
    if (box !== undefined && event.currentTarget.hasPointerCapture(event.pointerId)) {
      set((event.clientX - box.left) / box.width);
    }
  }
  function onKey(event: KeyboardEvent) {
    const step = event.shiftKey ? 0.1 : 0.02;
    const keys: Record<string, number> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      Home: 0,
      End: 1,
      PageDown: value - 0.1,
      PageUp: value + 0.1,
    };
    const next = keys[event.key];
    if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      set(next);
    }
  }
  return (
    <div className="divider" role="slider" tabIndex={0} aria-label="Divider" aria-orientation="horizontal"
      aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-valuetext={`${before} ${percent} %, ${after} ${100 - percent} %`}
      style={{ left: `${value * 100}%` }} onKeyDown={onKey}
      onPointerDown={(event) => { event.stopPropagation(); event.currentTarget.setPointerCapture(event.pointerId); }}
      onPointerMove={drag}>
      <span className="knob" aria-hidden />
    </div>
  );
}

function usePaneSize(pane: React.RefObject<HTMLDivElement | null>, columns: number): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = pane.current!;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [pane]);
  const margin = 24;
  return size === null || size.width === 0
    ? null
    : { width: Math.max(1, size.width / columns - margin), height: Math.max(1, size.height - margin) };
}

function useWheelZoom(pane: React.RefObject<HTMLDivElement | null>, zoom: (factor: number, x: number, y: number) => void): void {
  useEffect(() => {
    const element = pane.current!;
    // React's listeners are passive, and this one must keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = (event.target instanceof Element ? (event.target.closest('.half') ?? element) : element).getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      zoom(factor, event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [pane, zoom]);
}

/** One pointer moves the picture, two pointers pinch it. */
function usePointers(
  pane: React.RefObject<HTMLDivElement | null>,
  move: (x: number, y: number) => void,
  zoom: (factor: number, x: number, y: number) => void,
) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  const lift = (event: PointerEvent) => { down.current.delete(event.pointerId); };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button === 0) {
        event.currentTarget.setPointerCapture(event.pointerId);
        down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }
    },
    onPointerMove(event: PointerEvent) {
      const last = down.current.get(event.pointerId);
      if (last === undefined) {
        return;
      }
      const next = { x: event.clientX, y: event.clientY };
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, next);
      if (other === undefined) {
        move(next.x - last.x, next.y - last.y);
        return;
      }
      const box = pane.current!.getBoundingClientRect();
      const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      const factor = distance(next) / Math.max(1, distance(last));
      zoom(factor, (next.x + other.x) / 2 - box.left - box.width / 2, (next.y + other.y) / 2 - box.top - box.height / 2);
    },
    onPointerUp: lift,
    onPointerCancel: lift,
    onDoubleClick() {
      zoom(2, 0, 0);
    },
  };
}

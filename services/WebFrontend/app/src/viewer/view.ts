/** The visible part of a picture: `scale` 1 fits it into the pane; x and y move its centre, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const FIT: View = { scale: 1, x: 0, y: 0 };

const MAX_SCALE = 40;
const MIN_SCALE = 0.5;
/** A picture of a few pixels is magnified until its longer side has this length, in CSS pixels. */
const MIN_LONGER_SIDE = 320;

/** CSS pixels per pixel with which a picture fits into a pane. */
export function fitOf(picture: Size, pane: Size): number {
  const fits = Math.min(pane.width / picture.width, pane.height / picture.height);
  return Math.max(0.001, Math.min(fits, Math.max(1, MIN_LONGER_SIDE / Math.max(picture.width, picture.height))));
}

/** Zooms by a factor. The point (from the pane's centre, in CSS pixels) stays where it is. */
export function zoomAt({ scale, x, y }: View, factor: number, pointX: number, pointY: number): View {
  const next = Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale * factor));
  const by = next / scale;
  return { scale: next, x: pointX - (pointX - x) * by, y: pointY - (pointY - y) * by };
}

/** Moves the picture. Some part of it always stays in the centre, so that it never leaves the pane. */
export function pan({ scale, x, y }: View, byX: number, byY: number, shown: Size): View {
  const maxX = (shown.width * scale) / 2;
  const maxY = (shown.height * scale) / 2;
  return { scale, x: clamp(x + byX, maxX), y: clamp(y + byY, maxY) };
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** How a picture is looked at: `scale` 1 fits it into the pane; x and y move its middle, in CSS pixels. */
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

const MOST = 40;
const LEAST = 0.5;
/** A picture of a few pixels is shown this large, in CSS pixels, though it would fit smaller. */
const SMALLEST = 320;

/** CSS pixels per pixel with which a picture fits into a pane. */
export function fitOf(picture: Size, pane: Size): number {
  const fits = Math.min(pane.width / picture.width, pane.height / picture.height);
  return Math.max(0.001, Math.min(fits, Math.max(1, SMALLEST / Math.max(picture.width, picture.height))));
}

/** Zooms by a factor, so that what is at the point (from the pane's middle) stays there. */
export function zoomAt({ scale, x, y }: View, factor: number, pointX: number, pointY: number): View {
  const next = Math.min(MOST, Math.max(LEAST, scale * factor));
  const by = next / scale;
  return { scale: next, x: pointX - (pointX - x) * by, y: pointY - (pointY - y) * by };
}

/** Moves the picture, but never out of sight: some of it always stays in the middle. */
export function pan({ scale, x, y }: View, byX: number, byY: number, shown: Size): View {
  const farX = (shown.width * scale) / 2;
  const farY = (shown.height * scale) / 2;
  return { scale, x: clamp(x + byX, farX), y: clamp(y + byY, farY) };
}

function clamp(value: number, far: number): number {
  return Math.max(-far, Math.min(far, value));
}

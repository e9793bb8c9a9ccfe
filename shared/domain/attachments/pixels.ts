/** A picture of more takes hundreds of megabytes to draw, however small its file is. */
const PIXELS_MAX = 100_000_000;

/** True where a picture of this width and height may be drawn. */
export function drawable(width: number, height: number): boolean {
  return width * height <= PIXELS_MAX;
}

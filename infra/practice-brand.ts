import { readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** How a practice's pages look. */
export interface BrandSettings {
  /** `#rrggbb`: dark enough that white is read on it, and it on white (WCAG 2.2, 1.4.3: 4.5 to 1). */
  readonly colour: string;
  /** An SVG or PNG file of at most 8 KB, from the project's folder; square, since it is shown so. */
  readonly logo?: string;
}

type LogoFile = "logo.svg" | "logo.png";

/** A brand as the portal is deployed with it. */
export interface CheckedBrand {
  readonly environment: {
    readonly BRAND_COLOUR?: string;
    readonly BRAND_COLOUR_DARK?: string;
    readonly BRAND_LOGO?: LogoFile;
  };
  /** Files that must lie beside the portal's bundle: name there, path here. */
  readonly files: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, "..");
const LOGO_BYTES_MAX = 8 * 1024;
const CONTRAST_MIN = 4.5;
/** In the dark, a tint of the colour: more than enough to be read. */
const DARK_CONTRAST_MIN = 7;
/** What the colour lies on or under: the pages' ground by day, white, and cards in the dark. */
const LIGHT_GROUND = "#f6f3ee";
const WHITE = "#ffffff";
const DARK_CARD = "#221f1b";
const TINT_STEPS = 20;

const PNG_BEGINS = Buffer.from("89504e470d0a1a0a", "hex");
/** What an image has no use for: scripts, handlers, other documents, anything that is fetched. */
const NOT_AN_IMAGE =
  /<script|<foreignobject|<iframe|<!entity|<!doctype|javascript:|@import|[\s"'/]on[a-z]+\s*=|(?:href|src)\s*=\s*["']?\s*(?!["'#]|data:image\/)|url\(\s*["']?\s*(?!#)/iu;

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

/** Relative luminance of a colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The least tint of a colour that is read well on a dark card. */
function tintForDark(colour: string): string {
  for (let step = 0; step <= TINT_STEPS; step += 1) {
    const mixed = channels(colour).map((channel) =>
      Math.round(channel + ((255 - channel) * step) / TINT_STEPS)
        .toString(16)
        .padStart(2, "0"),
    );
    const tint = `#${mixed.join("")}`;
    if (contrast(tint, DARK_CARD) >= DARK_CONTRAST_MIN) return tint;
  }
  return WHITE;
}

function checkLogo(path: string): LogoFile {
  const bytes = readFileSync(join(ROOT, path));
  if (bytes.length > LOGO_BYTES_MAX) {
    throw new Error(
      `The logo has ${String(bytes.length)} bytes; at most ${String(LOGO_BYTES_MAX)} are sent.`,
    );
  }
  const kind = extname(path).toLowerCase();
  if (kind === ".png") {
    if (!bytes.subarray(0, PNG_BEGINS.length).equals(PNG_BEGINS)) throw new Error("The logo is no PNG.");
    return "logo.png";
  }
  if (kind !== ".svg") throw new Error("The logo is neither SVG nor PNG.");
  const text = bytes.toString("utf8");
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?<svg[\s>]/u.test(text)) throw new Error("The logo is no SVG.");
  if (NOT_AN_IMAGE.test(text)) throw new Error("The logo holds a script or refers to something outside.");
  return "logo.svg";
}

/**
 * A stage's brand, or nothing where the stage has none. Throws where the colour cannot be read or the logo is more than
 * an image, so that a wrong one fails the synthesis and not a page.
 */
export function practiceBrand(brand: BrandSettings | undefined): CheckedBrand {
  if (brand === undefined) return { environment: {}, files: {} };
  const colour = brand.colour.toLowerCase();
  if (!/^#[\da-f]{6}$/u.test(colour)) throw new Error("A brand's colour is written #rrggbb.");
  for (const ground of [WHITE, LIGHT_GROUND]) {
    const found = contrast(colour, ground);
    if (found < CONTRAST_MIN) {
      throw new Error(
        `The brand's colour has a contrast of ${found.toFixed(2)} with ${ground}; WCAG wants ${String(CONTRAST_MIN)}.`,
      );
    }
  }
  const colours = { BRAND_COLOUR: colour, BRAND_COLOUR_DARK: tintForDark(colour) };
  if (brand.logo === undefined) return { environment: colours, files: {} };
  const name = checkLogo(brand.logo);
  return { environment: { ...colours, BRAND_LOGO: name }, files: { [name]: join(ROOT, brand.logo) } };
}

/** A brand's colours by day and in the dark, where it has any. */
export function brandColours({
  environment: { BRAND_COLOUR: light, BRAND_COLOUR_DARK: dark },
}: CheckedBrand) {
  return light === undefined || dark === undefined ? undefined : { light, dark };
}

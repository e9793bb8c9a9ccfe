const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

/** How a text is cut into parts; carriers count and price parts. */
export interface TextParts {
  readonly encoding: "GSM-7" | "UCS-2";
  /** Septets for GSM-7, UTF-16 units for UCS-2. */
  readonly units: number;
  readonly segments: number;
}

/** Parts for characters of these widths; none is ever split between two parts. */
function segmentsOf(widths: readonly number[], single: number, joined: number): number {
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= single) return 1;
  let segments = 1;
  let filled = 0;
  for (const width of widths) {
    if (filled + width > joined) {
      segments += 1;
      filled = 0;
    }
    filled += width;
  }
  return segments;
}

/** Encoding and number of parts: 160 or 153 septets, else 70 or 67 units (3GPP TS 23.038, 23.040). */
export function countParts(text: string): TextParts {
  const characters = [...text];
  const inGsm7 = characters.every((character) => BASIC.has(character) || EXTENDED.has(character));
  if (!inGsm7) {
    const widths = characters.map(({ length }) => length);
    return { encoding: "UCS-2", units: text.length, segments: segmentsOf(widths, 70, 67) };
  }
  const widths = characters.map((character) => (EXTENDED.has(character) ? 2 : 1));
  const units = widths.reduce((sum, width) => sum + width, 0);
  return { encoding: "GSM-7", units, segments: segmentsOf(widths, 160, 153) };
}

/** More than any text has: what forces the other alphabet is worse than length. */
const UCS2_WIDTH = 10_000;

/**
 * How much a piece adds to the length of a text: septets, and far more for each character that GSM-7 lacks, which makes
 * the whole text longer. Of two pieces the wider one makes the longer text.
 */
export function widthOf(piece: string): number {
  let width = 0;
  for (const character of piece) {
    if (BASIC.has(character)) width += 1;
    else width += EXTENDED.has(character) ? 2 : UCS2_WIDTH;
  }
  return width;
}

/** True for a character of GSM-7, in its basic set or its extension. */
export function isGsm7(character: string): boolean {
  return BASIC.has(character) || EXTENDED.has(character);
}

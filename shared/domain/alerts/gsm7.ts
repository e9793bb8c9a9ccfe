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

function segmentsOf(units: number, single: number, joined: number): number {
  return units <= single ? 1 : Math.ceil(units / joined);
}

/** Encoding and number of parts: 160 or 153 septets, else 70 or 67 units (3GPP TS 23.038, 23.040). */
export function countParts(text: string): TextParts {
  let septets = 0;
  for (const character of text) {
    if (BASIC.has(character)) septets += 1;
    else if (EXTENDED.has(character)) septets += 2;
    else {
      return {
        encoding: "UCS-2",
        units: text.length,
        segments: segmentsOf(text.length, 70, 67),
      };
    }
  }
  return { encoding: "GSM-7", units: septets, segments: segmentsOf(septets, 160, 153) };
}

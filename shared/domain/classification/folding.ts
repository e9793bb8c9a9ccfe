/** A text in the form in which words are compared, with the way back to the original's UTF-16 offsets. */
export type FoldedText = {
  /** Lower case, without accents, invisible characters and look-alike letters. */
  readonly folded: string;
  /** Original offset at which folded character i starts. */
  readonly startOf: (index: number) => number;
  /** Original offset just after folded character i. */
  readonly endOf: (index: number) => number;
};

// Letters of other scripts that look like a Latin letter (a hand-made subset of the idea of UTS 39: only non-ASCII to ASCII).
const LOOK_ALIKES = new Map<string, string>();
const LOOK_ALIKE_ROWS = [
  "a аαɑ",
  "b ЬВвβƄ",
  "c сϲⅽС",
  "d ԁⅾ",
  "e еєεЕ",
  "f ϝƒ",
  "g ɡԍ",
  "h һнН",
  "i іıιӏІΙǀ",
  "j јϳ",
  "k кκΚК",
  "l ⅼ",
  "m мΜМⅿ",
  "n пηոΝ",
  "o оοσօОΟ",
  "p рρΡР",
  "q ԛ",
  "r гᴦ",
  "s ѕЅꜱ",
  "t тτТΤ",
  "u υսυ",
  "v ѵνⅴ",
  "w ԝшωᴡ",
  "x хχΧХⅹ",
  "y уγүУΥ",
  "z ᴢΖ",
];
for (const row of LOOK_ALIKE_ROWS) {
  const [latin = "", others = ""] = row.split(" ");
  for (const other of others) LOOK_ALIKES.set(other, latin);
}
for (const [from, to] of [
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["ł", "l"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["’", "'"],
  ["‘", "'"],
  ["ʼ", "'"],
  ["´", "'"],
  ["“", '"'],
  ["”", '"'],
  ["‐", "-"],
  ["‑", "-"],
  ["–", "-"],
  ["—", "-"],
] as const) {
  LOOK_ALIKES.set(from, to);
}

const INVISIBLE = /^[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]$/u;
const COMBINING = /[\p{Mn}\p{Me}]/gu;
const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Folds a text for comparison: NFKD, lower case, no combining marks, no invisible characters, look-alike letters
 * replaced by the Latin letter they imitate. Every folded character knows the original span it came from.
 */
export function fold(text: string): FoldedText {
  if (ASCII.test(text)) {
    return { folded: text.toLowerCase(), startOf: (index) => index, endOf: (index) => index + 1 };
  }
  const starts = new Uint32Array(text.length * 4 + 4);
  const ends = new Uint32Array(text.length * 4 + 4);
  const parts: string[] = [];
  let length = 0;
  let offset = 0;
  for (const character of text) {
    const next = offset + character.length;
    if (character < "\u0080") {
      parts.push(character.toLowerCase());
      starts[length] = offset;
      ends[length++] = next;
    } else if (INVISIBLE.test(character)) {
      // The mark belongs to the character before it, so that spans take it in.
      if (length > 0 && ends[length - 1] === offset) ends[length - 1] = next;
    } else {
      let out = LOOK_ALIKES.get(character) ?? LOOK_ALIKES.get(character.toLowerCase());
      if (out === undefined) {
        out = "";
        for (const piece of character
          .normalize("NFKD")
          .replace(COMBINING, "")
          .toLowerCase()
          .normalize("NFKD")
          .replace(COMBINING, "")) {
          out += LOOK_ALIKES.get(piece) ?? piece;
        }
      }
      // A compatibility character may unfold to a whole phrase; more than four units cannot be a letter.
      if (out.length > 4) out = out.slice(0, 4);
      parts.push(out);
      for (let i = 0; i < out.length; i++) {
        starts[length] = offset;
        ends[length++] = next;
      }
    }
    offset = next;
  }
  return {
    folded: parts.join(""),
    startOf: (index) => starts[index] ?? text.length,
    endOf: (index) => ends[index] ?? text.length,
  };
}

/** A text in the form in which words are compared, with the way back to the original's UTF-16 offsets. */
export type FoldedText = {
  /** Lower case, without accents, invisible characters and look-alike letters; white space is one space. */
  readonly folded: string;
  /** Original offset at which folded character i starts. */
  readonly startOf: (index: number) => number;
  /** Original offset just after folded character i. */
  readonly endOf: (index: number) => number;
};

/** Puts `text` for the folded characters `[start, end)`. */
export type Edit = { readonly start: number; readonly end: number; readonly text: string };

// Letters of other scripts that look like a Latin letter (a hand-made subset of the idea of UTS 39: only non-ASCII to ASCII).
const LOOK_ALIKES = new Map<string, string>();
const LOOK_ALIKE_ROWS = [
  "a аαɑᴀƛᎪΑА",
  "b ЬВвβƄʙᏴΒƀɓ",
  "c сϲⅽСᴄᏟƈç",
  "d ԁⅾᎠɗɖᴅ",
  "e еєεЕᎬΕҽᴇɛ",
  "f ϝƒꜰғ",
  "g ɡԍɢᏀɠ",
  "h һнНΗᎻʜɦ",
  "i іıιӏІΙǀɩᎥɪ",
  "j јϳЈᎫᴊʝ",
  "k кκКΚᏦᴋƙ",
  "l ⅼᏞʟłɭ",
  "m мМΜⅿᎷᴍɱ",
  "n пηոΝɴɲŋ",
  "o оοσօОΟᴏᎾɵ",
  "p рρРΡᏢᴘƥ",
  "q ԛʠ",
  "r гᴦʀᎡɾ",
  "s ѕЅꜱᏚʂ",
  "t тτТΤᎢᴛƭ",
  "u υսᴜᑌʋ",
  "v ѵνⅴᴠᏙ",
  "w ԝшωᴡᎳ",
  "x хχХΧⅹ",
  "y уγУΥүʏᎽƴ",
  "z ᴢΖᏃʐƶ",
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
/** ASCII in which a space is the only white space and never doubled: folding is lowering the case. */
const PLAIN = /^(?!.* {2})[\u0020-\u007e]*$/;
const SPACE = /^[^\S\ufeff]$/;
/** A compatibility character may unfold to a whole phrase; more than this cannot be a letter. */
const UNFOLDED_UNITS_MAX = 4;

const foldedCharacters = new Map<string, string>();

/** What a character outside ASCII is compared as; remembered, since there are few and finding out is slow. */
function foldCharacter(character: string): string {
  let folded = foldedCharacters.get(character);
  if (folded === undefined) {
    folded = unfold(character);
    foldedCharacters.set(character, folded);
  }
  return folded;
}

/** First code points of alphabets of letters in frames that are symbols to Unicode, without a plain form. */
const FRAMED_ALPHABETS = [0x249c, 0x1f130, 0x1f150, 0x1f170, 0x1f1e6];

function unframed(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  const start = FRAMED_ALPHABETS.find((first) => code >= first && code < first + 26);
  return start === undefined ? undefined : String.fromCharCode(97 + code - start);
}

function unfold(character: string): string {
  const framed = unframed(character);
  if (framed !== undefined) return framed;
  const imitated = LOOK_ALIKES.get(character) ?? LOOK_ALIKES.get(character.toLowerCase());
  if (imitated !== undefined) return imitated;
  let out = "";
  const bare = character.normalize("NFKD").replace(COMBINING, "").toLowerCase();
  for (const piece of bare.normalize("NFKD").replace(COMBINING, "")) out += LOOK_ALIKES.get(piece) ?? piece;
  return out.slice(0, UNFOLDED_UNITS_MAX);
}

/**
 * Folds a text for comparison: NFKD, lower case, no combining marks, no invisible characters, look-alike letters
 * replaced by the Latin letter they imitate, any white space as one space. Every folded character knows the original
 * span it came from.
 */
export function fold(text: string): FoldedText {
  if (PLAIN.test(text)) {
    return {
      folded: text.toLowerCase(),
      startOf: (index) => index,
      endOf: (index) => index + 1,
    };
  }
  const starts = new Uint32Array(text.length * UNFOLDED_UNITS_MAX + 4);
  const ends = new Uint32Array(text.length * UNFOLDED_UNITS_MAX + 4);
  let folded = "";
  let offset = 0;
  for (const character of text) {
    const next = offset + character.length;
    const last = folded.length - 1;
    if (SPACE.test(character)) {
      if (folded.endsWith(" ")) ends[last] = next;
      else {
        starts[folded.length] = offset;
        ends[folded.length] = next;
        folded += " ";
      }
    } else if (character >= "\u0080" && INVISIBLE.test(character)) {
      // The mark belongs to the character before it, so that spans take it in.
      if (last >= 0 && ends[last] === offset) ends[last] = next;
    } else {
      const out = character < "\u0080" ? character.toLowerCase() : foldCharacter(character);
      for (let i = 0; i < out.length; i++) {
        starts[folded.length + i] = offset;
        ends[folded.length + i] = next;
      }
      folded += out;
    }
    offset = next;
  }
  return {
    folded,
    startOf: (index) => starts[index] ?? text.length,
    endOf: (index) => ends[index] ?? text.length,
  };
}

/**
 * A folded text read differently: every edit (in order, not overlapping) replaces a stretch; each character of the
 * replacement stands for the whole stretch.
 */
export function reread(base: FoldedText, edits: readonly Edit[]): FoldedText {
  const startIndex: number[] = [];
  const endIndex: number[] = [];
  let folded = "";
  let at = 0;
  const copy = (to: number): void => {
    for (; at < to; at++) {
      startIndex.push(at);
      endIndex.push(at);
      folded += base.folded[at];
    }
  };
  for (const { start, end, text } of edits) {
    copy(start);
    for (const unit of text) {
      startIndex.push(start);
      endIndex.push(end - 1);
      folded += unit;
    }
    at = end;
  }
  copy(base.folded.length);
  return {
    folded,
    startOf: (index) => base.startOf(startIndex[index] ?? base.folded.length),
    endOf: (index) => base.endOf(endIndex[index] ?? base.folded.length),
  };
}

/** The stretch `[start, end)` of a folded text as a text of its own; offsets lead to the same original. */
export function excerpt(base: FoldedText, start: number, end: number): FoldedText {
  return {
    folded: base.folded.slice(start, end),
    startOf: (index) => base.startOf(index + start),
    endOf: (index) => base.endOf(index + start),
  };
}

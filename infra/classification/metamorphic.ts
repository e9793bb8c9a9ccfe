/** A change that leaves a text's meaning to a human reader as it was; `random` gives numbers in [0, 1). */
export type Transformation = (text: string, random: () => number) => string;

const LETTER = /\p{L}/u;
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: "аα",
  c: "сϲ",
  e: "еε",
  h: "һ",
  i: "іι",
  j: "ј",
  k: "кκ",
  m: "м",
  n: "ո",
  o: "оο",
  p: "рρ",
  s: "ѕ",
  t: "т",
  u: "υս",
  v: "ν",
  x: "хχ",
  y: "уγ",
  A: "АΑ",
  B: "ВΒ",
  C: "С",
  E: "ЕΕ",
  H: "НΗ",
  I: "ІΙ",
  K: "КΚ",
  M: "МΜ",
  N: "Ν",
  O: "ОΟ",
  P: "РΡ",
  T: "ТΤ",
  X: "ХΧ",
  Y: "ҮΥ",
  Z: "Ζ",
};
const LEET: Readonly<Record<string, string>> = {
  a: "4@",
  e: "3",
  i: "1!",
  o: "0",
  s: "5$",
  t: "7",
  b: "8",
  g: "9",
};
const HIDDEN = ["\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\ufeff"];
const SPACES = ["  ", "   ", "\n", "\t", "\u00a0", "\u2003", " \n "];
/** Affixes that say nothing of anybody. */
const PREFIXES = [
  "Hi! ",
  "Hello, ",
  "Hello there. ",
  "Good morning. ",
  "Good afternoon! ",
  "Dear patient, ",
  "Hi, it's the front desk. ",
  "This is a message from your doctor's office. ",
  "Please note: ",
  "Reminder: ",
  "FYI: ",
  "Quick note - ",
  "Thanks for your patience. ",
  "Hola, ",
  "Buenos días. ",
  "Buenas tardes, ",
  "Le escribimos de la oficina. ",
  "Aviso: ",
];
const SUFFIXES = [
  " Thank you!",
  " Thanks",
  " Thank you for choosing us.",
  " Have a great day!",
  " See you soon.",
  " Please call us with any questions.",
  " Reply STOP to opt out.",
  " Parking is free.",
  " Our office is open 8 to 5.",
  " Best regards, the front desk",
  " Gracias.",
  " ¡Que tenga buen día!",
  " Saludos",
  " Nos vemos pronto.",
];

/** Harmless sentences whose words the allow-lists do not all hold. */
const SENTENCES = [
  "Our parking lot will be repaved this weekend, please use the side entrance.",
  "El estacionamiento estará pintado el lunes.",
  "The bakery downstairs has free samples on Friday.",
  "Our new receptionist Wanda joined us from the library.",
  "La cafetería del primer piso vende empanadas.",
  "Sorry about the hammering, they are fixing the roof.",
];

function pick<T>(values: ArrayLike<T>, random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}

const eachLetter = (text: string, change: (letter: string) => string): string =>
  [...text].map((character) => (LETTER.test(character) ? change(character) : character)).join("");

/** The words of a text with their places; `chosen` picks one of those that `fits`. */
function chooseWord(text: string, fits: (word: string) => boolean, random: () => number) {
  const words = [...text.matchAll(/[\p{L}]+/gu)].filter(([word]) => fits(word));
  return words.length === 0 ? undefined : pick(words, random);
}

function replaceWord(
  text: string,
  fits: (word: string) => boolean,
  change: (word: string) => string,
  random: () => number,
): string {
  const found = chooseWord(text, fits, random);
  if (found === undefined) return text;
  const [word] = found;
  return text.slice(0, found.index) + change(word) + text.slice(found.index + word.length);
}

const ASCII_WORD = /^[a-zA-Z]+$/;

function withTypo(word: string, random: () => number): string {
  const letter = String.fromCharCode(97 + Math.floor(random() * 26));
  const at = Math.floor(random() * word.length);
  switch (Math.floor(random() * 4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + letter + word.slice(at);
    case 2:
      return word.slice(0, at) + letter + word.slice(at + 1);
    default: {
      const first = Math.min(at, word.length - 2);
      return word.slice(0, first) + word.charAt(first + 1) + word.charAt(first) + word.slice(first + 2);
    }
  }
}

/** The transformations under which no tier may fall. */
export const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  "upper case": (text) => text.toUpperCase(),
  "lower case": (text) => text.toLowerCase(),
  "random case": (text, random) =>
    eachLetter(text, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase())),
  spacing: (text, random) => text.replaceAll(" ", () => (random() < 0.3 ? pick(SPACES, random) : " ")),
  "zero-width": (text, random) =>
    eachLetter(text, (letter) => (random() < 0.3 ? letter + pick(HIDDEN, random) : letter)),
  homoglyphs: (text, random) =>
    eachLetter(text, (letter) => {
      const others = LOOK_ALIKES[letter];
      return others !== undefined && random() < 0.4 ? pick([...others], random) : letter;
    }),
  "full width": (text, random) => {
    const share = random() < 0.5 ? 1 : 0.4;
    return eachLetter(text, (letter) =>
      letter.length === 1 && letter >= "!" && letter <= "~" && random() < share
        ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0)
        : letter,
    );
  },
  "leetspeak, one word": (text, random) =>
    replaceWord(
      text,
      (word) => ASCII_WORD.test(word) && /[aeiost].*[aeiost]/i.test(word) && word.length >= 4,
      (word) =>
        eachLetter(word, (letter) => {
          const others = LEET[letter.toLowerCase()];
          return others !== undefined && random() < 0.6 ? pick([...others], random) : letter;
        }),
      random,
    ),
  "leetspeak, all words": (text) => eachLetter(text, (letter) => LEET[letter.toLowerCase()]?.[0] ?? letter),
  "letter spacing, one word": (text, random) =>
    replaceWord(
      text,
      (word) => word.length >= 4,
      (word) => [...word].join(" "),
      random,
    ),
  "letter spacing, all words": (text) =>
    text
      .split(/\s+/)
      .map((word) => [...word].join(" "))
      .join("   "),
  "one typing error": (text, random) =>
    replaceWord(
      text,
      (word) => ASCII_WORD.test(word) && word.length >= 6,
      (word) => withTypo(word, random),
      random,
    ),
  "benign prefix": (text, random) => pick(PREFIXES, random) + text,
  "benign suffix": (text, random) => text + pick(SUFFIXES, random),
  "benign prefix and suffix": (text, random) => pick(PREFIXES, random) + text + pick(SUFFIXES, random),
  "other harmless sentence": (text, random) =>
    random() < 0.5 ? `${pick(SENTENCES, random)} ${text}` : `${text} ${pick(SENTENCES, random)}`,
};

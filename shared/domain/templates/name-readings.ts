import { lookUp, lookUpInflected } from "../classification/lexicon.ts";
import { cutIntoWords } from "../fields/field-words.ts";
import { tellsAsWord } from "./telling-words.ts";

/** A shorter word is as likely a piece of another one. */
const WORD_MIN = 3;
const SHORT_WORDS: ReadonlySet<string> = new Set("a of dr md my and at by st de la el y".split(" "));

/** Words that names of offices are made of, and that tell nothing. */
const OF_OFFICES: ReadonlySet<string> = new Set(
  (
    "a of dr md my and at by st de la el y the for our your new all pro plus one first best now care center centre ctr clinic " +
    "clinica office health healthcare medical house home unit suite group partners team place works doctor doctors docs " +
    "hospital institute associates specialists services practice physicians wellness life family north south east west " +
    "northside southside eastside westside uptown downtown city county valley lake river bay oak hill hills park point " +
    "hope usa online centro salud cuidado cuidados norte sur casa hospital consultorio del los las con para"
  ).split(" "),
);

/** What run-together words are cut into: those of curated lists, everyday ones and those that tell in names. */
const KNOWN_WORDS: Pick<ReadonlySet<string>, "has"> = {
  has: (word) => {
    if (word.length < WORD_MIN) return SHORT_WORDS.has(word);
    if (tellsAsWord(word)) return true;
    const entry = lookUp(word);
    return entry !== undefined && entry.strength !== "listed";
  },
};

function cut(word: string): readonly string[] {
  return cutIntoWords(word.toLowerCase(), KNOWN_WORDS);
}

/**
 * How people read a label of a host or a mailbox: as it is, by its hyphens, and by the words that it runs together. Small
 * letters.
 */
export function labelReadings(label: string): readonly string[] {
  const pieces = label.split(/[^a-z0-9]+/).filter((piece) => piece !== "");
  return [label, pieces.join(" "), pieces.flatMap(cut).join(" ")];
}

/** `H.I.V.`, `L C S W`, `Psy.D.`, `Ca&ncer`: what signs and blanks between letters hold apart. A person's initials stay. */
function folded(name: string, isPerson: boolean): string {
  return name
    .replaceAll(
      /(?<![A-Za-z0-9])(?:[A-Za-z0-9](?![A-Za-z0-9])[ .&'-]*){2,}/g,
      (letters: string, at: number) => {
        const together = letters.replaceAll(/[^A-Za-z0-9]/g, "");
        const beforeName = /^[A-Z][a-z]/.test(name.slice(at + letters.length));
        if (isPerson && together.length === 2 && beforeName) return letters;
        return together + (/[ .&'-]*$/.exec(letters)?.[0] ?? "");
      },
    )
    .replaceAll(/(?<=[A-Za-z]{2})[.&'-]+(?=[A-Za-z])|(?<=[A-Za-z])[.&'-]+(?=[A-Za-z]{2})/g, "");
}

/** `CancerCare`, `HIV1`, `HIVclinic`: where capitals and digits begin words. */
function split(name: string): string {
  return name
    .replaceAll(
      /(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/g,
      " ",
    )
    .trim();
}
function splitAfterCapitals(name: string): string {
  return name.replaceAll(/(?<=[A-Z]{2})(?=[a-z]{3})/g, " ");
}

/** `Can cer Center`: words that only together are one. Only what then tells counts, so that no two names meet by chance. */
function joined(name: string): readonly string[] {
  const words = [...name.matchAll(/[A-Za-z0-9]+/g)];
  return words.flatMap((first, index) =>
    [2, 3].flatMap((count): string[] => {
      const last = words[index + count - 1];
      if (last === undefined) return [];
      const whole = words
        .slice(index, index + count)
        .map(([word]) => word)
        .join("");
      const tells = whole.length > 4 && lookUpInflected(whole.toLowerCase())?.strength === "strong";
      return tells ? [name.slice(0, first.index) + whole + name.slice(last.index + last[0].length)] : [];
    }),
  );
}

/** Words cut apart, where all of them are of offices but the one that may tell: Lightfoot is a name, footclinic is none. */
function apart(name: string, keep: number | undefined): string {
  return name.replaceAll(/[A-Za-z]{5,}/g, (word, at: number) => {
    if (at === keep) return word;
    const pieces = cut(word);
    const own = pieces.filter((piece) => !OF_OFFICES.has(piece));
    const [telling = ""] = own;
    const tells = tellsAsWord(telling) || lookUpInflected(telling)?.strength === "strong";
    return pieces.length > 1 && own.length === 1 && tells ? pieces.join(" ") : word;
  });
}

/** Where a person's surname stands, beside title, given names and degrees; undefined where it is told otherwise. */
export function surnameIn(name: string): number | undefined {
  const match =
    /^(?:(?:Dra?|Mrs?|Ms|Sra?)\b\.?\s+(?:[A-Z]\.?\s+|[A-Z][a-z]+\s+){0,2}|[A-Z][a-z]+\s+)([A-Z][A-Za-z'-]+)(?=$|,)/.exec(
      name,
    );
  return match === null ? undefined : match[0].length - (match[1] ?? "").length;
}

/** The other ways in which people read a name than as it is written, each once. */
export function nameReadings(name: string, isPerson: boolean): readonly string[] {
  const surname = (written: string) => (isPerson ? surnameIn(written) : undefined);
  const letters = folded(name, isPerson);
  const readings = [
    letters,
    split(name),
    split(letters),
    split(splitAfterCapitals(name)),
    ...joined(name),
    ...joined(letters),
    apart(name, surname(name)),
    apart(letters, surname(letters)),
  ];
  return [...new Set(readings)].filter((reading) => reading !== name);
}

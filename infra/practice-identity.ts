import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { cutIntoWords } from "#shared/domain/fields/field-words.ts";
import { checkTextName } from "#shared/domain/templates/text-name.ts";
import { readCuratedList, readRankedWords } from "./classification/word-lists.ts";
import type { StageSettings } from "./stages.ts";

const LISTS = new URL("classification/lists/", import.meta.url);
const COMMON = ["common-english.txt", "common-spanish.txt", "names-in-vocabulary.txt"];
const STRONG = ["strong-english.txt", "strong-english-2.txt", "strong-spanish.txt", "strong-spanish-2.txt"];
/** A shorter word of the common lists is as likely a piece of another one. */
const WORD_MIN = 3;
const SHORT_WORDS = ["a", "of", "dr", "md", "my", "and", "at", "by", "st", "de", "la", "el", "y"];

let vocabulary: ReadonlySet<string> | undefined;

/** Words that hosts are made of. */
function hostWords(): ReadonlySet<string> {
  if (vocabulary !== undefined) return vocabulary;
  const common = COMMON.flatMap((list) => readRankedWords(new URL(list, LISTS)));
  const strong = STRONG.flatMap((list) =>
    readCuratedList(new URL(list, LISTS)).flatMap(({ words }) => words.split(" ")),
  );
  const words = [...common, ...strong].filter((word) => word.length >= WORD_MIN);
  vocabulary = new Set([...words, ...SHORT_WORDS]);
  return vocabulary;
}

/** The ways in which people read a label: as it is, by its hyphens, and by the words that it runs together. */
function readingsOf(label: string): readonly string[] {
  const pieces = label.split(/[^a-z0-9]+/).filter((piece) => piece !== "");
  const words = pieces.flatMap((piece) => cutIntoWords(piece, hostWords()));
  return [label, pieces.join(" "), words.join(" ")];
}

/** Throws where the name, host or sender that every text, link or e-mail shows tells what kind of care patients get. */
export function requireTellingNothing({
  practice,
  domain,
  email,
  wording,
}: Pick<StageSettings, "practice" | "domain" | "email" | "wording">): void {
  const settings = wording === undefined ? undefined : JSON.stringify(wording);
  const classifier = createPracticeClassifier(settings);
  const classify = (text: string) => classifier.classify(text, { direction: "outbound" });
  const tells = (text: string) => classify(text).tier === 3;

  if (checkTextName(practice.textName, "practice", classify).length > 0) {
    throw new Error(
      `The practice's text name ("${practice.textName}") tells what kind of care patients get: whoever finds a ` +
        "phone would know. Choose a name that tells nothing, such as that of a street.",
    );
  }
  if (domain !== undefined) requireHost("The portal's host", domain.host, tells);
  if (email === undefined) return;
  const [, name = "", address = email.from] = /^([^<]*)<([^>]*)>$/.exec(email.from) ?? [];
  const [mailbox = "", host = ""] = address.trim().toLowerCase().split("@");
  if (tells(name.trim()) || readingsOf(mailbox).some(tells)) {
    throw new Error(
      `The sender of e-mails ("${email.from}") tells what kind of care patients get: every list of messages shows ` +
        "it. Choose a name and an address that tell nothing.",
    );
  }
  requireHost("The domain of the sender of e-mails", host, tells);
}

function requireHost(what: string, host: string, tells: (text: string) => boolean): void {
  const labels = host.toLowerCase().split(".");
  // A single letter says nothing by itself.
  const telling =
    labels.find((label) => label.length > 1 && readingsOf(label).some(tells)) ??
    (tells(labels.join(" ")) ? host : undefined);
  if (telling === undefined) return;
  throw new Error(
    `${what} ("${telling}" in ${host}) tells what kind of care patients get: whoever finds a phone would know. ` +
      "Choose one whose words tell nothing.",
  );
}

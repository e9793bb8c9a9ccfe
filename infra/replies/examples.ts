import { readdirSync, readFileSync } from "node:fs";
import { plainWords } from "#shared/domain/replies/plain-words.ts";
import { type ReplyFeatures, replyFeatures } from "#shared/domain/replies/reply-features.ts";

const REPLIES = new URL("../../corpus/replies/", import.meta.url);
const MESSAGES = new URL("../../corpus/", import.meta.url);

/** How much a message that is no labelled reply counts beside one that is. */
const MESSAGE_WEIGHT = 0.2;
/** Longer messages are stories, unlike any reply that asks for no more texts. */
const MESSAGE_LENGTH_MAX = 320;

/** A text to learn from. */
export type Example = {
  readonly text: string;
  readonly file: string;
  readonly language: string;
  readonly revokes: boolean;
  readonly distress: "self-harm" | "emergency" | null;
  readonly weight: number;
  readonly features: ReplyFeatures;
};

function linesOf(folder: URL, file: string): Record<string, unknown>[] {
  return readFileSync(new URL(file, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Record<string, unknown> => JSON.parse(line));
}

const filesIn = (folder: URL): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();

const featuresOf = (text: string): ReplyFeatures => replyFeatures(plainWords(text).words);

/** The labelled replies of one file, a path or the name of a file in corpus/replies. */
export function readReplies(file: string): Example[] {
  return linesOf(REPLIES, file).map((line) => {
    const { text, language, revokes, distress } = line as Pick<
      Example,
      "text" | "language" | "revokes" | "distress"
    >;
    const features = featuresOf(text);
    return { text, file, language, revokes, distress: distress ?? null, weight: 1, features };
  });
}

/** All labelled replies, in a fixed order. */
export function allReplies(): Example[] {
  return filesIn(REPLIES).flatMap(readReplies);
}

/** What patients write in the classifier's corpus: nearly none of it is about the texts themselves. */
export function patientMessages(): Example[] {
  return filesIn(MESSAGES).flatMap((file) =>
    linesOf(MESSAGES, file).flatMap((line): Example[] => {
      const { text, lang, direction, category } = line as Record<string, string>;
      const inbound = direction === undefined ? category?.includes("patient") : direction === "inbound";
      if (!inbound || text === undefined || text.length > MESSAGE_LENGTH_MAX) return [];
      const weight = MESSAGE_WEIGHT;
      return [
        {
          text,
          file,
          language: lang ?? "",
          revokes: false,
          distress: null,
          weight,
          features: featuresOf(text),
        },
      ];
    }),
  );
}

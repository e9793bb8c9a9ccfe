import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type ReplyReading, readReply } from "#shared/domain/replies/read-reply.ts";

type Phrase = {
  readonly text: string;
  readonly language: "en" | "es" | "mixed";
  readonly revokes: boolean;
  readonly keyword?: ReplyReading["keyword"];
  readonly wrongNumber?: true;
  readonly cancelsVisit?: true;
  readonly distress?: "self-harm" | "emergency";
};

/** The model is trained on these texts: a lower share means that features and model do not belong together. */
const RIGHT_MIN = 0.98;
/** Phrases say what is meant apart from the revocation; they are held to less. */
const FLAGS_RIGHT_MIN = 0.95;

const folder = new URL("../../../corpus/replies/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const phrasesOf = (name: string): Phrase[] =>
  readFileSync(new URL(name, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Phrase => JSON.parse(line));

const phrases = files.flatMap(phrasesOf);
const readings = new Map(phrases.map(({ text }) => [text, readReply(text)]));

/** The share of `some` that are read as `right` says, with those that are not. */
function shareRight(some: readonly Phrase[], right: (phrase: Phrase, reading: ReplyReading) => boolean) {
  const wrong = some.filter((phrase) => !right(phrase, readings.get(phrase.text) ?? readReply(phrase.text)));
  return { share: 1 - wrong.length / some.length, wrong: wrong.map(({ text }) => text) };
}

it("holds more than 6,000 phrases, in English and Spanish, no text twice", () => {
  expect(phrases.length).toBeGreaterThan(6000);
  expect(new Set(phrases.map(({ text }) => text)).size).toBe(phrases.length);
  expect(phrases.filter(({ language }) => language !== "en").length).toBeGreaterThan(1500);
  expect(phrases.filter(({ revokes }) => revokes).length).toBeGreaterThan(3000);
  expect(phrases.filter(({ revokes }) => !revokes).length).toBeGreaterThan(2500);
});

it.each(files)("reads %s as labelled: whether it revokes", (name) => {
  const { share, wrong } = shareRight(
    phrasesOf(name),
    ({ revokes }, reading) => (reading.revokes !== null) === revokes,
  );
  expect(share, wrong.join("\n")).toBeGreaterThanOrEqual(RIGHT_MIN);
});

it("knows every keyword that is marked", () => {
  const { wrong } = shareRight(
    phrases.filter(({ keyword }) => keyword !== undefined),
    ({ keyword }, reading) => reading.keyword === keyword,
  );
  expect(wrong).toEqual([]);
});

it("knows wrong numbers that are marked", () => {
  const { share, wrong } = shareRight(
    phrases.filter(({ wrongNumber }) => wrongNumber),
    (_, reading) => reading.wrongNumber,
  );
  expect(share, wrong.join("\n")).toBeGreaterThanOrEqual(FLAGS_RIGHT_MIN);
});

it("knows cancelled visits that are marked", () => {
  const { share, wrong } = shareRight(
    phrases.filter(({ cancelsVisit }) => cancelsVisit),
    (_, reading) => reading.cancelsVisit,
  );
  expect(share, wrong.join("\n")).toBeGreaterThanOrEqual(FLAGS_RIGHT_MIN);
});

it("hears distress, and seldom where there is none", () => {
  const heard = shareRight(
    phrases.filter(({ distress }) => distress !== undefined),
    (_, reading) => reading.distress !== null,
  );
  expect(heard.share, heard.wrong.join("\n")).toBeGreaterThanOrEqual(RIGHT_MIN);
  const calm = shareRight(
    phrases.filter(({ distress }) => distress === undefined),
    (_, reading) => reading.distress === null,
  );
  expect(calm.share, calm.wrong.join("\n")).toBeGreaterThanOrEqual(0.99);
});

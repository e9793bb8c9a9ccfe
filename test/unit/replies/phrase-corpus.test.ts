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

const folder = new URL("../../../corpus/replies/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
const phrasesOf = (name: string): Phrase[] =>
  readFileSync(new URL(name, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Phrase => JSON.parse(line));

it("holds more than 700 phrases, in English and Spanish, no text twice", () => {
  const phrases = files.flatMap(phrasesOf);
  expect(phrases.length).toBeGreaterThan(700);
  expect(new Set(phrases.map(({ text }) => text)).size).toBe(phrases.length);
  expect(phrases.filter(({ language }) => language === "es").length).toBeGreaterThan(300);
  expect(phrases.filter(({ revokes }) => revokes).length).toBeGreaterThan(400);
  expect(phrases.filter(({ revokes }) => !revokes).length).toBeGreaterThan(300);
});

it.each(files)("reads every phrase of %s as labelled", (name) => {
  const wrong = phrasesOf(name).filter((phrase) => {
    const reading = readReply(phrase.text);
    return (
      (reading.revokes !== null) !== phrase.revokes ||
      reading.keyword !== (phrase.keyword ?? reading.keyword) ||
      reading.wrongNumber !== (phrase.wrongNumber ?? false) ||
      reading.cancelsVisit !== (phrase.cancelsVisit ?? false) ||
      reading.distress !== (phrase.distress ?? null)
    );
  });
  expect(wrong).toEqual([]);
});

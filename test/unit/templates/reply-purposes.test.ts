import { describe, expect, it } from "vitest";
import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import { draftOf } from "#shared/domain/templates/draft.ts";
import { parseTemplate } from "#shared/domain/templates/parse.ts";
import { findMisusedReplies } from "#shared/domain/templates/reply-purposes.ts";

/** The replies that do something else than the words say. */
function misused(text: string, use: AlertKind = "reminder"): string[] {
  const draft = draftOf(text, parseTemplate(text).slots);
  return findMisusedReplies(draft, use).map(({ start, end }) => text.slice(start, end));
}

describe("a reply does what the words say", () => {
  it.each<[string, string[]]>([
    ["Reply 2 to confirm, C to change.", ["2", "C"]],
    ["Reply C to cancel.", ["C"]],
    ["Reply END to change.", ["END"]],
    ["Reply STOP to confirm.", ["STOP"]],
    ["Reply START to confirm.", ["START"]],
    ["To confirm reply 2.", ["2"]],
    ["Responda 2 para confirmar, C para cambiar.", ["2", "C"]],
  ])("not so: %s", (words, replies) => {
    expect(misused(`{practice}: your visit is {date}. ${words} Call {phone}.`)).toEqual(replies);
  });

  it.each([
    "Reply C to confirm, 2 to change.",
    "To confirm, reply C, to change, reply 2.",
    "Reply C if you come, 2 if you want to change it.",
    "Responda C para confirmar, 2 para cambiar.",
    "Reply STOP to end.",
    "Reply HELP for help, STOP to end.",
  ])("so: %s", (words) => {
    expect(misused(`{practice}: your visit is {date}. ${words} Call {phone}.`)).toEqual([]);
  });

  it("may be START where texts have ended, only", () => {
    const text = "{practice}: you get no more texts. Reply START to get them again.";

    expect(misused(text, "stopped")).toEqual([]);
    expect(misused(text, "help")).toEqual(["START"]);
  });
});

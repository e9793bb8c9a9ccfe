import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FILE_WORDS, ROW_WORDS } from "#infra/import/codes.ts";
import { FILE_CODES, ROW_CODES, type RowNote } from "#shared/domain/imports/kinds.ts";
import { STATUS_WORDS } from "#shared/domain/visits/words.ts";
import { channelOf, decisionOf, purposeOf, visitStatus } from "#shared/imports/values.ts";

/** Rows of the table of words: field, what it is here, words. */
function wordsTable() {
  const [, section = ""] = readFileSync("infra/import/README.md", "utf8").split("\n### Words\n");
  const [table = ""] = section.split("\n## ");
  let field = "";
  return [...table.matchAll(/^\|([^|]*)\|([^|]*)\|([^|]*)\|$/gmu)].slice(2).flatMap(([, ...cells]) => {
    const [name = "", meaning = "", words = ""] = cells.map((cell) => cell.trim());
    field = name || field;
    return words.split(", ").map((word) => ({ field, meaning, word }));
  });
}

function meaningOf(field: string, word: string): string {
  if (field === "purpose") return purposeOf(word);
  if (field === "channel") return channelOf(word);
  if (field === "decision") return decisionOf(word);
  const warnings: RowNote[] = [];
  const { status, confirmed } = visitStatus(word, warnings);
  return [
    status,
    ...(confirmed ? ["confirmed"] : []),
    ...(warnings.length > 0 ? ["with a warning"] : []),
  ].join(", ");
}

it("every word that the README lists is understood as it says", () => {
  const words = wordsTable();
  expect(new Set(words.map(({ field }) => field))).toEqual(
    new Set(["status", "purpose", "channel", "decision"]),
  );
  for (const { field, meaning, word } of words) {
    expect(`${word}: ${meaningOf(field, word)}`).toBe(`${word}: ${meaning === "the same" ? word : meaning}`);
  }
  const statuses = words.filter(({ field }) => field === "status").map(({ word }) => word);
  expect(statuses).toEqual(expect.arrayContaining(STATUS_WORDS.filter((word) => /^[a-z]+$/u.test(word))));
});

it("every code of an import stands in the README with what it means", () => {
  const told = readFileSync("infra/import/README.md", "utf8").match(/^\| `[a-z_]+` \| .+ \|$/gmu) ?? [];
  const rows = (words: Readonly<Record<string, string>>, codes: readonly string[]) =>
    codes.map((code) => `| \`${code}\` | ${words[code] ?? ""} |`);
  expect(told.toSorted()).toEqual(
    [...rows(FILE_WORDS, FILE_CODES), ...rows(ROW_WORDS, ROW_CODES)].toSorted(),
  );
});

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FILE_WORDS, ROW_WORDS } from "#infra/import/codes.ts";
import { FILE_CODES, ROW_CODES } from "#shared/domain/imports/kinds.ts";

it("every code of an import stands in the README with what it means", () => {
  const told = readFileSync("infra/import/README.md", "utf8").match(/^\| `[a-z_]+` \| .+ \|$/gmu) ?? [];
  const rows = (words: Readonly<Record<string, string>>, codes: readonly string[]) =>
    codes.map((code) => `| \`${code}\` | ${words[code] ?? ""} |`);
  expect(told.toSorted()).toEqual(
    [...rows(FILE_WORDS, FILE_CODES), ...rows(ROW_WORDS, ROW_CODES)].toSorted(),
  );
});

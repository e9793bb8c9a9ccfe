import { expect, it } from "vitest";
import { peerTable } from "#infra/classification/peer-quality.ts";

const nothing = { any: false, clinical: false };
const something = { any: true, clinical: false };
const clinical = { any: true, clinical: true };

it("counts what is found in clinical and in harmless texts apart", () => {
  const table = peerTable(
    [3, 3, 3, 3, 1, 2],
    [{ name: "finder", verdicts: [clinical, something, something, nothing, something, nothing] }],
  );

  const cells = table.split("\n")[2]?.split(" | ") ?? [];
  expect(cells.map((cell) => cell.split(";")[0])).toEqual([
    "| finder",
    "6",
    "75.0 % (3/4",
    "25.0 % (1/4",
    "50.0 % (1/2",
    "0.0 % (0/2",
  ]);
  expect(table.split("\n")).toHaveLength(5);
});

it("says which texts a slow contender was asked about, and why another failed", () => {
  const table = peerTable(
    [3, 1, 3, 1],
    [
      { name: "slow", verdicts: [clinical, nothing] },
      { name: "broken", verdicts: [], failure: "ended with exit code 1: Error: no" },
    ],
  );

  expect(table).toContain("| slow | 2 | 100.0 % (1/1;");
  expect(table).toContain("\n\nslow: the first 2 of 4 texts, in random order, in 60 s.");
  expect(table).toContain("| broken | 0 | - | - | - | - |");
  expect(table).toContain("\n\nbroken ended with exit code 1: Error: no.");
});

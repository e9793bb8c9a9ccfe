import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChooseRows, keyOf } from "#shared/imports/choose-rows.ts";
import { rowsOf } from "./reading.ts";

const HEADER = "visit id,mrn,start,version";

function choices(lines: readonly string[]): readonly string[] {
  const rows = rowsOf("appointments", [HEADER, ...lines].join("\n"));
  const chooser = new ChooseRows();
  for (const row of rows) chooser.add(row);
  return rows.map((row) => (row.what === "row" ? chooser.choose(row) : row.what));
}

describe("rows of the same thing", () => {
  it.each([
    ["one", ["V1,A,2026-12-01 9:00,"], ["apply"]],
    ["word for word", ["V1,A,2026-12-01 9:00,", 'V1,A,"12/1/2026 9:00 AM",'], ["apply", "repeated"]],
    ["otherwise", ["V1,A,2026-12-01 9:00,", "V1,A,2026-12-01 9:30,"], ["conflicting", "conflicting"]],
    ["newer below", ["V1,A,2026-12-01 9:00,1", "V1,A,2026-12-01 9:30,2"], ["older", "apply"]],
    ["newer above", ["V1,A,2026-12-01 9:00,2", "V1,A,2026-12-01 9:30,1"], ["apply", "older"]],
    [
      "otherwise, and newer than those",
      ["V1,A,2026-12-01 9:00,1", "V1,A,2026-12-01 9:30,1", "V1,A,2026-12-01 9:45,2"],
      ["older", "older", "apply"],
    ],
    ["a bad one between", ["V1,A,never,9", "V1,A,2026-12-01 9:00,1"], ["bad", "apply"]],
  ])("%s", (_what, lines, expected) => {
    expect(choices(lines)).toEqual(expected);
  });

  it("tell each where it is contradicted", () => {
    const lines = [
      "V1,A,2026-12-01 9:00,",
      "V1,A,2026-12-01 9:30,",
      "V1,A,12/1/2026 9:00,",
      "V2,A,2026-12-01 9:00,",
    ];
    const rows = rowsOf("appointments", [HEADER, ...lines].join("\n"));
    const chooser = new ChooseRows();
    for (const row of rows) chooser.add(row);
    const others = rows.map((row) => (row.what === "row" ? chooser.otherLine(row) : null));
    expect(others).toEqual([3, 2, 3, undefined]);
  });

  it("are applied once at most, and the newest, in whatever order they stand", () => {
    const line = fc
      .tuple(fc.constantFrom("V1", "V2"), fc.integer({ min: 1, max: 4 }))
      .map(([id, version]) => `${id},A,2026-12-0${version} 9:00,${version}`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 10 }), (lines) => {
        const applied = lines.filter((_line, index) => choices(lines)[index] === "apply");
        const best = new Map<string, string>();
        for (const one of lines) {
          const [id = ""] = one.split(",");
          if (one > (best.get(id) ?? "")) best.set(id, one);
        }
        expect(applied.toSorted()).toEqual([...best.values()].toSorted());
      }),
    );
  });

  it("are consents of one patient, purpose and channel", () => {
    const text = "mrn,purpose,channel,decision\nA,portal,sms,no\nA,portal,sms,revoked\nA,portal,email,no";
    const keys = rowsOf("consents", text).map((read) => read.what === "row" && keyOf(read.row));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });
});

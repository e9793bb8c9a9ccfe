import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CSV_LIMITS, ROW_UNITS_MAX } from "#infra/template-audit/limits.ts";
import { separatorOf } from "#infra/template-audit/separators.ts";
import { CsvRecords } from "#shared/domain/csv/csv-records.ts";

function records(
  text: string,
  { separator = ",", size = text.length }: { separator?: string; size?: number } = {},
) {
  const reader = new CsvRecords(separator, CSV_LIMITS);
  const found = [];
  for (let at = 0; at < text.length; at += Math.max(1, size))
    found.push(...reader.read(text.slice(at, at + size)));
  return [...found, ...reader.end()];
}

describe("reading", () => {
  it.each([1, 2, 3, 100])("takes quoted fields, line breaks and any line end, in pieces of %i", (size) => {
    expect(records('a,b\r\n"x, ""y""\r\nz", 1\n\nc,\rd,"e"', { size })).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ['x, "y"\r\nz', " 1"] },
      { line: 5, cells: ["c", ""] },
      { line: 6, cells: ["d", "e"] },
    ]);
  });

  it("gives back what was written, however it is cut", () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é", "😀"),
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        (rows, size) => {
          const text = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
            .join("\r\n");
          expect(records(text, { size }).map((record) => "cells" in record && record.cells)).toEqual(rows);
        },
      ),
    );
  });
});

describe("a broken row", () => {
  it.each([1, 5, 1000])("does not take the rows after it along, in pieces of %i", (size) => {
    expect(records('a,b\n1,"open\n2,x\n3,"y" z\n4,w\n', { size })).toMatchObject([
      { line: 1 },
      { line: 2, problem: expect.any(String) },
      { line: 3, cells: ["2", "x"] },
      { line: 4, problem: expect.any(String) },
      { line: 5, cells: ["4", "w"] },
    ]);
  });

  it("may be of any length without being kept", () => {
    const reader = new CsvRecords(",", CSV_LIMITS);
    const found = [...reader.read("a,b\n")];
    for (let length = 0; length <= ROW_UNITS_MAX * 3; length += 65_536)
      found.push(...reader.read("x".repeat(65_536)));
    found.push(...reader.read("\nc,d\n"), ...reader.end());

    expect(found).toMatchObject([
      { line: 1 },
      { line: 2, problem: expect.any(String) },
      { line: 3, cells: ["c", "d"] },
    ]);
  });
});

describe("the separator", () => {
  it.each([
    ["id,text", ","],
    ["id;text;name", ";"],
    ["id\ttext", "\t"],
    ['"a,b,c";text', ";"],
    ["text", undefined],
  ])("of %j is %j", (header, separator) => {
    expect(separatorOf(header)).toBe(separator);
  });
});

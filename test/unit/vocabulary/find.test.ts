import { describe, expect, it } from "vitest";
import { findInDirectory } from "#shared/vocabulary/find.ts";
import type { DirectoryEntry } from "#shared/vocabulary/records.ts";

function anEntry(parts: Partial<DirectoryEntry>): DirectoryEntry {
  return {
    id: "loc_1",
    kind: "location",
    name: "Riverside Clinic, Building 2",
    codes: [],
    timeZone: null,
    textName: "Riverside",
    version: 1,
    approved: null,
    proposedBy: "staff_1",
    ...parts,
  };
}

const DIRECTORY = {
  version: 1,
  entries: [
    anEntry({ codes: ["RIV", "41"] }),
    anEntry({
      id: "loc_2",
      name: "Étage Nord",
      textName: "North",
      approved: { textName: "North Site", version: 1, by: "staff_2", at: "2026-01-01T00:00:00.000Z" },
    }),
    anEntry({ id: "RIV", kind: "provider", name: "Ana Lee", textName: "Dr. Lee", codes: ["7"] }),
    anEntry({ id: "prv_2", kind: "provider", name: "Bo Lee", textName: "Dr. Lee" }),
  ],
};

describe("an entry of the directory", () => {
  it.each([
    ["location", "loc_1", "loc_1"],
    ["location", "LOC_1", "loc_1"],
    ["location", "riv", "loc_1"],
    ["location", " riverside  clinic,  BUILDING 2 ", "loc_1"],
    ["location", "riverside", "loc_1"],
    // A letter and its accent as two characters.
    ["location", "e\u0301tage nord", "loc_2"],
    ["location", "north site", "loc_2"],
    ["provider", "7", "RIV"],
  ] as const)("of the kind %s is found by %j", (kind, value, id) => {
    expect(findInDirectory(DIRECTORY, kind, value)?.id).toBe(id);
  });

  it.each([
    ["location", "7"],
    ["location", "river"],
    ["location", ""],
    ["location", "   "],
    ["pharmacy", "riverside"],
  ] as const)("of the kind %s is not found by %j", (kind, value) => {
    expect(findInDirectory(DIRECTORY, kind, value)).toBeUndefined();
  });

  it("is not guessed where two have the name", () => {
    expect(findInDirectory(DIRECTORY, "provider", "Dr. Lee")).toBeUndefined();
  });

  it("is never found where there is no directory", () => {
    expect(findInDirectory(undefined, "location", "loc_1")).toBeUndefined();
  });
});

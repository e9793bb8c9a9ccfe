import { describe, expect, it } from "vitest";
import { idPattern } from "#shared/domain/ids.ts";
import { type IdPrefix, newId } from "#shared/runtime/ids.ts";

const PREFIXES: readonly IdPrefix[] = ["pat", "con", "msg", "thr", "alr", "aud", "num", "not"];

describe("ids", () => {
  it.each(PREFIXES)("made with %s fit their own pattern and no other", (prefix) => {
    const id = newId(prefix);

    const fitting = PREFIXES.filter((other) => idPattern(other).test(id));

    expect(fitting).toEqual([prefix]);
  });

  it.each([
    "pat_",
    "pat_01KAEV0000000000000000PAT",
    "pat_01KAEV0000000000000000PAT11",
    "pat_01kaev0000000000000000pat1",
    "pat_01KAEV000000000000000000I1",
    " pat_01KAEV0000000000000000PAT1",
    "pat_01KAEV0000000000000000PAT1\n",
  ])("of another form are not ids: %j", (id) => {
    expect(idPattern("pat").test(id)).toBe(false);
  });

  it("sort in the order in which they were made", () => {
    const ids = [3, 1, 2].map((day) => newId("msg", new Date(Date.UTC(2026, 10, day))));

    const sorted = [...ids].sort();

    expect(sorted).toEqual([ids[1], ids[2], ids[0]]);
  });
});

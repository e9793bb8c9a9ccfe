import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesOf } from "#infra/audit/samples/dynamodb-json.ts";
import { CanonicalWriter } from "#infra/audit/verify/canonical-item.ts";
import { NotCanonicalError } from "#infra/audit/verify/name-orders.ts";
import { namesOnce } from "#infra/audit/verify/strict-json.ts";

const NOTHING: ReadonlySet<string> = new Set();
const { value: values } = fc.letrec<{ value: unknown; name: string }>((tie) => ({
  name: fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("a", "b", "__proto__", "é", "\u{1f600}", "\ufb33", "10", "9"),
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(tie("name") as fc.Arbitrary<string>, tie("value"), { maxKeys: 6 }),
  ),
}));
const items = fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), values, { maxKeys: 8 });

/** As an export has it: a line that was parsed. */
const exported = (item: Readonly<Record<string, unknown>>) =>
  JSON.parse(JSON.stringify(attributesOf(item))) as Parameters<CanonicalWriter["write"]>[0];

describe("the canonical form of an item", () => {
  it("is RFC 8785 of what its types stand for", () => {
    const writer = new CanonicalWriter();
    fc.assert(
      fc.property(items, (item) => {
        expect(writer.write(exported(item), NOTHING).text).toBe(canonicalize(item));
      }),
      { numRuns: 2000 },
    );
  });

  it("measures the item's line, so that a line that says more is noticed", () => {
    const writer = new CanonicalWriter();
    fc.assert(
      fc.property(items, (item) => {
        const attributes = exported(item);
        expect(writer.write(attributes, new Set(Object.keys(item).slice(0, 2))).jsonLength).toBe(
          JSON.stringify(attributes).length,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["1", "1"],
    ["1.50", "1.5"],
    ["-0", "0"],
    ["1E+2", "100"],
    ["0.0000001", "1e-7"],
    ["1e21", "1e+21"],
    ["123456789012345680000", "123456789012345680000"],
    ["0.1", "0.1"],
  ])("prints the number %s as ECMAScript does", (written, printed) => {
    expect(new CanonicalWriter().write({ n: { N: written } }, NOTHING).text).toBe(`{"n":${printed}}`);
  });

  it.each([
    "NaN",
    "Infinity",
    "1e999",
    "9007199254740993",
    "0.1000000000000000055",
    "0x10",
    "",
    " 1",
    "1 ",
    "1_0",
    "--1",
  ])("refuses the number %j, which no double holds as it is written", (written) => {
    expect(() => new CanonicalWriter().write({ n: { N: written } }, NOTHING)).toThrow(NotCanonicalError);
  });

  it.each([
    { SS: ["a"] },
    { NS: ["1"] },
    { B: "AA==" },
    { BS: ["AA=="] },
    { NULL: false },
    { BOOL: "true" },
    { S: 1 },
    { N: 1 },
    { M: [] },
    { L: {} },
    { M: null },
    { S: "\ud800" },
    {},
    { M: { "\udfff": { S: "" } } },
  ] as const)("refuses %j", (value) => {
    expect(() => new CanonicalWriter().write({ value }, NOTHING)).toThrow(NotCanonicalError);
  });
});

describe("names in JSON", () => {
  it("are found to be there twice, however they are written", () => {
    expect(namesOnce('{"a":1,"b":{"a":[{"a":1},{"a":2}]}}')).toBe(true);
    expect(namesOnce('{"a":1,"b":"\\",\\"a\\":","c":"a"}')).toBe(true);
    expect(namesOnce('{"a":1,"\\u0061":2}')).toBe(false);
    expect(namesOnce('{"x":[{"a":1,"b":2,"a":3}]}')).toBe(false);
    expect(namesOnce('{"__proto__":1,"__proto__":2}')).toBe(false);
  });

  it("are never doubled in what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(namesOnce(JSON.stringify(JSON.parse(json)))).toBe(true);
      }),
    );
  });
});

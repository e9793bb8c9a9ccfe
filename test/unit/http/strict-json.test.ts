import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStrictJson } from "#functions/http/strict-json.ts";

const REPEATED = [
  '{"a":1,"a":2}',
  '{"a":1,"b":2,"a":1}',
  '{"a":{"b":1,"b":2}}',
  '[[{"a":1,"a":2}]]',
  '{"a":[{"b":{}},{"c":1,"c":2}]}',
  '{"a":{"b":1},"c":{"b":1},"a":1}',
  '{"a":1,"\\u0061":2}',
  '{"\\u0061":1,"a":2}',
  '{"\\/":1,"/":2}',
  '{"\\"":1,"\\u0022":2}',
  '{"":1,"":2}',
  '{"__proto__":1,"__proto__":2}',
  '{ "a" \n\t\r : 1 , "a" : 2 }',
  `{"a"${" ".repeat(1000)}:1,"a"${" ".repeat(1000)}:2}`,
  '{"a":"}","a":1}',
  '{"a":"\\\\","a":1}',
];

const DISTINCT = [
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}',
  '{"a":"a","b":"a"}',
  '{"a":"\\"a\\":","b":"{\\"b\\":1,\\"b\\":2}"}',
  '{"a":"\\\\\\"","b":"]"}',
  '["a","a"]',
  '[":",":"]',
  '{"a":["a","a"]}',
  '{"A":1,"a":2}',
  '{"a":1,"\\u0061\\u0301":2}',
  '"{\\"a\\":1,\\"a\\":2}"',
  "  null ",
  "-1.5e3",
];

describe("strict JSON", () => {
  it.each(REPEATED)("refuses a repeated name: %s", (text) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError);
  });

  it.each(DISTINCT)("reads what names each member once: %s", (text) => {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text));
  });

  it.each(["", "{", '{"a":}', "{'a':1}", '{"a":1,}', "NaN", "[1] [2]", "\u00a0{}"])(
    "refuses what is not JSON: %j",
    (text) => {
      expect(() => parseStrictJson(text)).toThrow(SyntaxError);
    },
  );

  it("reads any JSON value as the standard parser does", () => {
    const indent = fc.constantFrom(undefined, 1, "\t");

    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), indent, (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), null, space);

        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
        expect(parseStrictJson(spaced)).toEqual(JSON.parse(spaced));
      }),
    );
  });

  it("finds a repeated name wherever it stands, however it is written", () => {
    const escaped = (name: string) =>
      `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
    const written = fc.constantFrom((name: string) => JSON.stringify(name), escaped);
    const wrapped = fc.constantFrom(
      (inner: string) => inner,
      (inner: string) => `[0,${inner}]`,
      (inner: string) => `{"x":${inner}}`,
    );

    fc.assert(
      fc.property(fc.string(), fc.json(), written, written, wrapped, (name, value, one, other, wrap) => {
        const text = wrap(`{${one(name)}:${value},${other(name)}:${value}}`);

        expect(() => parseStrictJson(text)).toThrow("repeated name");
      }),
    );
  });
});

import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { templatesOf } from "#infra/audit/templates-file.ts";
import { CanonicalWriter } from "#infra/audit/verify/canonical-item.ts";
import { FINDING_KINDS } from "#infra/audit/verify/finding.ts";
import { RootBuilder } from "#infra/audit/verify/root-builder.ts";
import { type Anchor, canonicalJson, headsKey, rootOf, sha256Hex } from "#shared/audit/anchor.ts";
import { headShardOf } from "#shared/audit/chain.ts";
import { merkleRoot } from "#shared/audit/merkle.ts";

const FOLDER = join(import.meta.dirname, "../../../infra/audit");
const page = readFileSync(join(FOLDER, "FORMAT.md"), "utf8");

/** The content of an example of the page. */
function example(name: string): string {
  const found = new RegExp(`^\`\`\`\\w+ ${name}\\n(.*?)\\n\`\`\`$`, "msu").exec(page)?.[1];
  if (found === undefined) throw new Error("The page has no such example.");
  return found;
}

const itemOf = (name: string) =>
  (JSON.parse(example(name)) as { Item: Parameters<CanonicalWriter["write"]>[0] }).Item;

describe("the page about the format", () => {
  it.each(["1", "2"])("shows what is hashed of line %s", (number) => {
    const { text } = new CanonicalWriter().write(itemOf(`line-${number}`), new Set(["pk", "sk", "hash"]));

    expect(text).toBe(example(`canonical-${number}`));
    expect(sha256Hex(text)).toBe(example(`hash-${number}`));
    expect(itemOf(`line-${number}`)["hash"]).toEqual({ S: example(`hash-${number}`) });
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it("shows a head that fits", () => {
    const head = itemOf("head-2");

    expect(head["hash"]).toEqual({ S: example("hash-2") });
    expect(head["headShard"]).toEqual({ S: headShardOf("actor#staff_1") });
  });

  it("shows the roots of its heads, and both builders give them", () => {
    const lines = example("heads").split("\n");
    const roots = [0, 1, 2, 3].map((count) => rootOf(lines.slice(0, count)));

    expect(roots.join("\n")).toBe(example("roots"));
    for (let count = 0; count < 70; count += 1) {
      const builder = new RootBuilder();
      const some = Array.from(
        { length: count },
        (_line, index) => `line ${String(index)} ${"x".repeat(index * 9)}`,
      );
      for (const line of some) builder.add(line);
      expect(builder.root()).toBe(merkleRoot(some).toString("hex"));
    }
  });

  it("shows an anchor with its signature, key and hash", () => {
    const { signature, ...anchor } = JSON.parse(example("anchor")) as Anchor;
    const key = createPublicKey(example("anchor-key"));
    const unsigned = example("anchor-unsigned");

    expect(canonicalJson(anchor)).toBe(unsigned);
    expect(canonicalJson({ ...anchor, signature })).toBe(example("anchor"));
    expect(sha256Hex(example("anchor"))).toBe(example("anchor-sha256"));
    expect(sha256Hex(key.export({ type: "spki", format: "der" }))).toBe(anchor.key);
    expect(verify("sha256", Buffer.from(unsigned), key, Buffer.from(signature, "base64"))).toBe(true);
    expect(anchor.heads).toEqual({
      count: 3,
      root: example("roots").split("\n")[3],
      file: headsKey(1, anchor.heads.root),
    });
  });

  it("shows a text that its template and slots give", () => {
    const told = itemOf("line-text")["details"]?.["M"] as Readonly<Record<string, { S: string; M: object }>>;
    const slots = told["slots"]?.M as Readonly<Record<string, { S: string }>>;
    const value = (name: string) => slots[name]?.S ?? "";
    const template = templatesOf().texts.find(
      (each) => each.template === told["template"]?.S && each.language === told["language"]?.S,
    );
    const text = template?.parts.map((part) => (typeof part === "string" ? part : value(part.slot))).join("");
    const directory = sha256Hex(canonicalJson({ phone: value("phone"), practice: value("practice") }));

    expect(text).toBe(told["text"]?.S);
    expect(directory.slice(0, 16)).toBe(told["directory"]?.S);
  });

  it("names every kind of finding, and no other", () => {
    const table = page.slice(page.indexOf("## 10."), page.indexOf("## 11."));
    const named = [...table.matchAll(/^\| (`.*?`) \|/gmu)].flatMap(
      ([, kinds = ""]) => kinds.match(/[a-z-]+/gu) ?? [],
    );

    expect(named.toSorted()).toEqual([...FINDING_KINDS].toSorted());
  });
});

describe("templates.json", () => {
  it("holds the words of every template of this version: npm run -s audit -- templates", () => {
    expect(JSON.parse(readFileSync(join(FOLDER, "templates.json"), "utf8"))).toEqual(templatesOf());
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { classify } from "#shared/domain/classification/classify.ts";

const corpus = new URL("../../../corpus/", import.meta.url);

// The shipped model was trained on these texts: this guards against damage; what it does on unseen texts is
// measured by infra/classification/evaluate.ts.
it("judges the labelled texts at least as well as the floor", () => {
  const records = readdirSync(corpus)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) =>
      readFileSync(new URL(name, corpus), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line): { text: string; tier: number } => JSON.parse(line)),
    );
  const called = records.map(({ text, tier }) => ({
    expected: tier,
    tier: classify(text, { direction: "outbound" }).tier,
  }));
  const clinical = called.filter(({ expected }) => expected === 3);
  const harmless = called.filter(({ expected }) => expected < 3);
  expect(records.length).toBeGreaterThanOrEqual(4000);
  expect(clinical.filter(({ tier }) => tier < 3).length / clinical.length).toBeLessThan(0.02);
  expect(harmless.filter(({ tier }) => tier === 3).length / harmless.length).toBeLessThan(0.12);
});

import { readFileSync } from "node:fs";
import type { PracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import type { Tier } from "#shared/domain/words.ts";
import type { Findings } from "./finding.ts";
import type { MetText } from "./texts.ts";
import { VerifyError } from "./verify-error.ts";

const TEXTS_REMEMBERED_MAX = 200_000;

/** The found-phone test over texts that were sent, each different text once. */
export class FoundPhoneTest {
  readonly #tiers = new Map<string, Tier>();
  readonly #classifier: PracticeClassifier;
  /** How many different texts there were. */
  distinct = 0;

  private constructor(classifier: PracticeClassifier) {
    this.#classifier = classifier;
  }

  /** Loads the classifier, with the practice's own wording (JSON of a file) where there is any. */
  static async load(wordingFile: string | undefined): Promise<FoundPhoneTest> {
    const wording = wordingFile === undefined ? undefined : readWording(wordingFile);
    // Loaded beside the first reading of files: its data takes a moment.
    const { createPracticeClassifier } = await import("#shared/domain/classification/practice-classifier.ts");
    try {
      return new FoundPhoneTest(createPracticeClassifier(wording));
    } catch {
      throw new VerifyError("--wording: the file does not hold a practice's wording: see infra/stages.ts.");
    }
  }

  /** Name and content of the classifier. */
  get version(): string {
    return this.#classifier.version;
  }

  /** Judges texts that were met; what tells something is a finding at each place. */
  judge(texts: ReadonlyMap<string, MetText>, findings: Findings): void {
    for (const [text, { count, places }] of texts) {
      let tier = this.#tiers.get(text);
      if (tier === undefined) {
        tier = this.#classifier.classify(text, { direction: "outbound" }).tier;
        this.distinct += 1;
        if (this.#tiers.size < TEXTS_REMEMBERED_MAX) this.#tiers.set(text, tier);
      }
      if (tier !== 3) continue;
      const says = `the text would tell whoever finds the phone something (sent ${String(count)} times)`;
      places.forEach((place, index) => {
        findings.add({ kind: "text-tells", says, ...place }, index === 0 ? count - places.length + 1 : 1);
      });
    }
  }
}

function readWording(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new VerifyError("--wording: the file cannot be read: check the path.");
  }
}

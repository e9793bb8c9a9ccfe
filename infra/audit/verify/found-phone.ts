import { readFileSync } from "node:fs";
import type { PracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import type { Tier } from "#shared/domain/words.ts";
import type { Findings } from "./finding.ts";
import type { MetText } from "./texts.ts";
import { VerifyError } from "./verify-error.ts";

const TEXTS_REMEMBERED_MAX = 200_000;

/** The found-phone test over texts that were sent, each different text once. */
export class FoundPhoneTest {
  readonly #findings: Findings;
  readonly #tiers = new Map<string, Tier>();
  /** What came before the classifier was there. */
  #early: ReadonlyMap<string, MetText>[] = [];
  #distinct = 0;
  #classifier: PracticeClassifier | undefined;
  readonly #loaded: Promise<PracticeClassifier>;

  /** Loads the classifier, with the practice's own wording (JSON of a file) where there is any. */
  constructor(wordingFile: string | undefined, findings: Findings) {
    this.#findings = findings;
    this.#loaded = load(wordingFile);
    this.#loaded.then(
      (classifier) => {
        this.#classifier = classifier;
      },
      // Told by `finish`.
      () => undefined,
    );
  }

  /** Judges texts that were met, at once or when the classifier is there. */
  take(texts: ReadonlyMap<string, MetText>): void {
    if (this.#classifier === undefined) this.#early.push(texts);
    else this.#judge(texts, this.#classifier);
  }

  /** What it came to, with the classifier's name. Throws a {@link VerifyError} where there is no such wording. */
  async finish(): Promise<{ readonly distinct: number; readonly classifier: string }> {
    const classifier = await this.#loaded;
    for (const texts of this.#early.splice(0)) this.#judge(texts, classifier);
    return { distinct: this.#distinct, classifier: classifier.version };
  }

  /** What tells something is a finding at each place. */
  #judge(texts: ReadonlyMap<string, MetText>, classifier: PracticeClassifier): void {
    for (const [text, { count, places }] of texts) {
      let tier = this.#tiers.get(text);
      if (tier === undefined) {
        tier = classifier.classify(text, { direction: "outbound" }).tier;
        this.#distinct += 1;
        if (this.#tiers.size < TEXTS_REMEMBERED_MAX) this.#tiers.set(text, tier);
      }
      if (tier !== 3) continue;
      const lines = `${String(count)} ${count === 1 ? "line" : "lines"}`;
      const says = `the text would tell whoever finds the phone something (it stands in ${lines})`;
      places.forEach((place, index) => {
        const here = index === 0 ? count - places.length + 1 : 1;
        this.#findings.add({ kind: "text-tells", says, ...place }, here);
      });
    }
  }
}

async function load(wordingFile: string | undefined): Promise<PracticeClassifier> {
  const wording = wordingFile === undefined ? undefined : readWording(wordingFile);
  // Loaded beside the first reading of files: its data takes a moment.
  const { createPracticeClassifier } = await import("#shared/domain/classification/practice-classifier.ts");
  try {
    return createPracticeClassifier(wording);
  } catch {
    throw new VerifyError("--wording: the file does not hold a practice's wording: see infra/stages.ts.");
  }
}

function readWording(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new VerifyError("--wording: the file cannot be read: check the path.");
  }
}

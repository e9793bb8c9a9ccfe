import { raise, versionWith } from "../domain/second-reader/reading.ts";
import type { Classify, Direction, SecondReader, Verdict } from "./ports.ts";

/** What judging a text by itself needs. */
export interface ClassifyTextPorts {
  readonly classify: Classify;
  readonly classifierVersion: string;
  /** Null where the deployment has none. */
  readonly secondReader: SecondReader | null;
  /** Whether the agreement with the second reader's vendor is in force. */
  readonly hasAgreement: () => Promise<boolean>;
}

/** A verdict, and who gave it. */
export interface VersionedVerdict extends Verdict {
  readonly classifierVersion: string;
}

/** Judges a text by itself and stores nothing; the second reader is asked where the verdict is below tier 3. */
export function createClassifyText(ports: ClassifyTextPorts) {
  const { classify, classifierVersion, secondReader } = ports;
  return async (text: string, direction: Direction): Promise<VersionedVerdict> => {
    const verdict = classify(text, { direction });
    if (secondReader === null || verdict.tier === 3) return { ...verdict, classifierVersion };
    // An agreement that cannot be read is none.
    const agreed = await ports.hasAgreement().catch(() => false);
    const reading = await secondReader.read(text, { direction, agreed });
    return {
      ...raise(verdict, text, reading),
      classifierVersion: versionWith(classifierVersion, secondReader.version, reading),
    };
  };
}

import { type Reading, raise, versionWith } from "../domain/second-reader/reading.ts";
import { hasAgreement, type VendorRecord } from "../practice/records.ts";
import { type Assessment, ofSubject, voicesOf } from "./assess.ts";
import type { SecondReader } from "./ports.ts";
import type { StoredReceipt } from "./records.ts";

interface Words {
  readonly subject?: string | undefined;
  readonly body: string;
}

/** What a message's second reading needs. */
export interface ReadAgainPorts {
  /** Null where the deployment has none. */
  readonly secondReader: SecondReader | null;
  readonly now: () => Date;
}

/** An assessment with what the second reader said; the quote is looked for in the body first, then in the subject. */
function raised(assessment: Assessment, { subject, body }: Words, reading: Reading): Assessment {
  const quote = reading.kind === "answered" ? reading.answer.quote : "";
  const inSubject =
    subject !== undefined && quote.trim() !== "" && !body.includes(quote) && subject.includes(quote);
  const { tier, reasons } = raise(assessment, inSubject ? subject : body, reading);
  const added = reasons.slice(assessment.reasons.length);
  const all = [...assessment.reasons, ...(inSubject ? added.map(ofSubject) : added)];
  return { tier, reasons: all, voices: voicesOf(all), reading };
}

/**
 * The assessment of a message after the second reader. It is asked about subject and body together, only where they are
 * below tier 3 so far and its vendor's agreement is in force. The tier stays or rises.
 */
export async function readAgain(
  { secondReader, now }: ReadAgainPorts,
  assessment: Assessment,
  words: Words,
  vendor: VendorRecord | undefined,
): Promise<Assessment> {
  if (secondReader === null || assessment.tier === 3) return assessment;
  const { subject, body } = words;
  const text = subject === undefined ? body : `${subject}\n\n${body}`;
  const agreed = hasAgreement(vendor, now().toISOString().slice(0, 10));
  return raised(assessment, words, await secondReader.read(text, { direction: "outbound", agreed }));
}

/**
 * The local assessment of a message that was accepted before, together with what its receipt says of the second reader.
 * What that said exactly is sealed, and it is not asked again: its reason is the whole body.
 */
export function asAccepted(assessment: Assessment, { body }: Words, receipt: StoredReceipt): Assessment {
  if (!receipt.voices.includes("reader")) return assessment;
  const answer = { tier: receipt.tier, category: "other", quote: "" } as const;
  return raised(assessment, { body }, { kind: "answered", answer });
}

/** The classifier's version as the receipt gives it: it tells what part the second reader had. */
export function versionOf(
  classifierVersion: string,
  secondReader: SecondReader | null,
  { reading }: Pick<Assessment, "reading">,
): string {
  if (secondReader === null || reading === undefined) return classifierVersion;
  return versionWith(classifierVersion, secondReader.version, reading);
}

import type { AuditValue, Write } from "../audit/journal.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import type { Purpose } from "../domain/words.ts";
import type { AlertRecord } from "../messaging/records.ts";
import type { NumberRecord } from "../numbers/records.ts";
import type { ReadAs } from "./records.ts";
import type { Owner } from "./situation.ts";

/** What is written together, with what the audit trail says of it. */
export interface Step {
  /** The one patient whose chain it joins; null where it concerns none, or several. */
  readonly concerns: Owner | null;
  readonly purpose?: Purpose;
  /** Ids and codes. */
  readonly details: Readonly<Record<string, AuditValue>>;
  readonly writes: readonly Write[];
}

/** What becomes of a text. */
export interface Plan {
  readonly readAs: ReadAs;
  /** Transactions of their own before the last; the text is marked as begun with the first. */
  readonly before: readonly Step[];
  readonly last: Step;
  /** What changes of the number with the first of all transactions, and what with the last. */
  readonly first: Partial<NumberRecord>;
  readonly atLast: Partial<NumberRecord>;
  /** Texts that are written with the last transaction, and then asked for. */
  readonly alerts: readonly AlertRecord[];
  /** The answer that was decided on; remembered where there are several transactions. */
  readonly answer: AlertKind | null;
  readonly answersDistress: boolean;
}

/** A plan of one transaction that changes nothing; everything else is said beside it. */
export function simplePlan(readAs: ReadAs, last: Step, parts: Partial<Plan> = {}): Plan {
  return {
    readAs,
    before: [],
    last,
    first: {},
    atLast: {},
    alerts: [],
    answer: null,
    answersDistress: false,
    ...parts,
  };
}

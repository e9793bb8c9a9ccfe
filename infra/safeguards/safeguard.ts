import type { Evidence, Probe } from "./evidence.ts";
import type { System } from "./system.ts";

/** How binding an implementation specification is. */
export type Force = "required" | "addressable" | "standard" | "proposed";

/**
 * Where a safeguard stands. `in place`: the template shows all of it. `supported`: the template shows all that a system
 * can do for it, and the practice does the rest. `partly` and `missing`: the template lacks some or all. `by the
 * practice`: no system can do it. `not known`: nobody can tell from a template.
 */
export type Status = "in place" | "supported" | "partly" | "missing" | "by the practice" | "not known";

/** Best first. */
export const STATUSES: readonly Status[] = [
  "in place",
  "supported",
  "partly",
  "missing",
  "by the practice",
  "not known",
];

/** A safeguard of the rule with what to look for. */
export interface Safeguard {
  /** The paragraph, such as `164.312(b)`. */
  readonly citation: string;
  readonly force: Force;
  /** What it asks, in a few words of ours. */
  readonly asks: string;
  readonly probes: readonly Probe[];
  /** What the practice has to do and to show. */
  readonly practice?: string;
  /** What a template cannot tell. */
  readonly cannotKnow?: string;
}

/** A safeguard as a template fulfils it. */
export interface Judged {
  readonly citation: string;
  readonly force: Force;
  readonly asks: string;
  readonly status: Status;
  readonly evidence: readonly Evidence[];
  readonly practice: string | null;
  readonly cannotKnow: string | null;
}

/** Looks for the evidence of a safeguard and says where it stands. */
export function judge({ probes, practice, cannotKnow, ...rest }: Safeguard, system: System): Judged {
  const evidence = probes.map((probe) => probe(system));
  return {
    ...rest,
    status: statusOf(evidence, practice !== undefined, cannotKnow !== undefined),
    evidence,
    practice: practice ?? null,
    cannotKnow: cannotKnow ?? null,
  };
}

function statusOf(evidence: readonly Evidence[], byPractice: boolean, unknown: boolean): Status {
  if (evidence.length === 0) return byPractice ? "by the practice" : "not known";
  const holds = ({ lacking }: Evidence) => lacking.length === 0;
  if (evidence.every(holds)) return byPractice || unknown ? "supported" : "in place";
  return evidence.some((one) => holds(one) || one.found.length > 0) ? "partly" : "missing";
}

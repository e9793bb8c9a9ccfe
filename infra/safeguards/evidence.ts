import { compare } from "./inventory.ts";
import { type Part, plainName, type System } from "./system.ts";

/** One thing that a template can show: what is claimed, what in it says so, and what contradicts it. */
export interface Evidence {
  readonly claim: string;
  /** Settings with the resources that have them. */
  readonly found: readonly string[];
  /** What is missing for the claim to hold; empty where it holds. */
  readonly lacking: readonly string[];
  /** Test files that show it, from the root of the repository. */
  readonly tests: readonly string[];
}

/** Looks for one piece of evidence. */
export type Probe = (system: System) => Evidence;

/** What one resource says: its setting, or what it lacks. */
export type Verdict = { readonly has: string } | { readonly lacks: string };

/** Evidence that every one of some resources has something; with no such resource the claim does not hold. */
export function everyOne(
  claim: string,
  parts: readonly Part[],
  judge: (part: Part) => Verdict,
  tests: readonly string[],
): Evidence {
  const judged = parts.map((part) => ({ name: plainName(part.id), verdict: judge(part) }));
  const grouped = (pick: (verdict: Verdict) => string | undefined) => {
    const groups = new Map<string, string[]>();
    for (const { name, verdict } of judged) {
      const setting = pick(verdict);
      if (setting !== undefined) groups.set(setting, [...(groups.get(setting) ?? []), name]);
    }
    return [...groups]
      .map(([setting, names]) => `${setting}: ${names.toSorted(compare).join(", ")}`)
      .toSorted(compare);
  };
  return {
    claim,
    found: grouped((verdict) => ("has" in verdict ? verdict.has : undefined)),
    lacking:
      parts.length === 0
        ? ["the template has no such resource"]
        : grouped((verdict) => ("lacks" in verdict ? verdict.lacks : undefined)),
    tests,
  };
}

/** Evidence of a list of findings against a claim: none makes it hold. */
export function unless(
  claim: string,
  found: readonly string[],
  lacking: readonly string[],
  tests: readonly string[],
): Evidence {
  return { claim, found: lacking.length > 0 && found.length === 0 ? [] : found, lacking, tests };
}

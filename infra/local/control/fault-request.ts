import type { CallFault } from "../aws/call-log.ts";
import type { FaultOrder } from "../aws/faults.ts";
import type { JsonRecord } from "../json-shape.ts";
import { requiredText } from "./json-request.ts";
import { RequestRefused } from "./problems.ts";

/** The names that call records can hold. */
export type CallNames = { readonly functions: readonly string[]; readonly services: readonly string[] };

/** The members of a request for a fault. */
export const FAULT_MEMBERS = ["function", "service", "action", "when", "kind", "skip", "times"] as const;

const MOMENTS: readonly CallFault["when"][] = ["before", "after"];
const KINDS: readonly CallFault["kind"][] = ["crash", "throttle", "timeout"];
const COUNT_MAX = 1_000_000;

/** Reads a request for a fault. Throws RequestRefused for what could never happen, such as a function that there is not. */
export function readFaultOrder(body: JsonRecord, known: CallNames): FaultOrder {
  const name = body["function"] === undefined ? undefined : knownName(body, "function", known.functions);
  return {
    ...(name === undefined ? {} : { function: name }),
    service: knownName(body, "service", known.services),
    action: requiredText(body, "action"),
    when: oneOf(body, "when", MOMENTS),
    kind: oneOf(body, "kind", KINDS),
    skip: body["skip"] === undefined ? 0 : count(body, "skip", 0),
    times: count(body, "times", 1),
  };
}

/** The one of `known` that a member names, in any case. Throws RequestRefused for any other. */
export function knownName(body: JsonRecord, member: string, known: readonly string[]): string {
  const wanted = requiredText(body, member).toLowerCase();
  const found = known.find((name) => name.toLowerCase() === wanted);
  if (found === undefined) {
    throw new RequestRefused(
      "invalid_request",
      `${member} must be one of ${known.join(", ")}.`,
      `/${member}`,
    );
  }
  return found;
}

function oneOf<T extends string>(body: JsonRecord, member: string, values: readonly T[]): T {
  const found = values.find((value) => value === body[member]);
  if (found === undefined) {
    throw new RequestRefused(
      "invalid_request",
      `${member} must be one of ${values.join(", ")}.`,
      `/${member}`,
    );
  }
  return found;
}

function count(body: JsonRecord, member: string, min: number): number {
  const value = body[member];
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > COUNT_MAX) {
    throw new RequestRefused(
      "invalid_request",
      `${member} must be a whole number from ${String(min)} to ${String(COUNT_MAX)}.`,
      `/${member}`,
    );
  }
  return value;
}

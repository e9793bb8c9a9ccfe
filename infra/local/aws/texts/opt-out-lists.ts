import { type JsonRecord, listOf, numberOf, recordOf, textOf } from "../../json-shape.ts";
import { awsError } from "../aws-error.ts";
import type { Template } from "../template.ts";
import { countryOf } from "./dialling-codes.ts";
import { resourceNotFound } from "./not-found.ts";

/** A number that may leave a list once in this many milliseconds (DeleteOptedOutNumber: "once every 30 days"). */
const LIFT_INTERVAL_MS = 30 * 86_400_000;
/** The most that DescribeOptedOutNumbers gives at once. */
const PAGE_MAX = 100;

type OptedOut = {
  readonly number: string;
  readonly atMs: number;
  /** Whether the patient did it through the carrier, rather than somebody through the API. */
  readonly endUser: boolean;
  /** Grows with every entry, so that paging goes on where it stopped whatever has left meanwhile. */
  readonly position: number;
};

/** Numbers that get no texts from whatever is attached to the list. */
export type OptOutList = {
  readonly name: string;
  readonly arn: string;
  has(number: string): boolean;
  /** The carrier's own block: listed as the patient's doing. False where it was in place already. */
  block(number: string): boolean;
  /** The patient lifts the carrier's block, which no rule of AWS limits. False where there was none. */
  unblock(number: string): boolean;
  put(number: string): OptedOut;
  /** Takes a number off by the API; throws where AWS refuses. */
  remove(number: string): OptedOut;
  find(number: string): OptedOut | undefined;
  entries(): readonly OptedOut[];
};

/** The opt-out lists of the template, and the one that every account has. */
export function readOptOutLists(template: Template): readonly OptOutList[] {
  const own = template
    .byType("AWS::SMSVOICE::OptOutList")
    .map(({ logicalId }) =>
      createOptOutList(template.physicalId(logicalId), template.attribute(logicalId, "Arn")),
    );
  const arn = `arn:aws:sms-voice:${template.region}:${template.account}:opt-out-list/Default`;
  return [...own, createOptOutList("Default", arn)];
}

function createOptOutList(name: string, arn: string): OptOutList {
  const listed = new Map<string, OptedOut>();
  const liftedMs = new Map<string, number>();
  let positions = 0;
  const add = (number: string, endUser: boolean): OptedOut => {
    positions += 1;
    const entry = { number, atMs: Date.now(), endUser, position: positions };
    listed.set(number, entry);
    return entry;
  };

  return {
    name,
    arn,
    has: (number) => listed.has(number),
    find: (number) => listed.get(number),
    entries: () => [...listed.values()].toSorted((one, other) => one.position - other.position),
    block(number) {
      const known = listed.get(number);
      if (known?.endUser === true) return false;
      if (known === undefined) add(number, true);
      else listed.set(number, { ...known, endUser: true });
      return true;
    },
    unblock(number) {
      if (listed.get(number)?.endUser !== true) return false;
      listed.delete(number);
      return true;
    },
    put: (number) => listed.get(number) ?? add(number, false),
    remove(number) {
      const entry = listed.get(number);
      if (entry === undefined) throw resourceNotFound("opted-out-number");
      const lastMs = liftedMs.get(number);
      if (entry.endUser || (lastMs !== undefined && Date.now() - lastMs < LIFT_INTERVAL_MS)) {
        throw awsError("ValidationException", "The phone number cannot be opted in.", {
          Reason: "PHONE_NUMBER_CANNOT_BE_OPTED_IN",
        });
      }
      listed.delete(number);
      liftedMs.set(number, Date.now());
      return entry;
    },
  };
}

/** Runs PutOptedOutNumber, DeleteOptedOutNumber or DescribeOptedOutNumbers on a list. */
export function runOptOutOperation(operation: string, input: JsonRecord, list: OptOutList): JsonRecord {
  switch (operation) {
    case "PutOptedOutNumber":
      return { ...named(list), ...described(list.put(validNumber(input))) };
    case "DeleteOptedOutNumber":
      return { ...named(list), ...described(list.remove(validNumber(input))) };
    default:
      return describe(input, list);
  }
}

function describe(input: JsonRecord, list: OptOutList): JsonRecord {
  const asked = listOf(input["OptedOutNumbers"]).map((number) => internationalForm(String(number)));
  if (asked.some((number) => !list.has(number))) throw resourceNotFound("opted-out-number");
  const keep = endUserFilter(listOf(input["Filters"]).map(recordOf));
  const after = positionOf(textOf(input["NextToken"]));
  const found = list
    .entries()
    .filter(({ number, position }) => position > after && (asked.length === 0 || asked.includes(number)))
    .filter(({ endUser }) => keep.every((values) => values.includes(String(endUser))));
  const page = found.slice(0, numberOf(input["MaxResults"]) ?? PAGE_MAX);
  const last = page.at(-1);
  return {
    ...named(list),
    OptedOutNumbers: page.map(described),
    ...(last === undefined || page.length === found.length ? {} : { NextToken: tokenFor(last.position) }),
  };
}

/** The values that each filter accepts; the model has no other filter than END_USER_OPTED_OUT. */
function endUserFilter(filters: readonly JsonRecord[]): readonly (readonly string[])[] {
  return filters.map((filter) => {
    const values = listOf(filter["Values"]).map((value) => String(value).toLowerCase());
    if (values.some((value) => value !== "true" && value !== "false"))
      throw awsError("ValidationException", "A filter value is neither true nor false.", {
        Reason: "INVALID_FILTER_VALUES",
      });
    return values;
  });
}

function tokenFor(position: number): string {
  return Buffer.from(`after ${String(position)}`).toString("base64url");
}

function positionOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const position = /^after (\d+)$/u.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (position === undefined)
    throw awsError("ValidationException", "The NextToken is not one of this service.", {
      Reason: "INVALID_NEXT_TOKEN",
    });
  return Number(position);
}

function named(list: OptOutList): JsonRecord {
  return { OptOutListArn: list.arn, OptOutListName: list.name };
}

function described({ number, atMs, endUser }: OptedOut): JsonRecord {
  return { OptedOutNumber: number, OptedOutTimestamp: atMs / 1000, EndUserOptedOut: endUser };
}

function validNumber(input: JsonRecord): string {
  const number = internationalForm(textOf(input["OptedOutNumber"]) ?? "");
  if (countryOf(number) === undefined)
    throw awsError("ValidationException", "The opted-out number belongs to no country.", {
      Reason: "INVALID_PARAMETER",
    });
  return number;
}

/** A number with its plus sign, which requests may leave out. */
export function internationalForm(number: string): string {
  return `+${number.replace(/^\+/u, "")}`;
}

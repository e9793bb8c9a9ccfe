import type { RequestUnits } from "./dynamodb/request-units.ts";

/** A fault that was asked for and touched a call: `before` it had no effect, `after` it took effect. */
export type CallFault = {
  readonly when: "before" | "after";
  readonly kind: "crash" | "throttle" | "timeout";
};

/** One AWS call as CloudTrail would show it: who, what, on which resource, with what outcome; never its content. */
export type CallRecord = {
  readonly time: string;
  /** The calling function, `host` for this host itself, `anonymous` for an unsigned call, `unknown` for a wrong key. */
  readonly function: string;
  /** The role's name; empty where the caller has none. */
  readonly role: string;
  readonly service: string;
  /** The operation, without the service's prefix. */
  readonly action: string;
  /** The ARN; several are separated by commas. */
  readonly resource: string;
  /** Whether the policies allowed it. An allowed call may still have failed, then with `error`. */
  readonly allowed: boolean;
  readonly error?: string;
  /** What DynamoDB would bill it as on demand; undefined where it bills nothing. */
  readonly units?: RequestUnits;
  /** The fault that made it fail, where one was set. */
  readonly fault?: CallFault;
};

/** Every call since the start, in the order in which they were answered. */
export type CallLog = {
  append(record: CallRecord): void;
  /** The calls at or after an ISO time; all without one. */
  since(time?: string): readonly CallRecord[];
};

/** An empty call log in memory. */
export function createCallLog(): CallLog {
  const records: CallRecord[] = [];
  return {
    append: (record) => {
      records.push(record);
    },
    since: (time) => {
      if (time === undefined) return [...records];
      const from = Date.parse(time);
      if (Number.isNaN(from)) throw new RangeError("since is not a time.");
      return records.filter((record) => Date.parse(record.time) >= from);
    },
  };
}

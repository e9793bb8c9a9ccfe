import { ulid } from "ulid";

/** What an id names; the prefix of every id of that kind. */
export type IdPrefix =
  | "pat"
  | "con"
  | "msg"
  | "thr"
  | "alr"
  | "aud"
  | "num"
  | "not"
  | "nbr"
  | "tsk"
  | "att"
  | "tpl"
  | "apr"
  | "apt"
  | "imp";

/** A new opaque, time-ordered id such as `msg_01J…`. It says nothing but when it was made. */
export function newId(prefix: IdPrefix, now: Date = new Date()): string {
  return `${prefix}_${ulid(now.getTime())}`;
}

/** Makes ids; injected so that tests can count them. */
export type NewId = typeof newId;

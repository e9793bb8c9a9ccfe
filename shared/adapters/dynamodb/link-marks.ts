import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { ALL_LINKS, type AlertRecord, type LinksMark, type NewestLink } from "../../messaging/records.ts";
import { type Condition, check, put, update } from "./items.ts";

const Time = z.iso.datetime();
const Mark = z.object({ before: Time });
const Newest = z.object({ lookup: z.string(), createdAt: Time });

/** Condition: a mark is absent, null, or no later than `before`. */
function notLater(name: string, before: string): Condition {
  return {
    expression: "attribute_not_exists(#mark) OR #mark = :never OR #mark <= :before",
    names: { "#mark": name },
    values: { ":never": null, ":before": before },
  };
}

/** Lookups and writes of the `Messages` table that say which links have power: kill switches, and the newest of a thread. */
export function createLinkMarks(table: string) {
  const marksKey = (patientId: string) => ({ pk: patientId, sk: "marks" });
  const markKey = (scope: string) => ({ pk: `links#${scope}`, sk: "mark" });
  return {
    /** When the links of a sender, or with `practice` all links, were killed; links made before that are dead. */
    linksMark: (scope: string): Lookup<LinksMark> => ({
      table,
      key: markKey(scope),
      parse: (item) => Mark.parse(item),
    }),
    /** The newest link of a thread, which alone can still be proved. */
    newestLink: (patientId: string, threadId: string): Lookup<NewestLink> => ({
      table,
      key: { pk: patientId, sk: `newest#${threadId}` },
      parse: (item) => Newest.parse(item),
    }),
    /**
     * Kills every link of a patient that was made at `before` or earlier; whether it is erased stays. Holds only
     * while no later mark stands: a mark never moves back, for what was dead would live again.
     */
    revokePatientLinks: (patientId: string, before: string): Write =>
      update({
        table,
        key: marksKey(patientId),
        set: { linksRevokedBefore: before },
        condition: notLater("linksRevokedBefore", before),
      }),
    /** Kills every link of a sender, or with `practice` all, that was made at `before` or earlier; holds like that. */
    setLinksMark: (scope: string, before: string): Write =>
      put(table, { ...markKey(scope), before }, notLater("before", before)),
    /** Holds a transaction to the links of patient, sender and practice not having been killed since the alert was asked for. */
    linksStandSince: ({ patientId, sender, createdAt }: AlertRecord): Write[] => {
      const scopes = sender === null ? [ALL_LINKS] : [ALL_LINKS, sender];
      return [
        check(table, marksKey(patientId), {
          expression:
            "attribute_not_exists(linksRevokedBefore) OR linksRevokedBefore = :never OR linksRevokedBefore < :asked",
          values: { ":never": null, ":asked": createdAt },
        }),
        ...scopes.map((scope) =>
          check(table, markKey(scope), {
            expression: "attribute_not_exists(pk) OR #before < :asked",
            names: { "#before": "before" },
            values: { ":asked": createdAt },
          }),
        ),
      ];
    },
  };
}

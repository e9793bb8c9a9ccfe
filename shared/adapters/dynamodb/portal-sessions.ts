import * as z from "zod";
import type { Lookup } from "../../audit/journal.ts";
import { DEVICE_MS } from "../../portal/limits.ts";
import type { PortalStore } from "../../portal/ports.ts";
import type { CodeRequests, DailyMisses, PortalSession, RememberedDevices } from "../../portal/records.ts";
import { ABSENT, type Condition, type Item, PRESENT, put, remove, update } from "./items.ts";

const DAY_SECONDS = 24 * 60 * 60;

const Time = z.iso.datetime();

const Session = z.object({
  hash: z.string(),
  stage: z.enum(["birthDate", "open"]),
  patientId: z.string(),
  threadId: z.string(),
  linkLookup: z.string(),
  tier: z.literal([1, 2, 3]),
  createdAt: Time,
  lastSeenAt: Time,
  birthDateProven: z.boolean().default(false),
  pinSince: z.string().nullable().default(null),
  deviceHash: z.string().nullable().default(null),
  written: z.array(z.string()).default([]),
  uploads: z.array(z.string()).default([]),
});

const Requests = z.object({ requestedAt: z.array(Time), version: z.int().positive() });

const Misses = z.object({ count: z.int().nonnegative(), taskId: z.string().nullable().default(null) });

const Devices = z.object({
  devices: z.array(z.object({ hash: z.string(), createdAt: Time, lastUsedAt: Time })),
  version: z.int().positive(),
});

function toSeconds(time: Date): number {
  return Math.ceil(time.getTime() / 1000);
}

/** Condition: a number of the item is as it was read; undefined when there was no item. */
function unchanged(attribute: string, seen: number | undefined): Condition {
  if (seen === undefined) return ABSENT;
  return {
    expression: "#seen = :seen",
    names: { "#seen": attribute },
    values: { ":seen": seen },
  };
}

/** Lookups and writes of the `Messages` table that only the portal makes: sessions and counters. */
export function createPortalSessions(table: string): PortalStore {
  const sessionKey = (hash: string) => ({ pk: `session#${hash}`, sk: "session" });
  const linkKey = (lookup: string) => ({ pk: `link#${lookup}`, sk: "link" });
  const linksAskedOverKey = (lookup: string) => ({ pk: `link#${lookup}`, sk: "new-links" });
  const linksAskedForKey = (patientId: string) => ({ pk: patientId, sk: "new-links" });
  const codesKey = (lookup: string) => ({ pk: `link#${lookup}`, sk: "codes" });
  const codesForKey = (patientId: string) => ({ pk: patientId, sk: "codes" });
  const devicesKey = (patientId: string) => ({ pk: patientId, sk: "devices" });
  const missesKey = (patientId: string, day: string) => ({ pk: patientId, sk: `misses#${day}` });
  /** Replaces when something was asked for, only while it is as it was read; gone a day after the newest. */
  const setRequests = (key: Item, seen: CodeRequests | undefined, requestedAt: readonly string[]) =>
    put(
      table,
      {
        ...key,
        requestedAt,
        version: (seen?.version ?? 0) + 1,
        expiresAtSeconds: toSeconds(new Date(requestedAt.at(-1) ?? 0)) + DAY_SECONDS,
      },
      unchanged("version", seen?.version),
    );
  return {
    session: (hash): Lookup<PortalSession> => ({
      table,
      key: sessionKey(hash),
      parse: (item) => Session.parse(item),
    }),
    codeRequests: (lookup): Lookup<CodeRequests> => ({
      table,
      key: codesKey(lookup),
      parse: (item) => Requests.parse(item),
    }),
    codesFor: (patientId) => ({
      table,
      key: codesForKey(patientId),
      parse: (item) => Requests.parse(item),
    }),
    linksAskedOver: (lookup) => ({
      table,
      key: linksAskedOverKey(lookup),
      parse: (item) => Requests.parse(item),
    }),
    linksAskedFor: (patientId) => ({
      table,
      key: linksAskedForKey(patientId),
      parse: (item) => Requests.parse(item),
    }),
    dailyMisses: (patientId, day): Lookup<DailyMisses> => ({
      table,
      key: missesKey(patientId, day),
      parse: (item) => Misses.parse(item),
    }),
    devices: (patientId): Lookup<RememberedDevices> => ({
      table,
      key: devicesKey(patientId),
      parse: (item) => Devices.parse(item),
    }),
    setDevices: (patientId, seen, devices, at) =>
      put(
        table,
        {
          ...devicesKey(patientId),
          devices,
          version: (seen?.version ?? 0) + 1,
          expiresAtSeconds: toSeconds(new Date(at.getTime() + DEVICE_MS)),
        },
        unchanged("version", seen?.version),
      ),
    leaveDevice: (hash) =>
      update({ table, key: sessionKey(hash), set: { deviceHash: null }, condition: PRESENT }),
    addSession: (session, endsAt) =>
      put(table, { ...sessionKey(session.hash), ...session, expiresAtSeconds: toSeconds(endsAt) }, ABSENT),
    endSession: (hash) => remove(table, sessionKey(hash)),
    touchSession: (hash, at) =>
      update({ table, key: sessionKey(hash), set: { lastSeenAt: at }, condition: PRESENT }),
    provenUnder: (hash, pinSince) =>
      update({ table, key: sessionKey(hash), set: { pinSince }, condition: PRESENT }),
    changeSeenLink: (link, set) =>
      update({
        table,
        key: linkKey(link.lookup),
        set,
        condition: {
          expression: "#misses = :misses AND #diedAt = :diedAt AND #codeMac = :codeMac",
          names: { "#misses": "misses", "#diedAt": "diedAt", "#codeMac": "codeMac" },
          values: { ":misses": link.misses, ":diedAt": link.diedAt, ":codeMac": link.codeMac },
        },
      }),
    setDailyMisses: (patientId, day, seen, { count, taskId }) =>
      put(
        table,
        {
          ...missesKey(patientId, day),
          count,
          taskId,
          expiresAtSeconds: toSeconds(new Date(`${day}T00:00:00Z`)) + 2 * DAY_SECONDS,
        },
        unchanged("count", seen?.count),
      ),
    setCodeRequests: (lookup, seen, requestedAt) => setRequests(codesKey(lookup), seen, requestedAt),
    setCodesFor: (patientId, seen, requestedAt) => setRequests(codesForKey(patientId), seen, requestedAt),
    setLinksAskedOver: (lookup, seen, requestedAt) =>
      setRequests(linksAskedOverKey(lookup), seen, requestedAt),
    setLinksAskedFor: (patientId, seen, requestedAt) =>
      setRequests(linksAskedForKey(patientId), seen, requestedAt),
  };
}

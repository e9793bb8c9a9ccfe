import * as z from "zod";
import type { Lookup, Write } from "../../audit/journal.ts";
import { VISIT_NOTICES } from "../../domain/alerts/kinds.ts";
import { REMINDER_OFFSETS_DEFAULT } from "../../practice/defaults.ts";
import type { PracticeSettings, Switches, VendorRecord } from "../../practice/records.ts";
import type { StaffSessions } from "../../staff/sessions.ts";
import { atVersion, check, put } from "./items.ts";

const Time = z.iso.datetime();
const Clock = z.string().regex(/^\d{2}:\d{2}$/);
const Span = z.object({ opens: Clock, closes: Clock });

const Settings = z.object({
  timeZone: z.string(),
  officeHours: z.record(z.string(), z.array(Span)),
  sendingHours: z.object({ from: Clock, to: Clock }),
  caps: z.object({ perDay: z.int().positive(), perWeek: z.int().positive() }),
  // Of settings from before there were reminders.
  reminderOffsets: z.array(z.int().positive()).default([...REMINDER_OFFSETS_DEFAULT]),
  visitNotices: z.array(z.enum(VISIT_NOTICES)).default([]),
  version: z.int(),
});

const SwitchesItem = z.object({ sending: z.boolean(), portal: z.boolean(), version: z.int() });

const Vendor = z.object({
  id: z.string(),
  baaSignedOn: z.iso.date().nullable(),
  baaEndsOn: z.iso.date().nullable(),
  version: z.int(),
});

const Sessions = z.object({
  sessions: z.array(z.object({ id: z.string(), startedAt: Time, lastSeenAt: Time })),
  ended: z.array(z.object({ id: z.string(), endedAt: Time })),
  disabled: z.boolean(),
  version: z.int(),
});

const Pace = z.object({ nextAtMs: z.number() });

/** Lookups and writes of the `Practice` table: settings, switches, vendors, staff sessions, pace. */
export function createPracticeTable(table: string) {
  const settingsKey = { pk: "practice", sk: "settings" };
  const switchesKey = { pk: "practice", sk: "switches" };
  const vendorKey = (id: string) => ({ pk: "vendor", sk: id });
  const staffKey = (actor: string) => ({ pk: `staff#${actor}`, sk: "sessions" });
  const paceKey = (channel: string) => ({ pk: `pace#${channel}`, sk: "next" });
  return {
    table,
    settings: (): Lookup<PracticeSettings> => ({
      table,
      key: settingsKey,
      parse: (item) => Settings.parse(item),
    }),
    switches: (): Lookup<Switches> => ({
      table,
      key: switchesKey,
      parse: (item) => SwitchesItem.parse(item),
    }),
    vendor: (id: string): Lookup<VendorRecord> => ({
      table,
      key: vendorKey(id),
      parse: (item) => Vendor.parse(item),
    }),
    staffSessions: (actor: string): Lookup<StaffSessions> => ({
      table,
      key: staffKey(actor),
      parse: (item) => Sessions.parse(item),
    }),
    /** When the next text may leave, epoch milliseconds. */
    pace: (channel: string): Lookup<{ readonly nextAtMs: number }> => ({
      table,
      key: paceKey(channel),
      parse: (item) => Pace.parse(item),
    }),
    paceKey,
    /** Holds a transaction to the sending switch being on (or never touched). */
    stillSending: (): Write =>
      check(table, switchesKey, {
        expression: "attribute_not_exists(pk) OR sending = :on",
        values: { ":on": true },
      }),
    /** Holds a transaction to a vendor's record as it was read. */
    vendorUnchanged: (vendor: VendorRecord): Write =>
      check(table, vendorKey(vendor.id), atVersion(vendor.version)),
    /** Replaces the settings that are at `version` (0: none yet). */
    setSettings: (settings: Omit<PracticeSettings, "version">, version: number): Write =>
      put(table, { ...settingsKey, ...settings, version: version + 1 }, atVersion(version)),
    /** Replaces the kill switches that are at `version` (0: none yet). */
    setSwitches: (switches: Omit<Switches, "version">, version: number): Write =>
      put(table, { ...switchesKey, ...switches, version: version + 1 }, atVersion(version)),
    /** Replaces a vendor's record that is at `version` (0: none yet). */
    setVendor: (vendor: Omit<VendorRecord, "version">, version: number): Write =>
      put(table, { ...vendorKey(vendor.id), ...vendor, version: version + 1 }, atVersion(version)),
    /** Replaces a staff member's sessions that are at `version` (0: none yet). */
    setStaffSessions: (actor: string, sessions: StaffSessions): Write =>
      put(
        table,
        { ...staffKey(actor), ...sessions, version: sessions.version + 1 },
        atVersion(sessions.version),
      ),
  };
}

/** Lookups and writes of the `Practice` table. */
export type PracticeTable = ReturnType<typeof createPracticeTable>;

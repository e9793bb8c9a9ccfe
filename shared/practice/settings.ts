import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { type PracticeSettings, SWITCHES_DEFAULT, type Switches, type VendorRecord } from "./records.ts";

/** What the use cases of the practice's own record need. */
export interface PracticePorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly practice: {
    settings(): Lookup<PracticeSettings>;
    switches(): Lookup<Switches>;
    vendor(id: string): Lookup<VendorRecord>;
    setSettings(settings: Omit<PracticeSettings, "version">, version: number): Write;
    setSwitches(switches: Omit<Switches, "version">, version: number): Write;
    setVendor(vendor: Omit<VendorRecord, "version">, version: number): Write;
  };
  /** What holds until somebody changes it; from the stage settings. */
  readonly settingsDefault: PracticeSettings;
}

/** Settings and switches as they are now. */
export function createReadPractice({ read, practice, settingsDefault }: PracticePorts) {
  return async () => {
    const [settings, switches] = await read(practice.settings(), practice.switches());
    return { settings: settings ?? settingsDefault, switches: switches ?? SWITCHES_DEFAULT };
  };
}

/** Replaces the settings that are at `version` (undefined: as they are now). */
export function createChangeSettings({ read, journal, practice }: PracticePorts) {
  return async (
    settings: Omit<PracticeSettings, "version">,
    version: number | undefined,
    asking: Asking,
  ): Promise<boolean> => {
    const present = (await read(practice.settings()))[0]?.version ?? 0;
    if (version !== undefined && version !== present) return false;
    const outcome = await journal.commit(
      { ...asking, action: "practice.changed", details: { version: present + 1 } },
      [practice.setSettings(settings, present)],
    );
    return outcome.kind === "committed";
  };
}

/** Turns sending or the portal off or on, for everybody and at once. */
export function createSetSwitches({ read, journal, practice }: PracticePorts) {
  return async (switches: Omit<Switches, "version">, asking: Asking): Promise<"set" | "raced"> => {
    const present = (await read(practice.switches()))[0]?.version ?? 0;
    const outcome = await journal.commit(
      { ...asking, action: "practice.switched", details: { ...switches } },
      [practice.setSwitches(switches, present)],
    );
    return outcome.kind === "committed" ? "set" : "raced";
  };
}

/** A vendor's record as it is now. */
export function createReadVendor({ read, practice }: PracticePorts) {
  return async (id: string): Promise<VendorRecord> =>
    (await read(practice.vendor(id)))[0] ?? {
      id,
      baaSignedOn: null,
      baaEndsOn: null,
      version: 0,
    };
}

/** Records a vendor's agreement; false when it is no longer at `version`. */
export function createChangeVendor({ read, journal, practice }: PracticePorts) {
  return async (
    vendor: Omit<VendorRecord, "version">,
    version: number | undefined,
    asking: Asking,
  ): Promise<boolean> => {
    const present = (await read(practice.vendor(vendor.id)))[0]?.version ?? 0;
    if (version !== undefined && version !== present) return false;
    const outcome = await journal.commit(
      {
        ...asking,
        action: "vendor.changed",
        details: {
          vendor: vendor.id,
          baaSignedOn: vendor.baaSignedOn,
          baaEndsOn: vendor.baaEndsOn,
        },
      },
      [practice.setVendor(vendor, present)],
    );
    return outcome.kind === "committed";
  };
}

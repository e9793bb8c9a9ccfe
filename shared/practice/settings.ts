import type { Asking, Journal, Lookup, ReadSnapshot, Write } from "../audit/journal.ts";
import { changeDirectory, type ProposedEntry } from "../vocabulary/directory.ts";
import { withoutNames } from "../vocabulary/in-force.ts";
import type { Judge, NameFinding, VocabularyStore } from "../vocabulary/ports.ts";
import { type Directory, type DirectoryEntry, VOCABULARY_EMPTY } from "../vocabulary/records.ts";
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
  readonly vocabulary: VocabularyStore;
  readonly openJudge: () => Promise<Judge>;
  /** What holds until somebody changes it; from the stage settings. */
  readonly settingsDefault: PracticeSettings;
  readonly now: () => Date;
}

const DIRECTORY_EMPTY: Directory = { entries: [], version: 0 };

/** Settings, switches and directory as they are now. */
export function createReadPractice({ read, practice, vocabulary, settingsDefault }: PracticePorts) {
  return async () => {
    const [settings, switches, directory] = await read(
      practice.settings(),
      practice.switches(),
      vocabulary.directory(),
    );
    return {
      settings: settings ?? settingsDefault,
      switches: switches ?? SWITCHES_DEFAULT,
      directory: directory ?? DIRECTORY_EMPTY,
    };
  };
}

/** Settings as somebody wants them; what is not said of them stays as it is. */
export type SettingsChange = Pick<PracticeSettings, "timeZone" | "officeHours"> &
  Partial<Omit<PracticeSettings, "version">>;

/** What came of a change of the practice's settings. */
export type SettingsOutcome =
  | { readonly kind: "changed" | "version-conflict" }
  | {
      readonly kind: "unfit-names";
      readonly names: readonly {
        readonly entry: DirectoryEntry;
        readonly findings: readonly NameFinding[];
      }[];
    };

const named = ({ id, kind, version }: DirectoryEntry) => ({ id, kind, version });

/**
 * Changes the settings that are at `version` (undefined: as they are now), and replaces the directory with them where one
 * is given. A new text name is judged and waits for approval; an entry that is left out can be named no more at once.
 */
export function createChangeSettings(ports: PracticePorts) {
  const { read, journal, practice, vocabulary, openJudge, now } = ports;
  return async (
    asked: SettingsChange,
    wanted: readonly ProposedEntry[] | undefined,
    version: number | undefined,
    asking: Asking,
  ): Promise<SettingsOutcome> => {
    const [stored, directory, approved] = await read(
      practice.settings(),
      vocabulary.directory(),
      vocabulary.vocabulary(),
    );
    const { version: present, ...before } = stored ?? ports.settingsDefault;
    if (version !== undefined && version !== present) return { kind: "version-conflict" };
    const settings = { ...before, ...asked };
    const change = wanted === undefined ? undefined : changeDirectory(directory, wanted, asking.actor);
    if (change === undefined || !change.changed) {
      const outcome = await journal.commit(
        { ...asking, action: "practice.changed", details: { version: present + 1 } },
        [practice.setSettings(settings, present)],
      );
      return { kind: outcome.kind === "committed" ? "changed" : "version-conflict" };
    }

    const inForce = approved ?? VOCABULARY_EMPTY;
    if (change.proposed.length > 0) {
      const { nameFindings } = await openJudge();
      const names = change.proposed
        .map((entry) => ({ entry, findings: nameFindings(entry.textName, entry.kind, inForce) }))
        .filter(({ findings }) => findings.length > 0);
      if (names.length > 0) return { kind: "unfit-names", names };
    }
    const ended = change.removed.filter((entry) => entry.approved !== null);
    const outcome = await journal.commit(
      {
        ...asking,
        action: "directory.changed",
        details: {
          version: present + 1,
          directoryVersion: (directory?.version ?? 0) + 1,
          proposed: change.proposed.map(named),
          removed: change.removed.map(named),
          vocabularyVersion: ended.length === 0 ? inForce.version : inForce.version + 1,
        },
      },
      [
        practice.setSettings(settings, present),
        vocabulary.setDirectory(change.entries, directory?.version ?? 0),
        ...(ended.length === 0
          ? []
          : vocabulary.setVocabulary(withoutNames(inForce, ended, now()), inForce.version)),
      ],
    );
    return { kind: outcome.kind === "committed" ? "changed" : "version-conflict" };
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

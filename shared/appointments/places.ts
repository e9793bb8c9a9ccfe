import type { Directory, DirectoryEntry, DirectoryKind } from "../vocabulary/records.ts";

/** What of a visit's place or people the directory does not have. */
export type AppointmentWarning = "unknown_location" | "unknown_provider";

/** The entry that an id or a code of a scheduling system names; undefined where there is none. */
export function directoryEntry(
  directory: Directory | undefined,
  kind: DirectoryKind,
  named: string,
): DirectoryEntry | undefined {
  const entries = (directory?.entries ?? []).filter((entry) => entry.kind === kind);
  return entries.find(({ id }) => id === named) ?? entries.find(({ codes }) => codes.includes(named));
}

/** Where and with whom a visit is, as far as the directory knows; it is kept without the rest. */
export function placeOf(
  directory: Directory | undefined,
  {
    locationId,
    providerId,
  }: { readonly locationId?: string | undefined; readonly providerId?: string | undefined },
) {
  const location = locationId === undefined ? undefined : directoryEntry(directory, "location", locationId);
  const provider = providerId === undefined ? undefined : directoryEntry(directory, "provider", providerId);
  const warnings: AppointmentWarning[] = [];
  if (locationId !== undefined && location === undefined) warnings.push("unknown_location");
  if (providerId !== undefined && provider === undefined) warnings.push("unknown_provider");
  return {
    locationId: location?.id ?? null,
    providerId: provider?.id ?? null,
    timeZone: location?.timeZone ?? null,
    warnings,
  };
}

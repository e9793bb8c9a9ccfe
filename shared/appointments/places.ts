import { findInDirectory } from "../vocabulary/find.ts";
import type { Directory } from "../vocabulary/records.ts";

/** What of a visit's place or people the directory does not have. */
export type PlaceWarning = "unknown_location" | "unknown_provider";

/** Where and with whom a visit is, by id, code or name, as far as the directory knows; it is kept without the rest. */
export function placeOf(
  directory: Directory | undefined,
  {
    locationId,
    providerId,
  }: { readonly locationId?: string | undefined; readonly providerId?: string | undefined },
) {
  const location = locationId === undefined ? undefined : findInDirectory(directory, "location", locationId);
  const provider = providerId === undefined ? undefined : findInDirectory(directory, "provider", providerId);
  const warnings: PlaceWarning[] = [];
  if (locationId !== undefined && location === undefined) warnings.push("unknown_location");
  if (providerId !== undefined && provider === undefined) warnings.push("unknown_provider");
  return {
    locationId: location?.id ?? null,
    providerId: provider?.id ?? null,
    timeZone: location?.timeZone ?? null,
    warnings,
  };
}

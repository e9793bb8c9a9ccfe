import { readFileSync } from "node:fs";
import { clockMinutes, dayOf, daysBefore, momentOf } from "#shared/domain/sending/local-time.ts";
import { recordOf, textOf } from "../json-shape.ts";
import { call, expectStatus, unexpected } from "./api.ts";
import { parseCsv } from "./csv.ts";

const AT_ONCE = 4;

/**
 * Puts the demo's visits on days counted from the stack's today, at clock times of their locations, however clocks change
 * until then; none is so near that a reminder would leave at once. A visit that is there already stays as it is. Gives
 * the number of visits.
 */
export async function loadVisits(
  base: string,
  token: string,
  patientIds: ReadonlyMap<string, string>,
): Promise<number> {
  const rows = parseCsv(readFileSync(new URL("./visits.csv", import.meta.url), "utf8"));
  const zones = zonesOf(readFileSync(new URL("./directory.json", import.meta.url), "utf8"));
  const now = new Date(textOf((await call("GET", `${base}/_local/clock`, token)).body["now"]) ?? "");
  const left = [...rows];
  const work = async () => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const {
        externalId = "",
        patient = "",
        days,
        time = "",
        location = "",
        provider,
        status,
        offsets,
      } = row;
      const address = `${base}/v1/appointments/${externalId}`;
      const known = await call("GET", address, token);
      if (known.status === 200) continue;
      if (known.status !== 404) throw unexpected(known);
      const zone = zones.get(location) ?? "UTC";
      const day = daysBefore(dayOf(now, zone), -Number(days));
      const put = await call("PUT", address, token, {
        patientId: patientIds.get(patient),
        startsAt: momentOf(day, clockMinutes(time), zone).toISOString(),
        status,
        locationId: location,
        providerId: provider,
        ...(offsets === "" ? {} : { reminderOffsets: (offsets ?? "").split(" ").map(Number) }),
      });
      expectStatus(put, 201);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return rows.length;
}

/** The time zone of each location of the directory. */
function zonesOf(directory: string): ReadonlyMap<string, string> {
  const { locations } = recordOf(JSON.parse(directory));
  return new Map(
    (Array.isArray(locations) ? locations : [])
      .map(recordOf)
      .map(({ id, timeZone }) => [String(id), String(timeZone)]),
  );
}

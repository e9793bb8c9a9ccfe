import { readFileSync } from "node:fs";
import { parseCsv } from "../../demo/csv.ts";

/** The demo's patients by their number; two with one phone stand there together. */
export function demoNames(): Readonly<Record<string, string>> {
  const rows = parseCsv(readFileSync(new URL("../../demo/patients.csv", import.meta.url), "utf8"));
  const names = new Map<string, string>();
  for (const { mobilePhone = "", givenName = "", familyName = "" } of rows) {
    const known = names.get(mobilePhone);
    const name = `${givenName} ${familyName}`;
    if (mobilePhone !== "") names.set(mobilePhone, known === undefined ? name : `${known}, ${name}`);
  }
  return Object.fromEntries(names);
}

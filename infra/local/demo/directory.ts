import { readFileSync } from "node:fs";
import { listOf, recordOf } from "../json-shape.ts";
import { call, expectStatus, expectText } from "./api.ts";

const LISTS = ["locations", "providers", "pharmacies"] as const;

/**
 * Puts the demo's locations, providers and pharmacy where they are not there yet, and has a second person approve what
 * texts may call them. Gives the number of names in force.
 */
export async function loadDirectory(
  base: string,
  { admin, compliance }: { readonly admin: string; readonly compliance: string },
): Promise<number> {
  const wanted = recordOf(JSON.parse(readFileSync(new URL("./directory.json", import.meta.url), "utf8")));
  const known = await call("GET", `${base}/v1/practice`, admin);
  expectStatus(known, 200);
  if (
    LISTS.some((list) => idsIn(wanted, list).some((id) => !idsIn(known.body["directory"], list).includes(id)))
  ) {
    const { timeZone, officeHours, quietHours, caps, reminderOffsets, visitNotices } = known.body;
    const settings = { timeZone, officeHours, quietHours, caps, reminderOffsets, visitNotices };
    const put = await call(
      "PUT",
      `${base}/v1/practice`,
      admin,
      { ...settings, directory: wanted },
      known.etag === null ? {} : { "If-Match": known.etag },
    );
    expectStatus(put, 200);
  }
  if (approvedIn(await practiceAt(base, admin)) < entriesIn(wanted).length) {
    const asked = await call(
      "POST",
      `${base}/v1/approvals`,
      admin,
      { kind: "directory", target: "directory", reason: "Names of the demo practice, as on its own signs." },
      { "Idempotency-Key": "demo-directory" },
    );
    const id = expectText(asked, "id", 201);
    const decided = await call("POST", `${base}/v1/approvals/${id}/decision`, compliance, {
      decision: "approved",
    });
    expectStatus(decided, 200);
  }
  return approvedIn(await practiceAt(base, admin));
}

async function practiceAt(base: string, token: string): Promise<unknown> {
  const answer = await call("GET", `${base}/v1/practice`, token);
  expectStatus(answer, 200);
  return answer.body["directory"];
}

function entriesIn(directory: unknown): readonly Readonly<Record<string, unknown>>[] {
  return LISTS.flatMap((list) => listOf(recordOf(directory)[list])).map(recordOf);
}

function idsIn(directory: unknown, list: (typeof LISTS)[number]): readonly string[] {
  return listOf(recordOf(directory)[list]).map((entry) => String(recordOf(entry)["id"]));
}

function approvedIn(directory: unknown): number {
  return entriesIn(directory).filter(({ approved }) => approved !== null && approved !== undefined).length;
}

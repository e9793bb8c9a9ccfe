import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../support/audit-export.ts";
import { callsOf } from "../support/call-record.ts";
import type { HostAnswer, HostUser, LocalHost } from "../support/host.ts";
import { expecting, registerPatient, startPractice, type TestPatient } from "../support/practice.ts";
import { exportedItems, exportedTables } from "../support/table-export.ts";

const DAY_MS = 86_400_000;

type Visit = Readonly<Record<string, unknown>> & {
  readonly externalId: string;
  readonly day: string;
  readonly reminders: readonly { readonly alertId: string; readonly offsetHours: number }[];
};
type Stored = Readonly<Record<string, unknown>>;

let host: LocalHost;
let today: number;
let count = 0;

beforeAll(async () => {
  host = await startPractice();
  const { now } = await expecting(200, host.local("GET", "/clock"));
  today = Date.parse(String(now));
});
afterAll(() => host.stop());

/** The same time of day so many days from now, ISO 8601 UTC. */
const inDays = (days: number) => new Date(today + days * DAY_MS).toISOString();

function newExternalId(): string {
  count += 1;
  return `visit/${count} of ${String(today)}`;
}

const path = (externalId: string) => `/appointments/${encodeURIComponent(externalId)}`;

const put = (
  patient: Pick<TestPatient, "id">,
  externalId: string,
  fields: Stored,
  { user = "integration", version }: { readonly user?: HostUser; readonly version?: number } = {},
): Promise<HostAnswer> =>
  host.api(
    "PUT",
    path(externalId),
    { patientId: patient.id, ...fields },
    user,
    version === undefined ? {} : { "If-Match": `"${version}"` },
  );

const get = async (externalId: string): Promise<Visit> =>
  (await expecting(200, host.api("GET", path(externalId), undefined, "clinician"))) as Visit;

async function list(
  query: string,
): Promise<{ readonly ids: readonly string[]; readonly next: string | null }> {
  const { items, nextCursor } = await expecting(
    200,
    host.api("GET", `/appointments?${query}`, undefined, "frontdesk"),
  );
  return {
    ids: (items as readonly Visit[]).map(({ externalId }) => externalId),
    next: nextCursor as string | null,
  };
}

/** A patient's reminders by whether they would still leave, and those that the patient's days know of. */
async function reminders(patient: Pick<TestPatient, "id">) {
  const tables = await exportedTables(host);
  const own = ({ pk }: Stored) => pk === patient.id;
  const waiting = tables.Messages.filter(own).filter(
    ({ sk, status }) => String(sk).startsWith("alert#") && status === "deferred",
  );
  const days = (tables.Appointments as readonly Stored[]).filter(own);
  const known = days.flatMap((day) => day["reminders"] as readonly { readonly alertId: string }[]);
  return {
    waiting: waiting.map(({ id }) => String(id)).toSorted(),
    known: known.map(({ alertId }) => alertId).toSorted(),
    days: days.filter(({ appointments }) => (appointments as readonly unknown[]).length > 0),
  };
}

describe("a visit", () => {
  it("is put, read, listed, moved and removed by an id that no path tells apart", async () => {
    const patient = await registerPatient(host);
    const externalId = newExternalId();

    const created = await put(patient, externalId, { startsAt: inDays(20) });
    expect(created.status).toBe(201);
    expect(created.headers.get("etag")).toBe('"1"');
    expect(created.body).toMatchObject({ externalId, patientId: patient.id, state: "unconfirmed" });
    const visit = await get(externalId);
    expect(visit).toEqual(created.body);
    expect((await list(`date=${visit.day}`)).ids).toContain(externalId);

    const moved = await put(patient, externalId, { startsAt: inDays(21) }, { user: "frontdesk", version: 1 });
    expect(moved).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await list(`date=${visit.day}`)).ids).not.toContain(externalId);
    const { waiting, known } = await reminders(patient);
    expect(waiting).toHaveLength(2);
    expect(waiting).toEqual(known);

    const removal = await host.api("DELETE", path(externalId), undefined, "frontdesk", { "If-Match": '"2"' });
    expect(removal.status).toBe(204);
    expect((await host.api("GET", path(externalId), undefined, "frontdesk")).status).toBe(404);
    expect((await reminders(patient)).waiting).toEqual([]);
    const actions = (await entriesOf(host, patient.id)).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith("appointment."))).toEqual([
      "appointment.booked",
      "appointment.read",
      "appointment.changed",
      "appointment.removed",
    ]);
  });

  it("that is put again as it is writes nothing", async () => {
    const patient = await registerPatient(host);
    const externalId = newExternalId();
    const fields = {
      startsAt: inDays(22),
      status: "confirmed",
      sourceVersion: 7,
      reminderOffsets: ["P2D", 4],
    };
    const first = await put(patient, externalId, fields);
    const before = await exportedTables(host);

    const again = await put(patient, externalId, fields);

    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const after = await exportedTables(host);
    for (const table of ["Appointments", "Messages", "Audit"] as const) {
      expect(after[table]).toEqual(before[table]);
    }
  });

  it("that is older than what is known changes nothing, nor does one for another version", async () => {
    const patient = await registerPatient(host);
    const externalId = newExternalId();
    await put(patient, externalId, { startsAt: inDays(23), sourceVersion: 2 });
    const conflict = { status: 409, body: { code: "version_conflict" } };
    expect(await put(patient, externalId, { startsAt: inDays(24), sourceVersion: 1 })).toMatchObject(
      conflict,
    );
    expect(await put(patient, externalId, { startsAt: inDays(24) }, { version: 9 })).toMatchObject(conflict);
    expect(await get(externalId)).toMatchObject({ startsAt: inDays(23), version: 1 });
  });

  it("cannot have the patient's record number for its id, nor belong to two patients", async () => {
    const [patient, other] = [await registerPatient(host), await registerPatient(host)];
    expect(await put(patient, patient.externalId, { startsAt: inDays(20) })).toMatchObject({
      status: 422,
      body: { code: "unprocessable", pointer: "/externalId" },
    });
    expect(await put(other, patient.externalId, { startsAt: inDays(20) })).toMatchObject({
      status: 422,
      body: { code: "unprocessable", pointer: "/externalId" },
    });
    const externalId = newExternalId();
    await put(patient, externalId, { startsAt: inDays(20) });
    expect(await put(other, externalId, { startsAt: inDays(20) })).toMatchObject({
      status: 409,
      body: { code: "version_conflict", pointer: "/patientId" },
    });
  });

  it("keeps no word of what it is about, and its id only sealed", async () => {
    const patient = await registerPatient(host);
    const fields = { startsAt: inDays(25), locationId: "Canary Oncology", providerId: "Dr. Canary" };
    const answer = await put(patient, "canary-visit-id", fields);
    expect(answer.body).toMatchObject({ warnings: ["unknown_location", "unknown_provider"] });
    expect(await put(patient, "canary-visit-id", { ...fields, reason: "canary" })).toMatchObject({
      status: 400,
    });
    for (const table of ["Appointments", "Messages", "Audit"] as const) {
      expect(JSON.stringify(await exportedItems(host, table)).toLowerCase()).not.toContain("canary");
    }
    expect(JSON.stringify((await host.local("GET", "/logs")).body).toLowerCase()).not.toContain("canary");
  });
});

describe("several at once", () => {
  it("leave a visit on one day, with that day's reminders", async () => {
    const patient = await registerPatient(host);
    const externalId = newExternalId();
    const answers = await Promise.all(
      [20, 21, 22, 23].map((days) => put(patient, externalId, { startsAt: inDays(days) })),
    );
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200, 200, 200, 201,
    ]);
    const { waiting, known, days } = await reminders(patient);
    expect(days).toHaveLength(1);
    expect(known).toHaveLength(2);
    expect(waiting).toEqual(known);
  });

  it("share the reminders of a day", async () => {
    const patient = await registerPatient(host);
    const startsAt = (hours: number) => new Date(Date.parse(inDays(26)) + hours * 3_600_000).toISOString();
    await Promise.all([0, 1, 2].map((hours) => put(patient, newExternalId(), { startsAt: startsAt(hours) })));
    const { waiting, known, days } = await reminders(patient);
    expect(days).toMatchObject([{ appointments: { length: 3 } }]);
    expect(known).toHaveLength(2);
    expect(waiting).toEqual(known);
  });
});

describe("the list of a day", () => {
  it("comes in pages, each visit once, in the order of the day", async () => {
    const day = inDays(30).slice(0, 10);
    const ids = Array.from({ length: 7 }, newExternalId);
    for (const [index, externalId] of ids.entries()) {
      const startsAt = `${day}T1${index}:00:00Z`;
      await put(await registerPatient(host), externalId, { startsAt, timeZone: "America/New_York" });
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await list(`date=${day}&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
      expect(page.ids.length).toBeLessThanOrEqual(3);
      seen.push(...page.ids);
      cursor = page.next ?? "";
    } while (cursor !== "");
    expect(seen).toEqual(ids);
    expect((await list(`date=${day}&state=no-reply`)).ids).toEqual([]);
  });

  it("is that of each visit's own zone", async () => {
    const patient = await registerPatient(host);
    const [guam, mainland] = [newExternalId(), newExternalId()];
    const day = inDays(33).slice(0, 10);
    const next = inDays(34).slice(0, 10);
    // Half past eight in the morning in Guam is the evening before on the mainland.
    await put(patient, guam, { startsAt: `${day}T22:30:00Z`, timeZone: "Pacific/Guam" });
    await put(patient, mainland, { startsAt: `${day}T22:30:00Z`, timeZone: "America/New_York" });
    expect((await list(`date=${day}`)).ids).toEqual([mainland]);
    expect((await list(`date=${next}`)).ids).toEqual([guam]);
  });
});

describe("after all of this", () => {
  it("nothing was denied, and nothing failed but for lost races", async () => {
    const calls = await callsOf(host);
    const lost = ["TransactionCanceledException", "ConditionalCheckFailedException"];
    expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(calls.filter(({ error }) => error !== undefined && !lost.includes(error))).toEqual([]);
    expect(JSON.stringify((await host.local("GET", "/logs")).body)).not.toContain("REQUEST_FAILED");
  });
});

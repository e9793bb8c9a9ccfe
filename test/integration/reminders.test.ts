import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../support/audit-export.ts";
import type { LocalHost } from "../support/host.ts";
import {
  decide,
  expecting,
  patientTexts,
  registerPatient,
  setCaps,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let host: LocalHost;
let count = 0;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

const now = async () => Date.parse(String((await expecting(200, host.local("GET", "/clock")))["now"]));

async function moveTo(ms: number): Promise<void> {
  await host.advance((ms - (await now())) / 1000);
}

/** Today's 14:30 UTC, so many days on: half past nine or ten in New York. */
async function inDays(days: number, time = "14:30"): Promise<number> {
  const day = new Date((await now()) + days * DAY * 1000).toISOString().slice(0, 10);
  return Date.parse(`${day}T${time}:00Z`);
}

function newExternalId(): string {
  count += 1;
  return `visit-${String(count)}`;
}

/** A patient who agreed to texts about visits. */
async function aPatient(fields: Readonly<Record<string, unknown>> = {}): Promise<TestPatient> {
  const patient = await registerPatient(host, fields);
  await decide(host, patient, "granted", "scheduling");
  return patient;
}

async function putVisit(
  patient: TestPatient,
  startsAtMs: number,
  fields: Readonly<Record<string, unknown>> = {},
  externalId = newExternalId(),
): Promise<string> {
  const body = { patientId: patient.id, startsAt: new Date(startsAtMs).toISOString(), ...fields };
  const { status } = await host.api("PUT", `/appointments/${externalId}`, body, "integration");
  expect([200, 201]).toContain(status);
  return externalId;
}

const visit = (externalId: string) =>
  expecting(200, host.api("GET", `/appointments/${externalId}`, undefined, "frontdesk"));
const stateOf = async (externalId: string) => (await visit(externalId))["state"];
const bodiesTo = async ({ mobilePhone }: TestPatient) =>
  (await host.texts(mobilePhone)).map(({ body }) => body);

/** A time of day as texts show it. */
const clock = (ms: number, timeZone: string) =>
  new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", minute: "2-digit" })
    .format(ms)
    .replaceAll("\u202f", " ");

const tasks = async (kind: string) => {
  const { items } = await expecting(
    200,
    host.api("GET", `/tasks?kind=${kind}&limit=100`, undefined, "frontdesk"),
  );
  return items as readonly {
    readonly patientId: string;
    readonly dueAt: string;
    readonly reason: string | null;
  }[];
};

const invoke = (event: unknown = {}) =>
  expecting(200, host.local("POST", "/functions/remind/invocations", event));

describe("a visit that is reminded of", () => {
  it("is told in time and in the patient's language, and C confirms it", async () => {
    const patient = await aPatient();
    const spanish = await aPatient({ language: "es" });
    const start = await inDays(5);
    const [own, other] = [await putVisit(patient, start), await putVisit(spanish, start)];
    expect((await visit(own))["reminders"]).toHaveLength(2);
    await moveTo(start - 72 * HOUR * 1000 - MINUTE * 1000);
    expect(await bodiesTo(patient)).toEqual([]);

    await moveTo(start - 72 * HOUR * 1000 + 5 * MINUTE * 1000);

    const time = clock(start, "America/New_York");
    const [text] = await bodiesTo(patient);
    expect(text).toContain(` at ${time}. Reply C to confirm, 2 to change.`);
    expect((await bodiesTo(spanish))[0]).toContain(`${time}. Responda C para confirmar, 2 para cambiar.`);
    expect(await stateOf(own)).toBe("no-reply");
    await patientTexts(host, patient, "C");
    await patientTexts(host, spanish, "2");
    expect(await stateOf(own)).toBe("confirmed");
    expect(await stateOf(other)).toBe("change-requested");
    expect((await bodiesTo(patient)).at(-1)).toContain("confirm");
    const asked = (await tasks("visit-change")).filter(({ patientId }) => patientId === spanish.id);
    expect(asked).toHaveLength(1);
    expect(Date.parse(asked[0]?.dueAt ?? "")).toBeLessThan(start);
    const entries = await entriesOf(host, patient.id);
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["appointment.booked", "alert.claimed", "alert.sent", "text.received"]),
    );
  });

  it("is told once for all visits of a day, with the time of the first", async () => {
    const patient = await aPatient();
    const start = await inDays(3);
    await putVisit(patient, start + 3 * HOUR * 1000, { reminderOffsets: [24] });
    await putVisit(patient, start, { reminderOffsets: ["PT24H"] });

    await moveTo(start - 23 * HOUR * 1000);

    const bodies = await bodiesTo(patient);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain(` from ${clock(start, "America/New_York")}.`);
  });

  it("names the zone where the patient's clocks differ, and waits for the patient's morning", async () => {
    const [phoenix, guam] = [
      await aPatient({ timeZone: "America/Phoenix" }),
      await aPatient({ timeZone: "Pacific/Guam" }),
    ];
    const start = await inDays(4);
    await putVisit(phoenix, start, { reminderOffsets: [24] });
    await putVisit(guam, start, { reminderOffsets: [24] });

    await moveTo(start - 23 * HOUR * 1000);
    const atOnce = [await bodiesTo(phoenix), await bodiesTo(guam)].map(({ length }) => length);
    await moveTo(start - 15 * HOUR * 1000);

    // 14:30 UTC is in the morning in Phoenix only from half past seven on, and after midnight in Guam until 22:00 UTC.
    expect(atOnce[1]).toBe(0);
    expect((await bodiesTo(phoenix))[0]).toMatch(/ at \d+:30 AM E[SD]T\./);
    expect((await bodiesTo(guam))[0]).toMatch(/ at \d+:30 AM E[SD]T\./);
  });

  it("is not told to who took the consent back, and nobody is asked to call", async () => {
    const patient = await aPatient();
    const start = await inDays(3);
    await putVisit(patient, start, { reminderOffsets: [24] });
    await decide(host, patient, "revoked", "scheduling");

    await moveTo(start - 23 * HOUR * 1000);

    expect(await bodiesTo(patient)).toEqual([]);
    expect((await tasks("call")).filter(({ patientId }) => patientId === patient.id)).toEqual([]);
  });

  it("waits for the next morning where the day's cap is used up", async () => {
    await setCaps(host, { perDay: 1, perWeek: 5 });
    const patient = await aPatient();
    const start = await inDays(4);
    // A text about another day leaves first.
    await putVisit(patient, start + 2 * DAY * 1000 - HOUR * 1000, { reminderOffsets: [72] });
    await putVisit(patient, start, { reminderOffsets: [24] });

    await moveTo(start - 22 * HOUR * 1000);
    const before = await bodiesTo(patient);
    await moveTo(start - HOUR * 1000);
    const after = await bodiesTo(patient);
    await setCaps(host, { perDay: 10, perWeek: 50 });

    expect([before.length, after.length]).toEqual([1, 2]);
  });

  it("has its own clock in the nights when clocks change", async () => {
    // The second Sunday of March and the first of November, as New York has them next.
    const year = new Date(await now()).getUTCFullYear() + 1;
    const sunday = (month: number, nth: number) => {
      const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
      return 1 + ((7 - first) % 7) + 7 * (nth - 1);
    };
    const spring = Date.UTC(year, 2, sunday(2, 2), 14, 30);
    const autumn = Date.UTC(year, 10, sunday(10, 1), 14, 30);
    const patient = await aPatient();
    await putVisit(patient, spring, { reminderOffsets: [24] });
    await putVisit(patient, autumn, { reminderOffsets: [24] });

    await moveTo(spring - 23 * HOUR * 1000);
    const [first] = await bodiesTo(patient);
    await moveTo(autumn - 23 * HOUR * 1000);
    const second = (await bodiesTo(patient)).at(-1);

    expect(first).toContain(" at 10:30 AM.");
    expect(second).toContain(" at 9:30 AM.");
  });
});

describe("a visit that changes", () => {
  it("is not reminded of as it was: moved, cancelled, removed", async () => {
    const [moved, cancelled, removed] = [await aPatient(), await aPatient(), await aPatient()];
    const start = await inDays(4);
    const ids = [
      await putVisit(moved, start, { reminderOffsets: [24] }),
      await putVisit(cancelled, start, { reminderOffsets: [24] }),
      await putVisit(removed, start, { reminderOffsets: [24] }),
    ] as const;
    await putVisit(moved, start + DAY * 1000, { reminderOffsets: [24] }, ids[0]);
    await putVisit(cancelled, start, { status: "cancelled" }, ids[1]);
    expect((await host.api("DELETE", `/appointments/${ids[2]}`, undefined, "frontdesk")).status).toBe(204);

    await moveTo(start - HOUR * 1000);
    const early = await bodiesTo(moved);
    await moveTo(start + 2 * HOUR * 1000);

    expect(early).toEqual([]);
    expect(await bodiesTo(moved)).toHaveLength(1);
    expect(await bodiesTo(cancelled)).toEqual([]);
    expect(await bodiesTo(removed)).toEqual([]);
  });

  it("while its reminder is being claimed is told as it is then", async () => {
    const patient = await aPatient();
    const start = await inDays(3);
    const id = await putVisit(patient, start, { reminderOffsets: [24] });
    // The run that claims it dies with its claim not written.
    await expecting(
      200,
      host.local("POST", "/faults", {
        function: "send-alert",
        service: "dynamodb",
        action: "TransactWriteItems",
        when: "before",
        kind: "crash",
        times: 1,
      }),
    );
    await moveTo(start - 24 * HOUR * 1000 + 2 * MINUTE * 1000);
    expect(await bodiesTo(patient)).toEqual([]);
    await putVisit(patient, start + 2 * HOUR * 1000, { reminderOffsets: [24] }, id);

    await moveTo(start);

    const bodies = await bodiesTo(patient);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toContain(` at ${clock(start + 2 * HOUR * 1000, "America/New_York")}.`);
    await expecting(200, host.local("DELETE", "/faults"));
  });
});

describe("the sweep", () => {
  it("after six hours without it sends everything once, and reports what it had to drop", async () => {
    const start = await inDays(3, "20:00");
    const patients = await Promise.all(Array.from({ length: 12 }, () => aPatient()));
    for (const patient of patients) await putVisit(patient, start, { reminderOffsets: [24] });
    const tooLate = await aPatient();
    // Its first reminder could only come after its second one was due.
    await putVisit(tooLate, start, { reminderOffsets: [27, 24] });
    await expecting(
      200,
      host.local("POST", "/faults", {
        function: "remind",
        service: "dynamodb",
        action: "Query",
        when: "before",
        kind: "crash",
        times: 100_000,
      }),
    );
    await moveTo(start - 28 * HOUR * 1000);
    await moveTo(start - 22 * HOUR * 1000);
    for (const patient of patients) expect(await bodiesTo(patient)).toEqual([]);
    await expecting(200, host.local("DELETE", "/faults"));

    const runs = await Promise.all([invoke({ maxRequests: 5 }), invoke({ maxRequests: 5 }), invoke()]);
    await host.advance(2 * MINUTE);

    expect(runs.every(({ outcome }) => outcome === "answered")).toBe(true);
    const results = runs.map(({ result }) => result as Readonly<Record<string, number>>);
    expect(results.reduce((sum, { expired = 0 }) => sum + expired, 0)).toBe(1);
    expect(results.every(({ failed }) => failed === 0)).toBe(true);
    for (const patient of [...patients, tooLate]) expect(await bodiesTo(patient)).toHaveLength(1);
    // The second one told.
    expect((await tasks("call")).filter(({ patientId }) => patientId === tooLate.id)).toEqual([]);
    const { items: logs } = await expecting(200, host.local("GET", "/logs"));
    expect(JSON.stringify(logs)).toContain("ALERT_EXPIRED");
    // Every run that failed left a dead letter.
    const { items: bodies } = await expecting(200, host.local("GET", "/queues"));
    const missed = (bodies as readonly { readonly queue: string; readonly body: string }[]).filter(
      ({ queue }) => queue.includes("MissedReminds"),
    );
    expect(missed.length).toBeGreaterThan(10);
    expect(JSON.parse(missed[0]?.body ?? "{}")).toMatchObject({
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: { source: "aws.events" },
    });
  });

  it("refuses an event that it does not know, with one line that repeats nothing of it", async () => {
    const { outcome, errorMessage } = await invoke({ patient: "canary-4711" });

    expect(outcome).toBe("failed");
    expect(errorMessage).toMatch(/^remind takes/u);
    expect(String(errorMessage)).not.toContain("canary");
  });

  it("answers with counts, to any scheduler", async () => {
    await host.settled();

    const { outcome, result } = await invoke({ "detail-type": "Scheduled Event", source: "aws.scheduler" });

    expect(outcome).toBe("answered");
    expect(result).toEqual({
      due: 0,
      requested: 0,
      expired: 0,
      left: 0,
      failed: 0,
      late: expect.any(Number),
    });
  });
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { ENUMERATION_MS, openTasks, placesOf, startFastPractice, tryAll } from "../support/faults.ts";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, decide, expecting, type TestPatient } from "../support/practice.ts";

const PUTS_MAX = 6;
const OFFSET_HOURS = 3;
/** From the booking to the time when the reminder is due. */
const DUE_AFTER_SECONDS = 60;
const WAIT_SECONDS = 150;

let host: LocalHost;
beforeAll(async () => {
  host = await startFastPractice();
});
afterAll(() => host.stop());

const externalIdOf = ({ id }: Pick<TestPatient, "id">) => `visit-of-${id.slice(-8)}`;

/** Books a visit as a careful scheduler does: the same request again until there is an answer. */
async function bookUntilKnown(patient: TestPatient): Promise<void> {
  await decide(host, patient, "granted", "scheduling");
  const now = Date.parse(String((await expecting(200, host.local("GET", "/clock")))["now"]));
  const startsAt = new Date(now + (OFFSET_HOURS * 3600 + DUE_AFTER_SECONDS) * 1000).toISOString();
  const body = { patientId: patient.id, startsAt, reminderOffsets: [OFFSET_HOURS] };
  for (let count = 1; count <= PUTS_MAX; count += 1) {
    const { status } = await host.api("PUT", `/appointments/${externalIdOf(patient)}`, body, "integration");
    if (status === 200 || status === 201) return;
  }
  throw new Error("the visit was never taken");
}

/** What staff see of the visit; so many are looked at in a row that the API's throttle asks for patience. */
async function stateOf(patient: TestPatient): Promise<unknown> {
  for (;;) {
    const path = `/appointments/${externalIdOf(patient)}`;
    const { status, body } = await host.api("GET", path, undefined, "frontdesk");
    if (status === 200) return (body as { readonly state: unknown }).state;
    expect(status).toBe(429);
    await host.advance(1);
  }
}

/** The patient is reminded and confirms. */
async function remindAndConfirm(patient: TestPatient): Promise<void> {
  await bookUntilKnown(patient);
  await host.settled();
  await host.advance(WAIT_SECONDS);
  await expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "C" }));
  await host.settled();
}

it(
  "a fault at any AWS call of a reminder's way sends no second text and loses none in silence",
  async () => {
    const functions = ["appointments", "remind", "send-alert", "record-delivery", "receive-text"];
    const places = await placesOf(host, functions, async () =>
      remindAndConfirm(await consentingPatient(host)),
    );
    const tried = await tryAll(host, places, (patient) => remindAndConfirm(patient));

    const tasks = await openTasks(host);
    const wrong: unknown[] = [];
    for (const { place, patient } of tried) {
      const bodies = (await host.texts(patient.mobilePhone)).map(({ body }) => body);
      const reminders = bodies.filter((body) => body.includes("Reply C to confirm")).length;
      const answers = bodies.length - reminders;
      const state = await stateOf(patient);
      const asked = tasks.some((task) => task.patientId === patient.id);
      const isKnown = (reminders === 1 && state === "confirmed") || asked;
      if (reminders > 1 || answers > 1 || !isKnown) wrong.push({ ...place, bodies, state, asked });
    }
    expect(places.length).toBeGreaterThan(80);
    expect(wrong).toEqual([]);
  },
  ENUMERATION_MS,
);

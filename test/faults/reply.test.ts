import { afterAll, beforeAll, expect, it } from "vitest";
import { ENUMERATION_MS, openTasks, placesOf, startFastPractice, tryAll } from "../support/faults.ts";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, expecting, type TestPatient } from "../support/practice.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startFastPractice();
});
afterAll(() => host.stop());

it(
  "a fault at any AWS call of a reply's way keeps the reply once, asks staff once, and answers once at most",
  async () => {
    const reply = (patient: TestPatient) =>
      expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "Can I come at 3?" }));
    const places = await placesOf(host, ["receive-text"], async () => reply(await consentingPatient(host)));
    const tried = await tryAll(host, places, reply);

    const tasks = await openTasks(host);
    const wrong: unknown[] = [];
    for (const { place, patient } of tried) {
      const { items } = await expecting(
        200,
        host.api("GET", `/patients/${patient.id}/messages`, undefined, "compliance"),
      );
      const replies = (items as readonly unknown[]).length;
      const asked = tasks.filter(
        ({ kind, patientId }) => kind === "reply" && patientId === patient.id,
      ).length;
      const texts = (await host.texts(patient.mobilePhone)).length;
      if (replies !== 1 || asked !== 1 || texts > 1) wrong.push({ ...place, replies, asked, texts });
    }
    expect(places.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  },
  ENUMERATION_MS,
);

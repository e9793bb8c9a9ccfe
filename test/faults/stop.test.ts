import { afterAll, beforeAll, expect, it } from "vitest";
import { ENUMERATION_MS, placesOf, startFastPractice, tryAll } from "../support/faults.ts";
import type { LocalHost } from "../support/host.ts";
import { consentingPatient, expecting, type TestPatient } from "../support/practice.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startFastPractice();
});
afterAll(() => host.stop());

it(
  "a fault at any AWS call of a STOP's way leaves no consent, confirms once at most, and the carrier's list learns of it",
  async () => {
    const stop = (patient: TestPatient) =>
      expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "STOP" }));
    const places = await placesOf(host, ["receive-text", "send-alert"], async () =>
      stop(await consentingPatient(host)),
    );
    const tried = await tryAll(host, places, stop);

    const wrong: unknown[] = [];
    for (const { place, patient } of tried) {
      const { state } = await expecting(
        200,
        host.api("GET", `/patients/${patient.id}/consents`, undefined, "frontdesk"),
      );
      const decisions = (state as readonly { readonly decision: string }[]).map(({ decision }) => decision);
      const texts = (await host.texts(patient.mobilePhone)).length;
      if (decisions.join() !== "revoked" || texts > 1) wrong.push({ ...place, decisions, texts });
    }
    const { items } = await expecting(200, host.local("GET", "/calls"));
    const listed = (items as readonly Record<string, unknown>[]).filter(
      ({ action, error }) => String(action).includes("PutOptedOutNumber") && error === undefined,
    );
    expect(places.length).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
    expect(listed.length).toBeGreaterThanOrEqual(tried.length);
  },
  ENUMERATION_MS,
);

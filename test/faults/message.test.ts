import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ENUMERATION_MS, openTasks, placesOf, startFastPractice, tryAll } from "../support/faults.ts";
import type { LocalHost } from "../support/host.ts";
import { alertOf, CLINICAL_BODY, consentingPatient, type TestPatient } from "../support/practice.ts";

const POSTS_MAX = 6;

let host: LocalHost;
beforeAll(async () => {
  host = await startFastPractice();
});
afterAll(() => host.stop());

/** Posts a message as a careful caller does: the same key again until there is an answer. */
async function postUntilAccepted(patient: TestPatient): Promise<string> {
  const key = randomUUID();
  const body = { patientId: patient.id, purpose: "portal", body: CLINICAL_BODY };
  for (let count = 1; count <= POSTS_MAX; count += 1) {
    const answer = await host.api("POST", "/messages", body, "clinician", { "Idempotency-Key": key });
    if (answer.status === 202) return String((answer.body as { readonly id: unknown }).id);
  }
  throw new Error("the message was never accepted");
}

it(
  "a fault at any AWS call of a message's way sends no second text and loses none in silence",
  async () => {
    const places = await placesOf(host, ["messages", "send-alert", "record-delivery"], async () => {
      await postUntilAccepted(await consentingPatient(host));
      await host.settled();
      await host.advance(60);
    });
    const messageIds = new Map<string, string>();
    const tried = await tryAll(host, places, async (patient, place) => {
      messageIds.set(patient.id, await postUntilAccepted(patient));
      await host.settled();
      if (place.function === "record-delivery") await host.advance(60);
    });

    const tasks = await openTasks(host);
    const wrong: unknown[] = [];
    for (const { place, patient } of tried) {
      const messageId = messageIds.get(patient.id) ?? "";
      const texts = await host.texts(patient.mobilePhone);
      const { status } = await alertOf(host, { id: messageId });
      const asked = tasks.some((task) => task.messageId === messageId);
      const isKnown = status === "delivered" ? texts.length === 1 : asked;
      if (texts.length > 1 || !isKnown) wrong.push({ ...place, texts: texts.length, status, asked });
    }
    expect(places.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  },
  ENUMERATION_MS,
);

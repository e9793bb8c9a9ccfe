import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsDuring } from "../support/call-record.ts";
import type { LocalHost } from "../support/host.ts";
import {
  alertOf,
  CLINICAL_BODY,
  consentingPatient,
  expecting,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";

const MOMENTS = ["before", "after"] as const;
const KINDS = ["crash", "timeout", "throttle"] as const;
/** Long enough for every repetition, for the carrier's report, and for what becomes a task after 30 minutes. */
const RECOVERY_SECONDS = 50 * 60;
const STEP_SECONDS = 10 * 60;
const POSTS_MAX = 6;
const MINUTES = 60_000;

/** A place at which a call of one function can fail. */
type Place = {
  readonly function: string;
  readonly service: string;
  readonly action: string;
  /** How many calls of this kind come before it. */
  readonly skip: number;
  readonly when: (typeof MOMENTS)[number];
  readonly kind: (typeof KINDS)[number];
};

type Task = { readonly kind: string; readonly patientId?: string; readonly messageId?: string };

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** Every place at which what happens here could fail, from the record of one undisturbed run. */
async function placesOf(
  functions: readonly string[],
  act: () => Promise<unknown>,
): Promise<readonly Place[]> {
  const calls = await callsDuring(host, act);
  const seen = new Map<string, number>();
  return calls
    .filter(({ function: name }) => functions.includes(name))
    .flatMap(({ function: name, service, action }) => {
      const key = `${name} ${service} ${action}`;
      const skip = seen.get(key) ?? 0;
      seen.set(key, skip + 1);
      return MOMENTS.flatMap((when) =>
        KINDS.map((kind) => ({ function: name, service, action, skip, when, kind })),
      );
    });
}

/** Does something with one fault in its way, which must have struck; then the way is free again. */
async function disturbed<Made>(place: Place, act: () => Promise<Made>): Promise<Made> {
  await expecting(200, host.local("POST", "/faults", { ...place, times: 1 }));
  const made = await act();
  await host.settled();
  await expecting(200, host.local("DELETE", "/faults"));
  return made;
}

/** A patient for the next place; time-outs have moved the clock, so everybody signs in again. */
async function nextPatient(): Promise<TestPatient> {
  await host.advance(1);
  return consentingPatient(host);
}

async function recover(): Promise<void> {
  for (let passed = 0; passed < RECOVERY_SECONDS; passed += STEP_SECONDS) await host.advance(STEP_SECONDS);
  await host.settled();
}

async function openTasks(): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  let cursor = "";
  do {
    const page = await expecting(
      200,
      host.api("GET", `/tasks?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`, undefined, "clinician"),
    );
    tasks.push(...(page["items"] as readonly Task[]));
    cursor = encodeURIComponent(String(page["nextCursor"] ?? ""));
  } while (cursor !== "");
  return tasks;
}

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

describe("a fault at any AWS call of a message's way", () => {
  it(
    "sends no second text and loses none in silence",
    async () => {
      const places = await placesOf(["messages", "send-alert", "record-delivery"], async () => {
        await postUntilAccepted(await consentingPatient(host));
        await host.settled();
        await host.advance(60);
      });
      const tried: { place: Place; patient: TestPatient; messageId: string }[] = [];
      for (const place of places) {
        const patient = await nextPatient();
        const messageId = await disturbed(place, async () => {
          const id = await postUntilAccepted(patient);
          await host.settled();
          if (place.function === "record-delivery") await host.advance(60);
          return id;
        });
        tried.push({ place, patient, messageId });
      }
      await recover();

      const tasks = await openTasks();
      const wrong: unknown[] = [];
      for (const { place, patient, messageId } of tried) {
        const texts = await host.texts(patient.mobilePhone);
        const { status } = await alertOf(host, { id: messageId });
        const asked = tasks.some((task) => task.messageId === messageId);
        const isKnown = status === "delivered" ? texts.length === 1 : asked;
        if (texts.length > 1 || !isKnown) wrong.push({ ...place, texts: texts.length, status, asked });
      }
      expect(places.length).toBeGreaterThan(60);
      expect(wrong).toEqual([]);
    },
    8 * MINUTES,
  );
});

describe("a fault at any AWS call of a STOP's way", () => {
  it(
    "leaves no consent in force, confirms once at most, and the carrier's list learns of it",
    async () => {
      const stop = (patient: TestPatient) =>
        expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "STOP" }));
      const places = await placesOf(["receive-text", "send-alert"], async () =>
        stop(await consentingPatient(host)),
      );
      const tried: { place: Place; patient: TestPatient }[] = [];
      for (const place of places) {
        const patient = await nextPatient();
        await disturbed(place, () => stop(patient));
        tried.push({ place, patient });
      }
      await recover();

      const wrong: unknown[] = [];
      for (const { place, patient } of tried) {
        const { state } = await expecting(
          200,
          host.api("GET", `/patients/${patient.id}/consents`, undefined, "frontdesk"),
        );
        const decisions = (state as readonly { readonly decision: string }[]).map(({ decision }) => decision);
        const texts = await host.texts(patient.mobilePhone);
        if (decisions.join() !== "revoked" || texts.length > 1) {
          wrong.push({ ...place, decisions, texts: texts.length });
        }
      }
      const { items } = await expecting(200, host.local("GET", "/calls"));
      const listed = (items as readonly Record<string, unknown>[]).filter(
        ({ action, error }) => String(action).includes("PutOptedOutNumber") && error === undefined,
      );
      expect(places.length).toBeGreaterThan(40);
      expect(wrong).toEqual([]);
      expect(listed.length).toBeGreaterThanOrEqual(tried.length);
    },
    8 * MINUTES,
  );
});

describe("a fault at any AWS call of a reply's way", () => {
  it(
    "keeps the reply once, asks staff once, and answers once at most",
    async () => {
      const reply = (patient: TestPatient) =>
        expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "Can I come at 3?" }));
      const places = await placesOf(["receive-text"], async () => reply(await consentingPatient(host)));
      const tried: { place: Place; patient: TestPatient }[] = [];
      for (const place of places) {
        const patient = await nextPatient();
        await disturbed(place, () => reply(patient));
        tried.push({ place, patient });
      }
      await recover();

      const tasks = await openTasks();
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
      expect(places.length).toBeGreaterThan(30);
      expect(wrong).toEqual([]);
    },
    8 * MINUTES,
  );
});

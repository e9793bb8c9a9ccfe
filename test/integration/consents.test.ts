import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PURPOSES } from "#shared/domain/words.ts";
import type { HostAnswer, LocalHost } from "../support/host.ts";
import {
  alertOf,
  consentingPatient,
  decide,
  expecting,
  openLink,
  postMessage,
  registerPatient,
  sendEmailedLink,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";

const ONE_CLICK = { "List-Unsubscribe": "One-Click" };
/** An alert that was held because sending is off has been tried again by then. */
const HELD_SECONDS_MAX = 1800;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

type Stated = { readonly purpose: string; readonly channel: string; readonly decision: string };

async function statesOf({ id }: TestPatient): Promise<readonly Stated[]> {
  const { state } = await expecting(200, host.api("GET", `/patients/${id}/consents`, undefined, "frontdesk"));
  return state as readonly Stated[];
}

async function now(): Promise<string> {
  return String((await expecting(200, host.local("GET", "/clock")))["now"]);
}

async function ask({ id }: TestPatient, purpose = "portal"): Promise<HostAnswer> {
  const body = { purpose, permission: { how: "At check-in, verbally", when: await now() } };
  return host.api("POST", `/patients/${id}/consent-requests`, body, "frontdesk");
}

async function switchSending(sending: boolean): Promise<void> {
  await expecting(200, host.api("PUT", "/practice/switches", { sending, portal: true }, "admin"));
}

/** What functions were refused by their own roles so far. */
async function denials(): Promise<readonly unknown[]> {
  const { items } = await expecting(200, host.local("GET", "/calls"));
  return (items as readonly { readonly allowed: boolean }[]).filter(({ allowed }) => !allowed);
}

describe("the opt-in question", () => {
  it("reaches the phone once, grants nothing by itself, and YES grants what was asked", async () => {
    const patient = await registerPatient(host);

    const { status, body } = await ask(patient);
    await host.settled();
    const again = await ask(patient, "scheduling");
    await host.settled();

    expect({ status, body }).toMatchObject({ status: 202, body: { alert: { status: "queued" } } });
    const texts = await host.texts(patient.mobilePhone);
    expect(texts).toHaveLength(1);
    expect(texts[0]?.body).toMatch(/reply YES/);
    expect(await statesOf(patient)).toEqual([]);
    expect(again.status).toBe(429);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(29 * 24 * 60 * 60);
    expect((await postMessage(host, patient)).status).toBe(409);

    await expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "YES" }));
    await host.settled();

    expect(await statesOf(patient)).toEqual([
      expect.objectContaining({ purpose: "portal", decision: "granted" }),
    ]);
  });
});

describe("an opt-out that staff record", () => {
  it("ends every text at once, also one whose alert waits", async () => {
    const patient = await consentingPatient(host);
    await decide(host, patient, "granted", "billing");
    await switchSending(false);
    const message = await sendMessage(host, patient);
    await host.settled();
    const body = { channel: "all", method: "verbal", evidence: "Voicemail of today" };

    const { revoked } = await expecting(
      201,
      host.api("POST", `/patients/${patient.id}/opt-outs`, body, "frontdesk"),
    );

    expect(revoked).toHaveLength(2);
    // E-mails, of which nothing was agreed to, are on record as unwelcome too.
    expect(
      (await statesOf(patient)).map(({ channel, decision }) => `${channel} ${decision}`).toSorted(),
    ).toEqual(["email revoked", "sms revoked", "sms revoked"]);
    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "consent_revoked" },
    });
    await switchSending(true);
    await host.advance(HELD_SECONDS_MAX);
    await host.settled();
    expect(await host.texts(patient.mobilePhone)).toEqual([]);
    expect(await alertOf(host, message)).toMatchObject({ status: "blocked", reason: "consent_revoked" });
  });
});

describe("a number that has stopped all texts", () => {
  it("takes them again once staff record that its patient wants them, and is told so", async () => {
    const patient = await consentingPatient(host);
    await expecting(202, host.local("POST", "/texts", { from: patient.mobilePhone, body: "STOP" }));
    await host.settled();
    const stopped = await statesOf(patient);
    const refused = await ask(patient, "billing");

    await decide(host, patient, "granted");
    await host.settled();
    await sendMessage(host, patient);
    await host.settled();

    expect(stopped).toEqual([expect.objectContaining({ decision: "revoked" })]);
    expect(refused).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
    const bodies = (await host.texts(patient.mobilePhone)).map(({ body }) => body);
    expect(bodies).toEqual([
      expect.stringContaining("no more texts"),
      expect.stringContaining("texts again"),
      expect.stringContaining("new message"),
    ]);
  });
});

describe("a new number", () => {
  it("suspends what was agreed to for the old one until it is confirmed", async () => {
    const patient = await consentingPatient(host);
    const path = `/patients/${patient.id}`;

    await expecting(200, host.api("PATCH", path, { mobilePhone: "+12065550990" }, "frontdesk"));
    const suspended = await statesOf(patient);
    const refused = await postMessage(host, patient);
    await decide(host, patient, "granted");
    await sendMessage(host, patient);
    await host.settled();

    expect(suspended).toEqual([expect.objectContaining({ decision: "granted", suspended: true })]);
    expect(refused).toMatchObject({ status: 409, body: { code: "consent_required" } });
    expect(await host.texts(patient.mobilePhone)).toEqual([]);
    expect(await host.texts("+12065550990")).toHaveLength(1);
  });
});

describe("the portal", () => {
  it("stops all texts of a patient in an open session, and says so", async () => {
    const patient = await consentingPatient(host);
    await decide(host, patient, "granted", "scheduling");
    const link = await sendLink(host, patient);
    const { answer, threadPath } = await openLink(host, patient, link);
    const preferences = `${new URL(link).pathname}/preferences`;

    const without = await host.portal(preferences, { stopTexts: "yes" });
    const before = await statesOf(patient);
    const stopped = await host.portal(preferences, { stopTexts: "yes" }, answer.cookies);
    const page = await host.portal(threadPath, undefined, answer.cookies);

    expect(without.status).toBe(303);
    expect(before.map(({ decision }) => decision)).toEqual(["granted", "granted"]);
    expect(stopped.status).toBe(303);
    expect(stopped.headers.get("location")).toMatch(/\/thread#texts$/);
    expect(page.html).toContain("We do not text you.");
    expect((await statesOf(patient)).map(({ decision }) => decision)).toEqual(PURPOSES.map(() => "revoked"));
    expect((await postMessage(host, patient)).status).toBe(409);
  });

  it("takes a mail client's one-click request, and says the same to the link of a text or a forged one", async () => {
    const email = "given.family@example.com";
    const patient = await consentingPatient(host, { email });
    const ofText = `${await sendLink(host, patient)}/unsubscribe`;
    const address = `${await sendEmailedLink(host, patient, email)}/unsubscribe`;
    const forged = address.replace(/[^/]+\/unsubscribe$/u, "forged/unsubscribe");

    const page = await host.portal(address);
    const byText = await host.portal(ofText, ONE_CLICK);
    const before = await statesOf(patient);
    const answers = [await host.portal(address, ONE_CLICK), await host.portal(forged, ONE_CLICK)];

    expect(page.html).toContain('value="One-Click"');
    expect(before).toContainEqual(expect.objectContaining({ channel: "email", decision: "granted" }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.html).toBe(answers[1]?.html);
    expect(answers[0]?.html).toBe(byText.html);
    const after = await statesOf(patient);
    expect(after).toContainEqual(expect.objectContaining({ channel: "email", decision: "revoked" }));
    expect(after).toContainEqual(expect.objectContaining({ channel: "sms", decision: "granted" }));
  });
});

describe("everything above", () => {
  it("was within what each function may do", async () => {
    expect(await denials()).toEqual([]);
  });
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExportedEntry, entriesOf } from "../support/audit-export.ts";
import type { HostText, LocalHost, PortalAnswer } from "../support/host.ts";
import {
  alertOf,
  askForCode,
  codeIn,
  consentingPatient,
  decide,
  expecting,
  linkIn,
  moveToHour,
  newestText,
  openLink,
  postMessage,
  registerPatient,
  sendLink,
  sendMessage,
  startPractice,
  type TestMessage,
  type TestPatient,
  wrongCode,
} from "../support/practice.ts";

const WRONG_DATE = "1980-04-13";
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

const actionsOf = async (patient: TestPatient, prefix = "") =>
  (await entriesOf(host, patient.id)).filter(({ action }) => action.startsWith(prefix));

const names = (entries: readonly ExportedEntry[]) => entries.map(({ action }) => action);

/** The carrier reports of a text, by the event destination and by the event bus. */
async function report(text: Pick<HostText, "id">, eventType: string): Promise<void> {
  await expecting(202, host.local("POST", `/texts/${text.id}/events`, { eventType }));
  await host.settled();
}

async function sentMessage(): Promise<{
  readonly patient: TestPatient;
  readonly message: TestMessage;
  readonly text: HostText;
}> {
  const patient = await consentingPatient(host);
  const message = await sendMessage(host, patient);
  return { patient, message, text: await newestText(host, patient) };
}

/** True of the page that every link shows first, and that says nothing of why it does not open. */
const isNeutral = ({ status, html, cookies }: PortalAnswer) => {
  expect(status).toBe(200);
  expect(html).toContain('name="birthDate"');
  expect(html).not.toContain('name="code"');
  expect(cookies).toEqual([]);
};

const tryDate = (link: string, birthDate: string) => host.portal(link, { birthDate });

describe("what the carrier reports", () => {
  it.each([
    ["TEXT_INVALID", "invalid_number"],
    ["TEXT_UNREACHABLE", "unreachable"],
    ["TEXT_CARRIER_UNREACHABLE", "carrier_unreachable"],
    ["TEXT_BLOCKED", "blocked"],
    ["TEXT_CARRIER_BLOCKED", "carrier_blocked"],
    ["TEXT_SPAM", "spam"],
    ["TEXT_TTL_EXPIRED", "expired"],
    ["TEXT_PROTECT_BLOCKED", "protect_blocked"],
  ])("%s is a failure, and staff see that it is %s", async (eventType, reason) => {
    const { message, text } = await sentMessage();
    expect(await alertOf(host, message)).toMatchObject({ status: "sent", reason: null });

    await report(text, eventType);

    expect(await alertOf(host, message)).toMatchObject({ status: "failed", reason });
  });

  it("is believed once, though it comes by two ways, and again, and too late", async () => {
    const { patient, message, text } = await sentMessage();

    for (const eventType of ["TEXT_UNREACHABLE", "TEXT_UNREACHABLE", "TEXT_PENDING", "TEXT_BLOCKED"])
      await report(text, eventType);

    expect(await alertOf(host, message)).toMatchObject({ status: "failed", reason: "unreachable" });
    expect(names(await actionsOf(patient, "alert."))).toEqual([
      "alert.claimed",
      "alert.sent",
      "alert.failed",
    ]);
  });

  it("is delivery where success comes after failure, and no failure comes after success", async () => {
    const { message, text } = await sentMessage();

    await report(text, "TEXT_UNREACHABLE");
    await report(text, "TEXT_DELIVERED");
    expect(await alertOf(host, message)).toMatchObject({ status: "delivered", reason: null });

    await report(text, "TEXT_UNKNOWN");
    await report(text, "TEXT_BLOCKED");
    expect(await alertOf(host, message)).toMatchObject({ status: "delivered", reason: null });
  });

  it("comes by itself in time", async () => {
    const { message } = await sentMessage();

    await host.advance(MINUTE_SECONDS);

    expect(await alertOf(host, message)).toMatchObject({ status: "delivered" });
  });

  it("changes nothing for a link that was opened", async () => {
    const { patient, message, text } = await sentMessage();
    await openLink(host, patient, linkIn(text));

    await report(text, "TEXT_DELIVERED");
    await report(text, "TEXT_BLOCKED");

    expect(await alertOf(host, message)).toMatchObject({ status: "opened", reason: null });
  });

  it("never brings a second text", async () => {
    const { patient, text } = await sentMessage();

    for (const eventType of ["TEXT_TTL_EXPIRED", "TEXT_UNKNOWN", "TEXT_QUEUED"])
      await report(text, eventType);
    await host.advance(2 * HOUR_SECONDS);

    expect(await host.texts(patient.mobilePhone)).toHaveLength(1);
  });
});

describe("a patient who may not be texted", () => {
  it("has changed the number since the consent", async () => {
    const patient = await consentingPatient(host);
    await expecting(
      200,
      host.api("PATCH", `/patients/${patient.id}`, { mobilePhone: "+12065558001" }, "frontdesk"),
    );

    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "consent_required" },
    });
    await host.settled();
    expect(await host.texts("+12065558001")).toEqual([]);

    await decide(host, patient, "granted");
    await sendMessage(host, patient);
    await host.settled();
    expect(await host.texts("+12065558001")).toHaveLength(1);
    expect(await host.texts(patient.mobilePhone)).toEqual([]);
  });

  it("has revoked the consent", async () => {
    const patient = await consentingPatient(host);
    await decide(host, patient, "revoked");

    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "consent_revoked" },
    });
    expect(await actionsOf(patient, "message.")).toMatchObject([
      { action: "message.refused", details: { reason: "consent_revoked" } },
    ]);
  });

  it("has agreed to texts of another purpose", async () => {
    const patient = await consentingPatient(host);

    expect(await postMessage(host, patient, { purpose: "billing" })).toMatchObject({
      status: 409,
      body: { code: "consent_required" },
    });
  });

  it.each([
    ["never to be texted", { neverText: true }],
    ["never to be texted about this", { neverAbout: ["portal"] }],
  ])("has asked %s", async (_name, constraints) => {
    const patient = await consentingPatient(host, { constraints });

    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "constraint_violation" },
    });
    expect(await postMessage(host, patient, { deliver: "portal-only" })).toMatchObject({ status: 202 });
    await host.settled();
    expect(await host.texts(patient.mobilePhone)).toEqual([]);
  });

  it("has no number", async () => {
    const { id } = await expecting(
      201,
      host.api(
        "POST",
        "/patients",
        { externalId: "MRN-none", givenName: "Given", familyName: "Family", birthDate: "1980-04-12" },
        "frontdesk",
      ),
    );

    await expect(decide(host, { id: String(id) }, "granted")).rejects.toThrow(/422 .*unprocessable/u);
    expect(await postMessage(host, { id: String(id) })).toMatchObject({
      status: 409,
      body: { code: "consent_required" },
    });
  });

  it("is any patient while the vendor's agreement has ended", async () => {
    const patient = await consentingPatient(host);
    const agreement = (dates: object) => expecting(200, host.api("PUT", "/vendors/aws", dates, "compliance"));
    await agreement({ baaSignedOn: "2024-01-15", baaEndsOn: "2025-01-15" });

    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "vendor_without_baa" },
    });
    await agreement({ baaSignedOn: null });
    expect(await postMessage(host, patient)).toMatchObject({
      status: 409,
      body: { code: "vendor_without_baa" },
    });
    await agreement({ baaSignedOn: "2026-01-15" });
    expect(await postMessage(host, patient)).toMatchObject({ status: 202 });
  });
});

describe("an alert between acceptance and sending", () => {
  const switchSending = (sending: boolean) =>
    expecting(200, host.api("PUT", "/practice/switches", { sending, portal: true }, "admin"));

  it("is held while sending is switched off, and leaves after it is on again", async () => {
    const patient = await consentingPatient(host);
    await switchSending(false);
    const message = await sendMessage(host, patient);
    await host.settled();

    expect(await alertOf(host, message)).toMatchObject({ status: "deferred", reason: "sending_off" });
    await host.advance(HOUR_SECONDS);
    expect(await host.texts(patient.mobilePhone)).toEqual([]);

    await switchSending(true);
    await host.advance(16 * MINUTE_SECONDS);
    expect(await host.texts(patient.mobilePhone)).toHaveLength(1);
    expect((await alertOf(host, message)).status).toMatch(/^(?:sent|delivered)$/u);
  });

  /** Holds an alert, changes something, and lets alerts go again. */
  async function heldWhile(change: (patient: TestPatient, message: TestMessage) => Promise<unknown>) {
    const patient = await consentingPatient(host);
    await switchSending(false);
    const message = await sendMessage(host, patient);
    await host.settled();
    await change(patient, message);
    await switchSending(true);
    await host.advance(16 * MINUTE_SECONDS);
    return { patient, message };
  }

  const changes: readonly (readonly [
    string,
    string,
    (patient: TestPatient, message: TestMessage) => Promise<unknown>,
  ])[] = [
    ["consent was revoked", "consent_revoked", (patient) => decide(host, patient, "revoked")],
    [
      "the number has changed",
      "consent_required",
      (patient) =>
        expecting(
          200,
          host.api("PATCH", `/patients/${patient.id}`, { mobilePhone: "+12065558002" }, "frontdesk"),
        ),
    ],
    [
      "the patient has asked not to be texted",
      "constraint_violation",
      (patient) =>
        expecting(
          200,
          host.api("PATCH", `/patients/${patient.id}`, { constraints: { neverText: true } }, "frontdesk"),
        ),
    ],
    [
      "the message was revoked",
      "revoked",
      (_patient, { id }) =>
        expecting(204, host.api("POST", `/messages/${id}/revocation`, { reason: "Error" }, "clinician")),
    ],
  ];

  it.each(changes)("never leaves once %s", async (_name, reason, change) => {
    const { patient, message } = await heldWhile(change);

    expect(await host.texts(patient.mobilePhone)).toEqual([]);
    expect(await alertOf(host, message)).toMatchObject({ status: "blocked", reason });
  });

  it("never leaves once the message has expired", async () => {
    const patient = await consentingPatient(host);
    await switchSending(false);
    const { now } = await expecting(200, host.local("GET", "/clock"));
    const expiresAt = new Date(Date.parse(String(now)) + 10 * MINUTE_SECONDS * 1000).toISOString();
    const message = await sendMessage(host, patient, { expiresAt });
    await host.settled();
    await switchSending(true);
    await host.advance(16 * MINUTE_SECONDS);

    expect(await host.texts(patient.mobilePhone)).toEqual([]);
    expect(await alertOf(host, message)).toMatchObject({ status: "blocked", reason: "expired" });
  });

  it("never leaves after a revocation that was accepted before it, however close they are", async () => {
    const patients: TestPatient[] = [];
    for (let count = 0; count < 12; count += 1) patients.push(await consentingPatient(host));

    await Promise.all(
      patients.map(async (patient) => {
        await sendMessage(host, patient);
        await decide(host, patient, "revoked");
      }),
    );
    await host.settled();
    await host.advance(MINUTE_SECONDS);
    await host.advance(16 * MINUTE_SECONDS);

    for (const patient of patients) {
      const actions = names(await actionsOf(patient));
      const revoked = actions.indexOf("consent.revoked");
      expect(revoked).toBeGreaterThan(0);
      expect(actions.slice(revoked)).not.toContain("alert.claimed");
      const claimed = actions.includes("alert.claimed");
      expect(await host.texts(patient.mobilePhone)).toHaveLength(claimed ? 1 : 0);
    }
  });
});

describe("calls that come at once", () => {
  const AT_ONCE = 15;
  const atOnce = <Value>(act: (index: number) => Promise<Value>): Promise<readonly Value[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, (_each, index) => act(index)));
  const statuses = (answers: readonly { readonly status: number }[]) =>
    answers.map(({ status }) => status).toSorted((one, other) => one - other);

  it("are all accepted in one thread, each once", async () => {
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient);

    const answers = await atOnce(() => postMessage(host, patient, { threadId, deliver: "portal-only" }));

    expect(statuses(answers)).toEqual(answers.map(() => 202));
    expect(await actionsOf(patient, "message.accepted")).toHaveLength(AT_ONCE + 1);
  });

  it("are one message under one key, with one text", async () => {
    const patient = await consentingPatient(host);
    const body = { patientId: patient.id, purpose: "portal", body: "Metformin" };
    const key = { "Idempotency-Key": "at-once" };

    const answers = await atOnce(() => host.api("POST", "/messages", body, "clinician", key));
    await host.settled();

    const accepted = answers.filter(({ status }) => status === 202);
    const others = answers.filter(({ status }) => status !== 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(new Set(accepted.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    for (const other of others)
      expect(other).toMatchObject({ status: 409, body: { code: "request_in_progress" } });
    expect(await host.texts(patient.mobilePhone)).toHaveLength(1);
  });

  it("register one patient of one record number", async () => {
    const body = {
      externalId: "MRN-once",
      givenName: "Given",
      familyName: "Family",
      birthDate: "1980-04-12",
    };

    const answers = await atOnce(() => host.api("POST", "/patients", body, "frontdesk"));

    expect(statuses(answers)).toEqual([201, ...Array.from({ length: AT_ONCE - 1 }, () => 409)]);
  });
});

describe("a link", () => {
  it("dies of five misses, and says nothing of it", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);

    for (let count = 0; count < 5; count += 1) isNeutral(await tryDate(link, WRONG_DATE));
    isNeutral(await tryDate(link, patient.birthDate));

    expect(names(await actionsOf(patient, "proof."))).toHaveLength(4);
    expect(names(await actionsOf(patient, "link."))).toEqual(["link.died"]);
    expect(await host.texts(patient.mobilePhone)).toHaveLength(1);
  });

  it("dies of no more than five misses that come at once", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);

    await Promise.all(Array.from({ length: 12 }, () => tryDate(link, WRONG_DATE)));

    isNeutral(await tryDate(link, patient.birthDate));
    expect(names(await actionsOf(patient, "proof."))).toHaveLength(4);
  });

  it("counts a wrong code as a miss", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, text } = await askForCode(host, patient, link);

    for (let count = 0; count < 5; count += 1)
      expect((await host.portal(link, { code: wrongCode(text) }, page.cookies)).cookies).toEqual([]);

    isNeutral(await host.portal(link, { birthDate: patient.birthDate, code: codeIn(text) }, page.cookies));
  });

  it("does not open with the code alone, nor with the code of another link", async () => {
    const patient = await consentingPatient(host);
    const first = await sendLink(host, patient);
    const second = await sendLink(host, patient);
    const { text } = await askForCode(host, patient, first);

    isNeutral(await host.portal(first, { code: codeIn(text) }));
    const elsewhere = await host.portal(second, { birthDate: patient.birthDate, code: codeIn(text) });
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.html).not.toContain("metformin");
  });

  it("takes a code once", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { answer } = await openLink(host, patient, link);
    expect(answer.status).toBe(303);
    const used = codeIn(await newestText(host, patient));

    const again = await host.portal(link, { birthDate: patient.birthDate, code: used });

    expect(again.status).toBe(200);
    expect(again.cookies.join()).not.toContain("__Host-session=");
  });

  it("takes a code for ten minutes", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { text } = await askForCode(host, patient, link);
    await host.advance(10 * MINUTE_SECONDS + 1);

    const late = await host.portal(link, { birthDate: patient.birthDate, code: codeIn(text) });

    expect(late.status).toBe(200);
    expect(late.cookies.join()).not.toContain("__Host-session=");
  });

  it("sends a new code when asked, no sooner than a minute after the last, and the old one is over", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, text } = await askForCode(host, patient, link);

    await host.portal(link, { newCode: "1" }, page.cookies);
    expect((await newestText(host, patient)).id).toBe(text.id);
    await host.advance(MINUTE_SECONDS + 1);
    await host.portal(link, { newCode: "1" }, page.cookies);
    const newer = await newestText(host, patient);

    expect(newer.id).not.toBe(text.id);
    if (codeIn(newer) !== codeIn(text))
      expect((await host.portal(link, { code: codeIn(text) }, page.cookies)).status).toBe(200);
    expect((await host.portal(link, { code: codeIn(newer) }, page.cookies)).status).toBe(303);
  });

  it("dies with its message's revocation, and so does the session that it opened", async () => {
    const patient = await consentingPatient(host);
    const message = await sendMessage(host, patient);
    const link = linkIn(await newestText(host, patient));
    const { answer, threadPath } = await openLink(host, patient, link);
    expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(200);
    const path = `/messages/${message.id}/revocation`;
    await expecting(204, host.api("POST", path, { reason: "Sent in error" }, "frontdesk"));

    isNeutral(await tryDate(link, patient.birthDate));
    expect((await host.portal(threadPath, undefined, answer.cookies)).html).not.toContain("metformin");
  });

  it("opens nothing while the portal is switched off", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { answer, threadPath } = await openLink(host, patient, link);
    const turn = (portal: boolean) =>
      expecting(200, host.api("PUT", "/practice/switches", { sending: true, portal }, "admin"));

    await turn(false);
    isNeutral(await tryDate(link, patient.birthDate));
    expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(303);
    await turn(true);
    expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(200);
  });

  it("leads into a session that ends after ten minutes without use", async () => {
    const patient = await consentingPatient(host);
    const { answer, threadPath } = await openLink(host, patient, await sendLink(host, patient));

    await host.advance(9 * MINUTE_SECONDS);
    expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(200);
    await host.advance(10 * MINUTE_SECONDS + 1);
    expect((await host.portal(threadPath, undefined, answer.cookies)).status).toBe(303);
  });

  it("opens content of tier 1 by itself, and of tier 2 with the date of birth", async () => {
    const patient = await registerPatient(host);
    await decide(host, patient, "granted", "scheduling");
    const administrative = await sendLink(host, patient, {
      purpose: "scheduling",
      body: "Our office is closed on Friday.",
    });
    const opened = await host.portal(administrative, {});
    expect(opened.status).toBe(303);

    const other = await registerPatient(host);
    await decide(host, other, "granted", "scheduling");
    const raised = await sendLink(host, other, {
      purpose: "scheduling",
      body: "Our office is closed on Friday.",
      minimumTier: 2,
    });
    isNeutral(await host.portal(raised, {}));
    expect((await tryDate(raised, other.birthDate)).status).toBe(303);
  });

  it("dies with all others of the patient after ten misses in a day, until the next day", async () => {
    await moveToHour(host, 16);
    const patient = await consentingPatient(host);
    const links = [
      await sendLink(host, patient),
      await sendLink(host, patient),
      await sendLink(host, patient),
    ];
    for (const link of links.slice(0, 2)) {
      for (let count = 0; count < 5; count += 1) await tryDate(link, WRONG_DATE);
    }

    const last = links[2] ?? "";
    isNeutral(await tryDate(last, patient.birthDate));
    await moveToHour(host, 16);
    expect((await tryDate(last, patient.birthDate)).html).toContain('name="code"');
  });

  it("is over after 72 hours", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);

    await host.advance(71 * HOUR_SECONDS);
    expect((await tryDate(link, patient.birthDate)).html).toContain('name="code"');
    await host.advance(HOUR_SECONDS + 1);
    isNeutral(await tryDate(link, patient.birthDate));
  });
});

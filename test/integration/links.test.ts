import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stageSettings } from "#infra/stages.ts";
import { createApp } from "#infra/synth.ts";
import { entriesOf } from "../support/audit-export.ts";
import { type LocalHost, type PortalAnswer, sharedTemplate } from "../support/host.ts";
import {
  alertOf,
  consentingPatient,
  decide,
  emailTo,
  expecting,
  linkIn,
  newestText,
  openLink,
  sendEmailedLink,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { exportedItems } from "../support/table-export.ts";
import type { PlainTemplate } from "../support/template-copy.ts";

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const FORGED = 2_000;
const AT_ONCE = 20;
/** A slow machine answers fewer a second than the throttle lets pass. */
const FORGED_TIMEOUT_MS = 240_000;

/** What nobody minds: opened by date of birth. */
const HARMLESS = { body: "A form is waiting for you", minimumTier: 2 };

const tokenIn = (link: string): string => new URL(link).pathname.split("/").at(-1) ?? "";
const keyIdOf = (link: string): number | undefined => Buffer.from(tokenIn(link), "base64url")[1];

/** What the portal does with the right date of birth. */
const prove = (host: LocalHost, patient: TestPatient, link: string): Promise<PortalAnswer> =>
  host.portal(link, { birthDate: patient.birthDate });

/** The thread behind a link that the right date of birth opens. */
async function openThread(host: LocalHost, patient: TestPatient, link: string) {
  const answer = await prove(host, patient, link);
  expect(answer.status).toBe(303);
  const read = () => host.portal(`${link}/thread`, undefined, answer.cookies);
  expect((await read()).status).toBe(200);
  return { read };
}

/** Everything of an answer that a stranger can see, but what any answer has of its own. */
function seen({ status, headers, html, cookies }: PortalAnswer) {
  const own = ["date", "connection", "keep-alive", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"];
  return { status, html, cookies, headers: [...headers].filter(([name]) => !own.includes(name)) };
}

async function linesWith(host: LocalHost, code: string): Promise<number> {
  const { items } = await expecting(200, host.local("GET", "/logs"));
  return (items as readonly unknown[]).filter((line) => JSON.stringify(line).includes(code)).length;
}

describe("links", () => {
  let host: LocalHost;
  beforeAll(async () => {
    host = await startPractice();
  });
  afterAll(() => host.stop());

  it("end after 72 hours, and a session that is open then goes on", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, HARMLESS);
    // Nobody is told again of what was read; a nudge would bring a newer link.
    await openThread(host, patient, link);
    await host.advance(3 * DAY_SECONDS - 300);
    const { read } = await openThread(host, patient, link);

    await host.advance(301);

    expect((await prove(host, patient, link)).status).toBe(200);
    expect((await read()).status).toBe(200);
  });

  it("are superseded by a newer one of their thread and by no other; an open session survives", async () => {
    const patient = await consentingPatient(host);
    const { id, threadId } = await sendMessage(host, patient, HARMLESS);
    const first = linkIn(await newestText(host, patient));
    const { read } = await openThread(host, patient, first);
    const elsewhere = await sendLink(host, patient, HARMLESS);
    await openThread(host, patient, first);

    const second = await sendLink(host, patient, { ...HARMLESS, threadId });

    expect((await prove(host, patient, first)).status).toBe(200);
    expect((await read()).status).toBe(200);
    await openThread(host, patient, second);
    await openThread(host, patient, elsewhere);

    await expecting(202, host.api("POST", `/messages/${id}/alerts`, {}, "frontdesk"));
    const third = linkIn(await newestText(host, patient));
    expect((await prove(host, patient, second)).status).toBe(200);
    await openThread(host, patient, third);
  });

  describe("are killed, with the sessions that they opened,", () => {
    const revoke = (body: unknown, user: "admin" | "frontdesk" = "admin") =>
      host.api("POST", "/link-revocations", body, user);

    /** A patient with an open session, and one of another sender. */
    async function aScene() {
      const patient = await consentingPatient(host);
      const other = await consentingPatient(host);
      const message = await sendMessage(host, patient, HARMLESS);
      const link = linkIn(await newestText(host, patient));
      const { sender } = await expecting(200, host.api("GET", `/messages/${message.id}`, undefined, "admin"));
      const { status } = await host.api(
        "POST",
        "/messages",
        { patientId: other.id, purpose: "portal", ...HARMLESS },
        "frontdesk",
        { "Idempotency-Key": randomBytes(8).toString("hex") },
      );
      expect(status).toBe(202);
      const otherLink = linkIn(await newestText(host, other));
      return {
        patient,
        other,
        message,
        link,
        otherLink,
        sender,
        session: await openThread(host, patient, link),
        otherSession: await openThread(host, other, otherLink),
      };
    }

    it("by message", async () => {
      const { patient, message, link, session, otherSession } = await aScene();
      const revocation = { reason: "Sent to the wrong thread" };

      await expecting(204, host.api("POST", `/messages/${message.id}/revocation`, revocation, "frontdesk"));

      expect((await session.read()).status).toBe(303);
      expect((await prove(host, patient, link)).status).toBe(200);
      expect((await otherSession.read()).status).toBe(200);
    });

    it("by patient", async () => {
      const { patient, link, session, otherSession } = await aScene();
      const body = { scope: "patient", patientId: patient.id, reason: "device-lost" };

      await expecting(204, revoke(body, "frontdesk"));

      expect((await session.read()).status).toBe(303);
      expect((await prove(host, patient, link)).status).toBe(200);
      expect((await otherSession.read()).status).toBe(200);
      const [entry] = (await entriesOf(host, patient.id)).slice(-1);
      expect(entry).toMatchObject({
        action: "links.revoked",
        role: "frontdesk",
        details: { scope: "patient", reason: "device-lost" },
      });
      await openThread(host, patient, await sendLink(host, patient, HARMLESS));
    });

    it("by sender", async () => {
      const { patient, link, session, otherSession, sender } = await aScene();

      await expecting(204, revoke({ scope: "sender", sender, reason: "account-misused" }));

      expect((await session.read()).status).toBe(303);
      expect((await prove(host, patient, link)).status).toBe(200);
      expect((await otherSession.read()).status).toBe(200);
    });

    it("all at once", async () => {
      const { patient, link, otherLink, other, session, otherSession } = await aScene();

      await expecting(204, revoke({ scope: "practice", reason: "incident" }));

      for (const { read } of [session, otherSession]) expect((await read()).status).toBe(303);
      expect((await prove(host, patient, link)).status).toBe(200);
      expect((await prove(host, other, otherLink)).status).toBe(200);
      await openThread(host, patient, await sendLink(host, patient, HARMLESS));
    });

    it("and what has not left yet does not leave: a person is asked to call", async () => {
      const patient = await consentingPatient(host);
      await expecting(200, host.api("PUT", "/practice/switches", { sending: false, portal: true }, "admin"));
      const message = await sendMessage(host, patient, HARMLESS);
      await host.settled();
      expect(await alertOf(host, message)).toMatchObject({ status: "deferred", reason: "sending_off" });

      await expecting(204, revoke({ scope: "practice", reason: "incident" }));
      await expecting(200, host.api("PUT", "/practice/switches", { sending: true, portal: true }, "admin"));
      await host.advance(HOUR_SECONDS);
      await host.settled();

      expect(await alertOf(host, message)).toMatchObject({ status: "blocked", reason: "links_revoked" });
      expect(await host.texts(patient.mobilePhone)).toEqual([]);
      const { items } = await expecting(200, host.api("GET", "/tasks?kind=call", undefined, "frontdesk"));
      expect(items).toContainEqual(expect.objectContaining({ messageId: message.id }));
    });

    it("by those who may: a sender's and all of them only by administrators", async () => {
      expect((await revoke({ scope: "practice", reason: "incident" }, "frontdesk")).status).toBe(403);
      const sender = { scope: "sender", sender: "staff_x", reason: "incident" };
      expect((await revoke(sender, "frontdesk")).status).toBe(403);
      const body = { scope: "patient", patientId: "pat_00000000000000000000000000", reason: "other" };
      expect((await revoke(body)).status).toBe(404);
      expect((await revoke({ ...body, reason: "Her phone was stolen" })).status).toBe(400);
      expect((await host.api("POST", "/link-revocations", body, "compliance")).status).toBe(403);
    });

    it("once for an idempotency key", async () => {
      const patient = await consentingPatient(host);
      const body = { scope: "patient", patientId: patient.id, reason: "patient-request" };
      const key = { "Idempotency-Key": randomBytes(8).toString("hex") };
      const again = () => host.api("POST", "/link-revocations", body, "admin", key);
      await expecting(204, again());
      const link = await sendLink(host, patient, HARMLESS);

      await expecting(204, again());

      await openThread(host, patient, link);
      const conflict = await host.api(
        "POST",
        "/link-revocations",
        { ...body, reason: "other" },
        "admin",
        key,
      );
      expect(conflict.status).toBe(409);
    });
  });

  describe("are asked for by patients", () => {
    it("with one that is over, superseded or dead: the number on file gets one that opens", async () => {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient, HARMLESS);
      await host.advance(4 * DAY_SECONDS);
      const before = (await host.texts(patient.mobilePhone)).length;

      const answer = await host.portal(`${link}/new-link`, {});

      expect(answer.status).toBe(200);
      const text = await newestText(host, patient);
      expect(await host.texts(patient.mobilePhone)).toHaveLength(before + 1);
      expect(linkIn(text)).not.toBe(link);
      await openThread(host, patient, linkIn(text));
      expect((await entriesOf(host, patient.id)).map(({ action, actor }) => [action, actor])).toContainEqual([
        "alert.requested",
        `patient:${patient.id}`,
      ]);
    });

    it("three times an hour, over whatever link, and are told nothing of it", async () => {
      const patient = await consentingPatient(host);
      const first = await sendLink(host, patient, HARMLESS);
      const second = await sendLink(host, patient, HARMLESS);
      const before = (await host.texts(patient.mobilePhone)).length;
      const idle = await linesWith(host, "NEW_LINK_NOT_ASKED");

      const answers: PortalAnswer[] = [];
      for (const link of [first, second, first, second, first]) {
        answers.push(await host.portal(`${link}/new-link`, {}));
      }
      const forged = await host.portal(`/m/${randomBytes(33).toString("base64url")}/new-link`, {});

      await host.settled();
      expect((await host.texts(patient.mobilePhone)).length).toBeLessThanOrEqual(before + 3);
      const asked = (await entriesOf(host, patient.id)).filter(({ action }) => action === "alert.requested");
      expect(asked).toHaveLength(3);
      for (const answer of answers) expect(seen(answer)).toEqual(seen(forged));
      expect(await linesWith(host, "NEW_LINK_NOT_ASKED")).toBe(idle + 3);
    });

    it("in vain where consent ended, links were revoked or the day's wrong proofs are used up", async () => {
      const patients = await Promise.all([1, 2, 3].map(() => consentingPatient(host)));
      const links: string[] = [];
      for (const patient of patients) links.push(await sendLink(host, patient, HARMLESS));
      const [without, revoked, guessed] = patients as [TestPatient, TestPatient, TestPatient];
      await decide(host, without, "revoked");
      const body = { scope: "patient", patientId: revoked.id, reason: "device-lost" };
      await expecting(204, host.api("POST", "/link-revocations", body, "admin"));
      const more = await sendLink(host, guessed, HARMLESS);
      for (const link of [links[2] ?? "", more]) {
        for (let miss = 0; miss < 5; miss += 1) await host.portal(link, { birthDate: "1999-01-01" });
      }
      const before = (await host.texts()).length;

      for (const link of links) expect((await host.portal(`${link}/new-link`, {})).status).toBe(200);

      await host.settled();
      expect(await host.texts()).toHaveLength(before);
    });
  });

  it("end when a text finds no such number, and the e-mail in its place still opens", async () => {
    const email = "moved@practice.example";
    const patient = await consentingPatient(host, { email });
    const old = await sendLink(host, patient, HARMLESS);
    const { read } = await openThread(host, patient, old);

    const emailed = await sendEmailedLink(host, patient, email);

    expect((await read()).status).toBe(303);
    expect((await prove(host, patient, old)).status).toBe(200);
    // No text reaches the number, so no code either; the date of birth is still taken.
    expect((await prove(host, patient, emailed)).html).toContain('name="code"');
  });

  it("end when an e-mail bounces for good", async () => {
    const email = "gone@practice.example";
    const patient = await consentingPatient(host, { email });
    await sendEmailedLink(host, patient, email);
    const { id } = await emailTo(host, email);

    await expecting(
      202,
      host.local("POST", `/emails/${id}/events`, { eventType: "Bounce", bounceType: "Permanent" }),
    );
    await host.settled();

    const marks = (await exportedItems(host, "Messages")).find(
      ({ pk, sk }) => pk === patient.id && sk === "marks",
    );
    const [entry] = (await entriesOf(host, patient.id)).filter(
      ({ details }) => details?.["reason"] === "email_bounced",
    );
    expect(marks?.["linksRevokedBefore"]).toBe(entry?.details?.["linksRevokedBefore"]);
    expect(marks?.["linksRevokedBefore"]).toEqual(expect.any(String));
  });

  it("end when staff change the number, and the session with them", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, HARMLESS);
    const { read } = await openThread(host, patient, link);

    const change = { mobilePhone: "+12065559876" };
    await expecting(200, host.api("PATCH", `/patients/${patient.id}`, change, "frontdesk"));

    expect((await read()).status).toBe(303);
    expect((await prove(host, patient, link)).status).toBe(200);
    await host.portal(`${link}/new-link`, {});
    await host.settled();
    expect(await host.texts(change.mobilePhone)).toEqual([]);
  });

  it(
    "cannot be guessed: what is forged is counted, and leaves neither entry nor item",
    async () => {
      // The carrier still reports on what the tests before have sent.
      await host.advance(HOUR_SECONDS);
      const snapshot = async () => [
        await exportedItems(host, "Audit"),
        await exportedItems(host, "Messages"),
      ];
      const before = await snapshot();
      const lines = await linesWith(host, "PROOF_REJECTED");

      let sent = 0;
      const answers = new Map<number, number>();
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (sent < FORGED) {
            sent += 1;
            const token = Buffer.concat([Buffer.from([1, 1]), randomBytes(31)]).toString("base64url");
            const { status } = await host.portal(`/m/${token}`, { birthDate: "1980-04-12" });
            answers.set(status, (answers.get(status) ?? 0) + 1);
          }
        }),
      );

      // The API's throttle turns most of them away before any code of ours runs.
      expect([...answers.keys()].filter((status) => status !== 200 && status !== 429)).toEqual([]);
      expect(answers.get(200)).toBeGreaterThan(0);
      expect(await snapshot()).toEqual(before);
      expect((await linesWith(host, "PROOF_REJECTED")) - lines).toBe(answers.get(200));
    },
    FORGED_TIMEOUT_MS,
  );
});

type Variables = Record<string, unknown>;

/** Starts a host of a stage whose keys of links are 2 and, before it, 1; `change` sees the functions' variables. */
async function startRotated(change: (sendAlert: Variables, portal: Variables) => void) {
  // Its making bundles the functions.
  await sharedTemplate();
  const outdir = mkdtempSync(join(tmpdir(), "foundphone-links-"));
  const settings = { ...stageSettings("evaluation"), linkKey: { current: 2, previous: 1 } };
  createApp({ settings, outdir, validate: false }).app.synth();
  const templatePath = join(outdir, "Foundphone.template.json");
  const template = JSON.parse(readFileSync(templatePath, "utf8")) as PlainTemplate;
  const variablesOf = (id: string): Variables => {
    const found = Object.entries(template.Resources).find(
      ([key, { Type }]) => key.startsWith(id) && Type === "AWS::Lambda::Function",
    )?.[1].Properties["Environment"] as { readonly Variables: Variables } | undefined;
    if (found === undefined) throw new Error(`There is no ${id}.`);
    return found.Variables;
  };
  change(variablesOf("SendAlertFunction"), variablesOf("PortalFunction"));
  writeFileSync(templatePath, JSON.stringify(template));
  const host = await startPractice({ templatePath });
  return {
    host,
    stop: async () => {
      await host.stop();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

/** The variables of a function as they were before the new key. */
function withFirstKeyOnly(variables: Variables): void {
  variables["LINK_KEY_ID"] = variables["PREVIOUS_LINK_KEY_ID"];
  variables["LINK_KEY_ARN"] = variables["PREVIOUS_LINK_KEY_ARN"];
  withoutPrevious(variables);
}

function withoutPrevious(variables: Variables): void {
  Reflect.deleteProperty(variables, "PREVIOUS_LINK_KEY_ID");
  Reflect.deleteProperty(variables, "PREVIOUS_LINK_KEY_ARN");
}

describe("while the key of links is changed", () => {
  it("a link of the key before opens, code and all, where both keys are in force", async () => {
    const { host, stop } = await startRotated((sendAlert) => withFirstKeyOnly(sendAlert));
    try {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient);
      expect(keyIdOf(link)).toBe(1);

      const { answer } = await openLink(host, patient, link);

      expect(answer.status).toBe(303);
    } finally {
      await stop();
    }
  });

  it("new links carry the new key, and open where the one before is gone", async () => {
    const { host, stop } = await startRotated((_sendAlert, portal) => withoutPrevious(portal));
    try {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient);
      expect(keyIdOf(link)).toBe(2);

      const { answer } = await openLink(host, patient, link);

      expect(answer.status).toBe(303);
    } finally {
      await stop();
    }
  });

  it("a link of the key before is dead where that is gone, and asks for nothing", async () => {
    const { host, stop } = await startRotated((sendAlert, portal) => {
      withFirstKeyOnly(sendAlert);
      withoutPrevious(portal);
    });
    try {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient);
      const texts = (await host.texts()).length;

      const answer = await prove(host, patient, link);
      await host.portal(`${link}/new-link`, {});

      await host.settled();
      expect(answer.html).not.toContain('name="code"');
      expect(await host.texts()).toHaveLength(texts);
    } finally {
      await stop();
    }
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf, verifiedChains } from "../support/audit-export.ts";
import { callsDuring } from "../support/call-record.ts";
import type { LocalHost } from "../support/host.ts";
import {
  consentingPatient,
  expecting,
  postMessage,
  registerPatient,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";
import { exportedItems } from "../support/table-export.ts";

type Item = Readonly<Record<string, unknown>>;

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** A patient texts; everything that follows from it has happened when this resolves. */
async function reply(from: string, body: string, inboundMessageId?: string): Promise<void> {
  await expecting(202, host.local("POST", "/texts", { from, body, inboundMessageId }));
  await host.settled();
}

const textsTo = async (to: string) => (await host.texts(to)).map(({ body }) => body);

async function tasksAbout(patient: Pick<TestPatient, "id">): Promise<readonly Item[]> {
  const path = "/tasks?limit=100&state=open";
  const { items } = await expecting(200, host.api("GET", path, undefined, "frontdesk"));
  return (items as readonly Item[]).filter(({ patientId }) => patientId === patient.id);
}

async function stateOf({ id }: Pick<TestPatient, "id">): Promise<Item> {
  const { state } = await expecting(200, host.api("GET", `/patients/${id}/consents`, undefined, "frontdesk"));
  return Object.fromEntries(
    (state as readonly Item[]).map(({ purpose, channel, decision }) => [`${purpose} ${channel}`, decision]),
  );
}

describe("STOP", () => {
  it("is in force at once, is confirmed once, and puts the number on the list afterwards", async () => {
    const patient = await consentingPatient(host);
    const { id } = await sendMessage(host, patient);
    await host.settled();

    const calls = await callsDuring(host, () => reply(patient.mobilePhone, "S T O P!! 🛑"));
    await reply(patient.mobilePhone, "STOP");
    const refused = await postMessage(host, patient);

    const texts = await textsTo(patient.mobilePhone);
    const order = calls
      .filter(({ allowed }) => allowed)
      .map((call) => `${call.function} ${call.action}`)
      .filter((call) =>
        /TransactWriteItems|receive-text SendMessage|SendTextMessage|PutOptedOutNumber/.test(call),
      );
    expect(id).toMatch(/^msg_/u);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain("no more texts");
    expect(await stateOf(patient)).toEqual({ "portal sms": "revoked" });
    expect(refused).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
    expect(order.slice(0, 2)).toEqual(["receive-text TransactWriteItems", "receive-text SendMessage"]);
    expect(order.indexOf("send-alert SendTextMessage")).toBeLessThan(
      order.indexOf("send-alert PutOptedOutNumber"),
    );
  });

  it("is undone by START, with one answer, and texts leave again", async () => {
    const patient = await consentingPatient(host);
    await reply(patient.mobilePhone, "stop");
    await host.advance(60);

    await reply(patient.mobilePhone, "START");
    await sendMessage(host, patient);
    await host.settled();

    const texts = await textsTo(patient.mobilePhone);
    expect(await stateOf(patient)).toEqual({ "portal sms": "granted" });
    expect(texts).toHaveLength(3);
    expect(texts[1]).toContain("texts again");
    expect(texts[2]).toContain("/m/");
  });

  it("needs no call that could send or open anything", async () => {
    const patient = await consentingPatient(host);

    const calls = await callsDuring(host, () => reply(patient.mobilePhone, "please stop texting me"));

    const own = calls.filter((call) => call.function === "receive-text");
    expect(own.filter(({ allowed }) => !allowed)).toEqual([]);
    const actions = new Set(own.map(({ service, action }) => `${service}:${action}`));
    expect([...actions].filter((action) => /Decrypt|SendText|SendEmail|OptedOut|Scan/.test(action))).toEqual(
      [],
    );
    expect(await tasksAbout(patient)).toMatchObject([{ kind: "opt-out-review" }]);
  });
});

describe("HELP", () => {
  it("tells whom to call", async () => {
    const patient = await registerPatient(host);

    await reply(patient.mobilePhone, "help");

    expect(await textsTo(patient.mobilePhone)).toEqual([expect.stringContaining("Reply STOP to end")]);
  });
});

describe("YES", () => {
  it("to the question of the practice grants what was asked, and is confirmed", async () => {
    const patient = await registerPatient(host);
    const permission = { how: "at check-in, verbally", when: "2026-01-05" };
    await expecting(
      202,
      host.api(
        "POST",
        `/patients/${patient.id}/consent-requests`,
        { purpose: "portal", permission },
        "frontdesk",
        { "Idempotency-Key": randomUUID() },
      ),
    );
    await host.settled();

    await reply(patient.mobilePhone, "Yes");

    const texts = await textsTo(patient.mobilePhone);
    expect(await stateOf(patient)).toEqual({ "portal sms": "granted" });
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain("you signed up");
  });
});

describe("a reply", () => {
  it("is read by staff in the thread that it answers, and answered in general terms", async () => {
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient);
    await host.settled();
    const words = "Is the canary-reply fasting or not?";
    const id = randomUUID();

    await reply(patient.mobilePhone, words, id);
    await reply(patient.mobilePhone, words, id);

    const { messages, state } = await expecting(
      200,
      host.api("GET", `/threads/${threadId}`, undefined, "clinician"),
    );
    const texts = await textsTo(patient.mobilePhone);
    const [task, ...others] = await tasksAbout(patient);
    expect(state).toBe("waiting");
    expect(
      (messages as readonly Item[]).map(({ body }) => body).filter((body) => body === words),
    ).toHaveLength(1);
    expect([task?.["kind"], task?.["threadId"], others]).toEqual(["reply", threadId, []]);
    expect(texts).toHaveLength(2);
    expect(texts[1]).toMatch(/we got your text/u);
    const received = (await entriesOf(host, patient.id)).filter(({ action }) => action === "text.received");
    expect(received).toMatchObject([
      { function: "receive-text", details: { inboundId: id, readAs: "reply" } },
    ]);
    for (const table of ["Messages", "Patients", "Practice", "Audit"] as const) {
      expect(JSON.stringify(await exportedItems(host, table))).not.toContain("canary-reply");
    }
    expect(host.output()).not.toContain("canary-reply");
  });

  it("that hints at self-harm is answered with 988 at once", async () => {
    const patient = await consentingPatient(host);

    await reply(patient.mobilePhone, "I just want it all to end");

    expect(await textsTo(patient.mobilePhone)).toEqual([expect.stringContaining("988")]);
    expect(await tasksAbout(patient)).toMatchObject([{ kind: "urgent-reply" }]);
    expect(await stateOf(patient)).toEqual({ "portal sms": "granted" });
  });
});

describe("a stranger", () => {
  it("gets the help wording once, and staff a task and the number", async () => {
    const stranger = "+13125550123";

    await reply(stranger, "Hi, is this the office?");
    await reply(stranger, "Hello?");

    const { items } = await expecting(
      200,
      host.api("GET", "/tasks?kind=unknown-sender&limit=100", undefined, "frontdesk"),
    );
    const [task] = items as readonly Item[];
    expect(await textsTo(stranger)).toEqual([expect.stringContaining("Reply STOP to end")]);
    expect(items).toHaveLength(1);
    const { messages } = await expecting(
      200,
      host.api("GET", `/threads/${String(task?.["threadId"])}`, undefined, "clinician"),
    );
    expect(messages).toMatchObject([{ subject: `Text from ${stranger}` }, { body: "Hello?" }]);
  });
});

it("leaves every audit chain whole", async () => {
  const chains = await verifiedChains(host);
  expect(chains.get("actor#function:receive-text")?.length).toBeGreaterThan(0);
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

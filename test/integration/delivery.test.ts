import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifiedChains } from "../support/audit-export.ts";
import type { LocalHost } from "../support/host.ts";
import {
  alertOf,
  consentingPatient,
  expecting,
  newestText,
  postMessage,
  sendMessage,
  startPractice,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";
import { exportedItems } from "../support/table-export.ts";
import { copyTemplate, type TemplateCopy } from "../support/template-copy.ts";

const DAY_SECONDS = 24 * 60 * 60;
const ALL_ACKNOWLEDGED = { unsecuredText: true, numberConfirmed: true, optOutAnytime: true };

let host: LocalHost;
let template: TemplateCopy;

beforeAll(async () => {
  // The network acts on STOP, and what patients text never comes here: only its list tells.
  template = await copyTemplate(({ Resources, Outputs }) => {
    const [mapping] = Object.entries(Resources).find(([id]) => id.startsWith("InboundTextsDelivery")) ?? [];
    const regime = Outputs["NumberSelfManagedOptOuts"];
    if (mapping === undefined || regime === undefined) throw new Error("the template has changed");
    Reflect.deleteProperty(Resources, mapping);
    regime.Value = "false";
  });
  host = await startPractice({ templatePath: template.templatePath });
});
afterAll(async () => {
  await host.stop();
  template.remove();
});

interface Email {
  readonly id: string;
  readonly to: readonly string[] | string;
  readonly from: string;
  readonly subject: string;
  readonly body: string;
}

async function emailsTo(address: string): Promise<readonly Email[]> {
  const { items } = await expecting(200, host.local("GET", "/emails"));
  return (items as readonly Email[]).filter(({ to }) => [to].flat().includes(address));
}

async function statesOf(patientId: string): Promise<Readonly<Record<string, string>>> {
  const items = await exportedItems(host, "Consents");
  const states = items.filter(({ pk, sk }) => pk === patientId && String(sk).startsWith("state#"));
  return Object.fromEntries(
    states.map(({ channel, purpose, decision }) => [
      `${String(channel)} ${String(purpose)}`,
      String(decision),
    ]),
  );
}

/** A patient who agreed to texts and e-mails, with a text that did not arrive and the e-mail that took its place. */
async function anEmail(email: string) {
  const patient = await consentingPatient(host, { email });
  const grant = { purpose: "portal", channel: "email", decision: "granted", method: "paper" };
  await expecting(
    201,
    host.api(
      "POST",
      `/patients/${patient.id}/consents`,
      { ...grant, acknowledgements: ALL_ACKNOWLEDGED },
      "frontdesk",
    ),
  );
  const message = await sendMessage(host, patient);
  const text = await newestText(host, patient);
  await host.local("POST", `/texts/${text.id}/events`, { eventType: "TEXT_UNREACHABLE" });
  await host.settled();
  const [sent] = await emailsTo(email);
  if (sent === undefined) throw new Error("no e-mail was sent");
  return { patient, message, sent };
}

async function alertsOf(patientId: string) {
  const items = await exportedItems(host, "Messages");
  return items.filter(({ pk, sk }) => pk === patientId && String(sk).startsWith("alert#"));
}

describe("a text that does not arrive", () => {
  it("is followed by an e-mail that tells as little, and its delivery is recorded", async () => {
    const { patient, sent } = await anEmail("first@example.com");

    expect(sent.from).toContain("office@riverside-office.example");
    expect(sent.subject).toBe("New message from Riverside Office");
    expect(sent.body).not.toMatch(/A1C|metformin/u);
    await host.advance(60);

    const alerts = await alertsOf(patient.id);
    expect(alerts.map(({ channel, status }) => `${String(channel)} ${String(status)}`).toSorted()).toEqual([
      "email delivered",
      "sms failed",
    ]);
  });

  it("ends e-mails where the patient complains of them", async () => {
    const { patient, sent } = await anEmail("second@example.com");

    await host.local("POST", `/emails/${sent.id}/events`, { eventType: "Complaint" });
    await host.settled();

    expect(await statesOf(patient.id)).toMatchObject({ "email portal": "revoked", "sms portal": "granted" });
  });
});

describe("a number that a carrier says is invalid", () => {
  it("becomes a task, and gets no further text", async () => {
    const patient = await consentingPatient(host);
    await sendMessage(host, patient);
    const text = await newestText(host, patient);

    await host.local("POST", `/texts/${text.id}/events`, { eventType: "TEXT_INVALID" });
    await host.settled();
    const next = await sendMessage(host, patient);
    await host.settled();

    expect(await host.texts(patient.mobilePhone)).toHaveLength(1);
    expect(await alertOf(host, next)).toMatchObject({ status: "blocked", reason: "undeliverable" });
    const { items } = await expecting(
      200,
      host.api("GET", "/tasks?kind=text-refused", undefined, "frontdesk"),
    );
    expect(items).toEqual([
      expect.objectContaining({ patientId: patient.id, reason: "invalid_number", state: "open" }),
    ]);
  });
});

describe("a STOP that only the carrier heard", () => {
  it("is a revocation within a day", async () => {
    const patient = await consentingPatient(host);
    const bystander = await consentingPatient(host);
    await host.local("POST", "/texts", { from: patient.mobilePhone, body: "STOP" });
    await host.settled();
    expect(await statesOf(patient.id)).toEqual({ "sms portal": "granted" });

    await host.advance(DAY_SECONDS);
    await host.settled();

    expect(await statesOf(patient.id)).toEqual({ "sms portal": "revoked" });
    expect(await statesOf(bystander.id)).toEqual({ "sms portal": "granted" });
    const chains = await verifiedChains(host);
    expect(chains.get(patient.id)?.at(-1)).toMatchObject({
      action: "number.stopped",
      function: "reconcile-opt-outs",
      details: { method: "carrier" },
    });
    expect(chains.get("actor#function:reconcile-opt-outs")?.at(-1)).toMatchObject({
      action: "opt-outs.reconciled",
      details: { looked: 1, recorded: 1, finished: true },
    });
    expect((await postMessage(host, patient)).status).toBe(409);
  });
});

describe("every call", () => {
  it("was allowed by the role of the function that made it", async () => {
    const { items } = await expecting(200, host.local("GET", "/calls"));
    const denied = (items as readonly { readonly errorCode?: string }[]).filter(
      ({ errorCode }) => errorCode === "AccessDeniedException" || errorCode === "AccessDenied",
    );

    expect(denied).toEqual([]);
  });
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

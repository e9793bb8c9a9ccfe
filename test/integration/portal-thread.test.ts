import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf } from "../support/audit-export.ts";
import { callsDuring } from "../support/call-record.ts";
import type { LocalHost, PortalAnswer } from "../support/host.ts";
import {
  consentingPatient,
  expecting,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";
import { exportedTables } from "../support/table-export.ts";

const HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(2)>";

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** A patient in an open session of a thread. */
async function aReader(
  message: Readonly<Record<string, unknown>> = { body: "A form is waiting for you", minimumTier: 2 },
) {
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient, message);
  return { patient, ...(await sessionOf(patient, link)) };
}

async function sessionOf(patient: TestPatient, link: string) {
  const { cookies, headers } = await host.portal(link, { birthDate: patient.birthDate });
  const threadPath = headers.get("location") ?? "";
  const page = () => host.portal(threadPath, undefined, cookies);
  const version = async () =>
    JSON.parse((await host.portal(`${link}/version`, undefined, cookies)).html) as unknown;
  /** Posts a reply with the hidden fields of the page as it is now. */
  const reply = async (body: string, form?: string) =>
    host.portal(`${link}/replies`, { body, form: form ?? formIn(await page()) }, cookies);
  return { link, cookies, page, version, reply };
}

function formIn({ html }: PortalAnswer): string {
  const form = /name="form" value="([\w-]{22})"/u.exec(html)?.[1];
  if (form === undefined) throw new Error("The page has no form id.");
  return form;
}

async function threadOf(patient: TestPatient): Promise<string> {
  const { items } = await expecting(
    200,
    host.api("GET", `/patients/${patient.id}/messages`, undefined, "clinician"),
  );
  return String((items as readonly { readonly threadId: string }[])[0]?.threadId);
}

const staffThread = async (patient: TestPatient) =>
  expecting(200, host.api("GET", `/threads/${await threadOf(patient)}`, undefined, "clinician"));

async function replyTasks(patient: TestPatient, kind = "reply") {
  const { items } = await expecting(
    200,
    host.api("GET", `/tasks?kind=${kind}&limit=100`, undefined, "frontdesk"),
  );
  return (items as readonly { readonly patientId: string; readonly kind: string }[]).filter(
    ({ patientId }) => patientId === patient.id,
  );
}

describe("a conversation in the portal", () => {
  it("goes there and back: reply, task, answer, and the page that is told of it", async () => {
    const { patient, page, version, reply } = await aReader();
    const before = await version();

    const posted = await reply("Which door is it?");
    const waiting = await expecting(200, host.api("GET", "/threads?state=waiting", undefined, "frontdesk"));
    const tasks = await replyTasks(patient);
    const staff = await staffThread(patient);
    const afterReply = await version();
    const seen = await page();
    await sendMessage(host, patient, {
      threadId: await threadOf(patient),
      body: "The red door.",
      minimumTier: 2,
    });
    const afterAnswer = await version();
    const answered = await page();

    expect(posted.status).toBe(303);
    expect(posted.headers.get("location")).toMatch(/\/thread#newest$/u);
    expect(waiting["items"]).toContainEqual(expect.objectContaining({ patientId: patient.id }));
    expect(tasks).toHaveLength(1);
    expect(staff["messages"]).toContainEqual(
      expect.objectContaining({ from: "patient", via: "portal", body: "Which door is it?", seenAt: null }),
    );
    expect(seen.html).toMatch(/Which door is it\?[\s\S]*Seen <time/u);
    expect(new Set([before, afterReply, afterAnswer].map((one) => JSON.stringify(one))).size).toBe(3);
    expect(answered.html).toContain("The red door.");
    expect(await replyTasks(patient)).toEqual([]);
    const told = ["reply.written", "thread.read", "message.accepted"];
    const actions = (await entriesOf(host, patient.id)).map(({ action }) => action);
    // The patient read the page to write on it; then wrote; staff and the patient read; staff answered; it was read.
    expect(actions.filter((action) => told.includes(action))).toEqual([
      ...["message.accepted", "thread.read", "reply.written", "thread.read", "thread.read"],
      ...["message.accepted", "thread.read"],
    ]);
  });

  it("takes a form that is posted twice at once one time", async () => {
    const { patient, page, reply } = await aReader();
    const form = formIn(await page());

    const answers = await Promise.all([reply("Once", form), reply("Once", form), reply("Once", form)]);

    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    const { messages } = (await staffThread(patient)) as { readonly messages: readonly unknown[] };
    expect(messages).toHaveLength(2);
    expect(await replyTasks(patient)).toHaveLength(1);
  });

  it("takes 2,000 characters, and gives back what is longer", async () => {
    const { reply } = await aReader();

    expect((await reply("é".repeat(2000))).status).toBe(303);
    const longer = await reply("é".repeat(2001));
    expect(longer.status).toBe(422);
    expect(longer.html).toContain("é".repeat(2001));
    expect(longer.html).toContain('role="alert"');
  });

  it("shows what anybody wrote as words, whatever they wrote", async () => {
    const { page, reply } = await aReader({ subject: HOSTILE, body: HOSTILE, minimumTier: 2 });

    await reply(`${HOSTILE} reply`);
    const { html } = await page();
    const refused = await reply(`${HOSTILE}${"x".repeat(2000)}`);

    for (const one of [html, refused.html]) {
      expect(one).not.toContain("<script>alert");
      expect(one).not.toContain("<img src=x");
    }
    expect(html.split("&lt;script&gt;alert(1)")).toHaveLength(4);
    expect(html).toContain("onerror=alert(2)&gt; reply");
  });

  it("keeps clinical words of a tier 2 session to it: the next one is asked for a code", async () => {
    const { patient, link, page, reply } = await aReader();
    await reply("My A1C came back at 8.2, shall I double the metformin?");
    const own = await page();

    const next = await host.portal(link, { birthDate: patient.birthDate });

    expect(own.html).toContain("double the metformin");
    expect(next.html).toContain('name="code"');
    expect(next.html).not.toContain("metformin");
  });

  it("raises words of distress at once, and ends texts where words ask for it", async () => {
    const { patient, page, reply } = await aReader();

    await reply("I want to end my life");
    const crisis = await page();
    await reply("And please stop texting me");
    const stopped = await page();

    expect(crisis.html).toContain('href="tel:988"');
    expect(await replyTasks(patient, "urgent-reply")).toHaveLength(1);
    expect(await replyTasks(patient, "opt-out-review")).toHaveLength(1);
    expect(stopped.html).toContain("We do not text you.");
    expect(
      await host.api(
        "POST",
        "/messages",
        { patientId: patient.id, purpose: "portal", body: "Hello" },
        "clinician",
        {
          "Idempotency-Key": `after-stop-${patient.id}`,
        },
      ),
    ).toMatchObject({ status: 409, body: { code: "consent_revoked" } });
  });

  it("opens what it shows after the entry, and keeps nothing where the entry fails", async () => {
    const { page, reply } = await aReader();
    const form = formIn(await page());
    const calls = await callsDuring(host, page);
    const before = await exportedTables(host);
    await expecting(
      200,
      host.local("POST", "/denials", { function: "portal", action: "dynamodb:PutItem", table: "Audit" }),
    );
    const refused = await reply("Hello", form);
    await expecting(200, host.local("DELETE", "/denials"));

    const actions = calls.filter((call) => call.function === "portal").map(({ action }) => action);
    expect(actions.indexOf("TransactWriteItems")).toBeLessThan(actions.indexOf("Decrypt"));
    expect(refused.status).toBe(503);
    expect(await exportedTables(host)).toEqual(before);
  });

  it("tells its version by few calls, without opening or writing anything", async () => {
    const { version } = await aReader();

    const calls = await callsDuring(host, version);

    expect(calls.map(({ action }) => action).toSorted()).toEqual([
      "BatchGetItem",
      "BatchGetItem",
      "GenerateMac",
      "GenerateMac",
    ]);
  });
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

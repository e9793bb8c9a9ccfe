import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { callsDuring, callsOf, type RecordedCall } from "../support/call-record.ts";
import { phonePhoto } from "../support/files.ts";
import type { HostUser, LocalHost } from "../support/host.ts";
import {
  alertOf,
  askForCode,
  CLINICAL_BODY,
  codeIn,
  consentingPatient,
  consentToEmail,
  decide,
  emailTo,
  expecting,
  linkIn,
  moveToHour,
  newestText,
  openLink,
  patientTexts,
  postMessage,
  registerPatient,
  sendLink,
  sendMessage,
  startPractice,
} from "../support/practice.ts";
import { exportedTables, withoutSignIns } from "../support/table-export.ts";
import {
  copyTemplate,
  holdsByWayOfAService,
  type PlainTemplate,
  readTemplate,
  statementsOf,
  type TemplateCopy,
  takeGrant,
  withCarrierOptOuts,
} from "../support/template-copy.ts";

const REPORTED = ["kms", "sms-voice", "ses"];
/** What End User Messaging answers to a text for a number on its list. */
const OPTED_OUT = "destination_phone_number_opted_out";
const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

type AccessLine = { readonly httpMethod: string; readonly resourcePath: string; readonly status: string };
type Grant = { readonly functionId: string; readonly action: string; readonly resourceId: string };

describe("normal use of every route", () => {
  let host: LocalHost;
  let template: PlainTemplate;
  /** Of a practice that hears STOP itself. */
  let ownCalls: readonly RecordedCall[];
  /** Of a practice whose carrier hears it. */
  let carrierCalls: readonly RecordedCall[];
  let calls: readonly RecordedCall[];

  beforeAll(async () => {
    template = await readTemplate();
    carrierCalls = await callsWhereCarrierHearsStop();
    host = await startPractice();
    await useEveryRoute(host);
    ownCalls = await callsOf(host);
    calls = [...ownCalls, ...carrierCalls];
  });
  afterAll(() => host.stop());

  it("reaches every method of the template with success", async () => {
    const { items } = await expecting(200, host.local("GET", "/access-logs"));
    const reached = new Set(
      (items as readonly { readonly stage: string; readonly message: string }[]).flatMap(
        ({ stage, message }) => {
          const { httpMethod, resourcePath, status } = JSON.parse(message) as AccessLine;
          return Number(status) < 400 ? [`${httpMethod} /${stage}${resourcePath}`] : [];
        },
      ),
    );
    expect([...reached].toSorted()).toEqual(methodsOf(template).toSorted());
  });

  it("makes no call that is denied, and none that fails but for a lost race", () => {
    const lost = ["TransactionCanceledException", "ConditionalCheckFailedException"];
    const failed = (made: readonly RecordedCall[]) =>
      made.filter(({ error }) => error !== undefined && !lost.includes(error));
    expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(failed(ownCalls)).toEqual([]);
    // The carrier takes no text for a number that said STOP to it.
    expect(failed(carrierCalls)).toMatchObject([
      { function: "send-alert", action: "SendTextMessage", error: "ConflictException" },
    ]);
    expect(calls.length).toBeGreaterThan(100);
  });

  it("uses every grant on a key, on texts and on e-mail that does not hold by way of another service", () => {
    const grants = functionsOf(template).flatMap((functionId) =>
      grantsOf(template, functionId).filter(({ action }) => REPORTED.includes(action.split(":")[0] ?? "")),
    );
    const used = (grant: Grant) =>
      calls.some(
        ({ role, service, action, resource }) =>
          role.includes(`${grant.functionId}Role`) &&
          `${service}:${action}` === grant.action &&
          (service !== "kms" || resource.endsWith(`:key/${grant.resourceId}`)),
      );
    expect(grants.length).toBeGreaterThan(10);
    expect(grants.filter((grant) => !used(grant))).toEqual([]);
  });

  it("never reads a table from end to end", () => {
    expect(calls.filter(({ action }) => /scan/iu.test(action))).toEqual([]);
  });

  it("keeps the planes apart: what sends opens no content, and what opens content sends nothing", () => {
    const callersOf = (matches: (call: RecordedCall) => boolean) => [
      ...new Set(calls.filter(matches).map(({ function: name }) => name)),
    ];
    const onContentKey = ({ resource }: RecordedCall) => resource.includes(":key/ContentKey");
    const reaches = ({ service }: RecordedCall) => ["sms-voice", "ses"].includes(service);
    const looks = (call: RecordedCall) =>
      call.function === "reconcile-opt-outs" && call.action === "DescribeOptedOutNumbers";
    expect(callersOf((call) => reaches(call) && !looks(call))).toEqual(["send-alert"]);
    expect(callersOf(looks)).toEqual(["reconcile-opt-outs"]);
    expect(callersOf((call) => onContentKey(call) && call.action === "Decrypt").toSorted()).toEqual([
      "portal",
      "threads",
    ]);
    const readsFiles = ({ service, action }: RecordedCall) => service === "s3" && action === "GetObject";
    expect(callersOf(readsFiles).toSorted()).toEqual([
      "check-attachment",
      "import-records",
      "portal",
      "threads",
    ]);
    expect(callersOf(onContentKey)).not.toContain("send-alert");
    expect(callersOf(onContentKey)).not.toContain("reconcile-opt-outs");
    const openers = callersOf(({ service, action }) => service === "kms" && action === "Decrypt");
    for (const writer of ["receive-text", "tasks", "record-delivery", "reconcile-opt-outs", "messages"])
      expect(openers).not.toContain(writer);
    for (const writer of ["receive-text", "tasks"])
      expect(callersOf((call) => onContentKey(call) && call.action === "GenerateDataKey")).toContain(writer);
  });
});

describe("the cost of a message", () => {
  let host: LocalHost;
  beforeAll(async () => {
    host = await startPractice();
  });
  afterAll(() => host.stop());

  it("is at most 8 AWS calls to accept and 9 to alert, also in a thread that has messages already", async () => {
    const patient = await consentingPatient(host, { email: "patient@practice.example", language: "es" });
    const { threadId } = await sendMessage(host, patient);
    for (const fields of [{}, { threadId }, { threadId, subject: "Subject", reference: "Reference" }]) {
      const calls = await callsDuring(host, () => sendMessage(host, patient, fields));
      const count = (name: string) => calls.filter((call) => call.function === name).length;
      expect(count("messages")).toBeLessThanOrEqual(8);
      expect(count("messages")).toBeGreaterThan(0);
      expect(count("send-alert")).toBeLessThanOrEqual(9);
      expect(count("send-alert")).toBeGreaterThan(0);
    }
  });

  it("is the same for the text with a code", async () => {
    const patient = await consentingPatient(host);
    await sendMessage(host, patient);
    const link = linkIn(await newestText(host, patient));
    const calls = await callsDuring(host, () => askForCode(host, patient, link));
    expect(calls.filter((call) => call.function === "send-alert").length).toBeLessThanOrEqual(9);
  });
});

describe("without one grant", () => {
  let started: { readonly host: LocalHost; readonly copy: TemplateCopy } | undefined;
  // One at a time: each is a whole stack in memory.
  afterEach(async () => {
    await started?.host.stop();
    started?.copy.remove();
    started = undefined;
  });

  /** A host that lacks grants: each is a function's logical id, an action and the resource's logical id. */
  async function practiceLacking(...grants: readonly (readonly [string, string, string])[]) {
    const copy = await copyTemplate((template) => {
      for (const grant of grants) takeGrant(template, ...grant);
    });
    const host = await startPractice({ templatePath: copy.templatePath });
    started = { host, copy };
    return host;
  }

  const denials = async (host: LocalHost) => (await callsOf(host)).filter(({ allowed }) => !allowed);

  it("messages that cannot write their audit entry are not accepted, and nothing of them is stored", async () => {
    const host = await practiceLacking(["MessagesFunction", "dynamodb:PutItem", "Audit"]);
    const patient = await consentingPatient(host);
    const before = await exportedTables(host);

    const answer = await postMessage(host, patient);
    const portalOnly = await postMessage(host, patient, { deliver: "portal-only" });
    await host.settled();

    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(portalOnly).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(withoutSignIns(await exportedTables(host))).toEqual(withoutSignIns(before));
    expect(await host.texts()).toEqual([]);
    expect(await denials(host)).toMatchObject([
      { function: "messages", service: "dynamodb", action: "TransactWriteItems" },
      { function: "messages", service: "dynamodb", action: "TransactWriteItems" },
    ]);
  });

  it("words that cannot be sealed and decisions that cannot be recorded are not stored", async () => {
    const host = await practiceLacking(
      ["MessagesFunction", "kms:GenerateDataKey", "ContentKey"],
      ["ConsentsFunction", "dynamodb:PutItem", "Audit"],
    );
    const patient = await registerPatient(host);
    const before = await exportedTables(host);

    const answer = await postMessage(host, patient, { deliver: "portal-only" });

    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    await expect(decide(host, patient, "granted")).rejects.toThrow(/^201 was expected: 500/u);
    expect(withoutSignIns(await exportedTables(host))).toEqual(withoutSignIns(before));
    expect((await denials(host)).map(({ function: name, action }) => `${name} ${action}`)).toEqual([
      "messages GenerateDataKey",
      "consents TransactWriteItems",
    ]);
  });

  it("nothing opens whose opening cannot be recorded", async () => {
    const host = await practiceLacking(
      ["ThreadsFunction", "dynamodb:PutItem", "Audit"],
      ["PortalFunction", "dynamodb:PutItem", "Audit"],
    );
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient);
    const link = linkIn(await newestText(host, patient));

    const staff = await host.api("GET", `/threads/${threadId}`, undefined, "clinician");
    const proof = await host.portal(link, { birthDate: patient.birthDate });
    await host.settled();

    expect(staff).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(JSON.stringify(staff.body)).not.toContain("metformin");
    expect(proof).toMatchObject({ status: 503, cookies: [] });
    expect(await host.texts()).toHaveLength(1);
  });

  it("a portal that cannot open content shows a page that says only to come back later", async () => {
    const host = await practiceLacking(["PortalFunction", "kms:Decrypt", "ContentKey"]);
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);

    const { answer, threadPath } = await openLink(host, patient, link);
    const thread = await host.portal(threadPath, undefined, answer.cookies);

    expect(thread.status).toBe(503);
    expect(thread.html).toContain("Please try again later");
    expect(thread.html).not.toContain("metformin");
    expect(await denials(host)).toMatchObject([{ function: "portal", service: "kms", action: "Decrypt" }]);
  });

  it("a patient's text that cannot be sealed is not stored at all", async () => {
    const host = await practiceLacking(["ReceiveTextFunction", "kms:GenerateDataKey", "ContentKey"]);
    const patient = await consentingPatient(host);
    const before = await exportedTables(host);

    await patientTexts(host, patient, "Which door is it?");

    expect(withoutSignIns(await exportedTables(host))).toEqual(withoutSignIns(before));
    expect(await host.texts()).toEqual([]);
    const refused = await denials(host);
    expect(new Set(refused.map(({ function: name }) => name))).toEqual(new Set(["receive-text"]));
  });

  it("a STOP needs no content key, and is confirmed where the number cannot be put on the list", async () => {
    const host = await practiceLacking(
      ["ReceiveTextFunction", "kms:GenerateDataKey", "ContentKey"],
      ["SendAlertFunction", "sms-voice:PutOptedOutNumber", "TextSendingOptOutList"],
    );
    const patient = await consentingPatient(host);

    await patientTexts(host, patient, "STOP");
    await host.advance(HOUR_SECONDS);
    await host.settled();

    expect(await host.texts()).toMatchObject([{ body: expect.stringContaining("no more texts") }]);
    expect(await postMessage(host, patient)).toMatchObject({ body: { code: "consent_revoked" } });
    expect(new Set((await denials(host)).map(({ action }) => action))).toEqual(
      new Set(["PutOptedOutNumber"]),
    );
  });

  it("a task whose note cannot be sealed or recorded stays open", async () => {
    const host = await practiceLacking(["TasksFunction", "kms:GenerateDataKey", "ContentKey"]);
    const patient = await consentingPatient(host);
    await patientTexts(host, patient, "Which door is it?");
    const list = () => expecting(200, host.api("GET", "/tasks?kind=reply", undefined, "frontdesk"));
    const [task] = (await list())["items"] as readonly { readonly id: string }[];
    const path = `/tasks/${String(task?.id)}/completion`;

    const answer = await host.api("POST", path, { note: "Called back" }, "frontdesk");

    expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
    expect(JSON.stringify(answer.body)).not.toContain("Called back");
    expect((await list())["items"]).toMatchObject([{ id: task?.id, state: "open" }]);
  });

  it("nobody is texted whose number cannot be opened, and the alert stays in sight", async () => {
    const host = await practiceLacking(["SendAlertFunction", "kms:Decrypt", "ContactKey"]);
    const patient = await consentingPatient(host);
    const message = await sendMessage(host, patient);
    await host.settled();
    await host.advance(3600);

    expect(await alertOf(host, message)).toMatchObject({ status: "queued", reason: null });
    expect(await host.texts()).toEqual([]);
    expect(new Set((await denials(host)).map(({ action }) => action))).toEqual(new Set(["Decrypt"]));
  });
});

/** Calls every route once with success, and lets everything happen that follows. */
async function useEveryRoute(host: LocalHost): Promise<void> {
  const ok = (status: number, method: string, path: string, user?: HostUser, body?: unknown) =>
    expecting(status, host.api(method, path, body, user, { "Idempotency-Key": randomUUID() }));

  await ok(200, "GET", "/health");
  await ok(200, "GET", "/openapi.json");
  await ok(200, "GET", "/vendors/aws", "auditor");
  await ok(200, "PUT", "/vendors/aws", "compliance", { baaSignedOn: "2026-01-16", baaEndsOn: "2036-01-16" });
  await ok(200, "GET", "/practice", "integration");
  const officeHours = { monday: [{ opens: "08:00", closes: "17:00" }] };
  await ok(200, "PUT", "/practice", "admin", { timeZone: "America/Chicago", officeHours });
  await ok(200, "PUT", "/practice/switches", "admin", { sending: true, portal: true });
  await agreeOnWords(host);

  const patient = await registerPatient(host, {
    email: "patient@practice.example",
    timeZone: "America/Denver",
  });
  await ok(200, "POST", "/patients/lookup", "integration", { externalId: patient.externalId });
  await ok(200, "GET", `/patients/${patient.id}`, "clinician");
  const mobilePhone = "+12065559999";
  await ok(200, "PATCH", `/patients/${patient.id}`, "frontdesk", { mobilePhone, givenName: "Other" });
  await ok(204, "DELETE", `/patients/${patient.id}/pin`, "frontdesk");
  // Until then a changed number holds clinical content back.
  await host.advance(DAY_SECONDS);
  const granted = {
    purpose: "portal",
    channel: "sms",
    decision: "granted",
    method: "tablet",
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
    evidence: "Form 12",
  };
  await ok(201, "POST", `/patients/${patient.id}/consents`, "frontdesk", granted);
  await ok(200, "GET", `/patients/${patient.id}/consents`, "admin");
  await ok(200, "PUT", `/patients/${patient.id}/preferences`, "clinician", { language: "es" });
  await ok(200, "GET", `/patients/${patient.id}/preferences`, "integration");

  await ok(200, "POST", "/classifications", "auditor", { text: CLINICAL_BODY });
  const words = { patientId: patient.id, purpose: "portal", body: CLINICAL_BODY };
  await ok(200, "POST", "/messages/preview", "integration", words);
  const { id, threadId } = await ok(202, "POST", "/messages", "integration", words);
  const reached = { ...patient, mobilePhone };
  const firstText = await newestText(host, reached);
  await ok(200, "GET", `/messages/${String(id)}`, "compliance");
  await ok(200, "GET", `/patients/${patient.id}/messages?limit=5`, "admin");
  await ok(202, "POST", `/messages/${String(id)}/alerts`, "frontdesk");
  const link = linkIn(await newestText(host, reached));
  await expecting(
    202,
    host.local("POST", `/texts/${firstText.id}/events`, { eventType: "TEXT_UNREACHABLE" }),
  );

  await host.portal(link);
  await fetch(link, { method: "HEAD" });
  const { page, text } = await askForCode(host, reached, link);
  const opened = await host.portal(link, { code: codeIn(text) }, page.cookies);
  await host.portal(opened.headers.get("location") ?? "", undefined, opened.cookies);
  await host.portal(`${link}/version`, undefined, opened.cookies);
  const reply = await host.portal(`${link}/replies`, { body: "Shall I fast before?" }, opened.cookies);
  expect(reply.status).toBe(303);
  await host.portal(`${link}/lock`, {}, opened.cookies);

  await exchangeFiles(host);
  await ok(200, "GET", "/threads?state=open&limit=5", "frontdesk");
  await ok(200, "GET", `/threads/${String(threadId)}`, "clinician");
  await ok(200, "PATCH", `/threads/${String(threadId)}`, "clinician", { state: "closed" });
  await ok(201, "POST", `/threads/${String(threadId)}/notes`, "clinician", { text: "Called back" });
  await ok(200, "GET", `/threads/${String(threadId)}`, "frontdesk");
  await ok(204, "POST", `/messages/${String(id)}/revocation`, "admin", { reason: "Sent in error" });
  await host.portal(`${link}/new-link`, {});
  const lost = { scope: "patient", patientId: patient.id, reason: "device-lost" };
  await ok(204, "POST", "/link-revocations", "frontdesk", lost);
  await patientTexts(host, reached, "Which door is it?");
  const { items } = await ok(200, "GET", "/tasks?kind=reply", "frontdesk");
  const [task] = items as readonly { readonly id: string }[];
  const completion = { note: "Called back", outcome: "reached" };
  await ok(200, "POST", `/tasks/${String(task?.id)}/completion`, "frontdesk", completion);

  await ok(200, "GET", `/audit?patientId=${patient.id}&limit=5`, "auditor");
  await ok(200, "GET", "/audit?actor=function:send-alert", "compliance");
  await ok(200, "GET", `/patients/${patient.id}/disclosures`, "auditor");
  await ok(200, "GET", `/patients/${patient.id}/accesses?format=csv`, "compliance");
  const review = { sha256: "a".repeat(64), remark: "nothing-unusual" };
  await ok(201, "POST", "/audit/access-reviews/2026-01/sign-off", "compliance", review);
  await ok(202, "POST", "/audit/exports", "auditor", {});

  await importFiles(host);
  await keepVisits(host, patient.id);
  await remindOfVisits(host);
  await agreeAndEnd(host);
  await getEmails(host);
  for (const body of ["STOP", "START", "HELP", "please stop texting me"])
    await patientTexts(host, reached, body);
  await patientTexts(host, { mobilePhone: "+13125550123" }, "Is this the office?");
  await host.advance(DAY_SECONDS);
  await host.settled();
}

/** Visits are put, moved, found and removed; of one the reminder is due a day later. */
async function keepVisits(host: LocalHost, patientId: string): Promise<void> {
  const { now } = await expecting(200, host.local("GET", "/clock"));
  const inHours = (hours: number) =>
    new Date(Date.parse(String(now)) + hours * HOUR_SECONDS * 1000).toISOString();
  const put = (status: number, id: string, hours: number) =>
    expecting(
      status,
      host.api("PUT", `/appointments/${id}`, { patientId, startsAt: inHours(hours) }, "integration"),
    );
  const { day } = await put(201, "visit-1", 30);
  await put(201, "visit-2", 200);
  await put(200, "visit-2", 240);
  await expecting(200, host.api("GET", "/appointments/visit-2", undefined, "clinician"));
  await expecting(200, host.api("GET", `/appointments?date=${String(day)}`, undefined, "frontdesk"));
  await expecting(204, host.api("DELETE", "/appointments/visit-2", undefined, "frontdesk"));
}

/** A visit is told of at once, reminded of and confirmed. */
async function remindOfVisits(host: LocalHost): Promise<void> {
  const { timeZone, officeHours } = await expecting(200, host.api("GET", "/practice", undefined, "admin"));
  const settings = { timeZone, officeHours, visitNotices: ["booked"], caps: { perDay: 10, perWeek: 50 } };
  await expecting(200, host.api("PUT", "/practice", settings, "admin"));
  const patient = await registerPatient(host);
  await decide(host, patient, "granted", "scheduling");
  await moveToHour(host, 16);
  const { now } = await expecting(200, host.local("GET", "/clock"));
  const startsAt = new Date(Date.parse(String(now)) + 2 * DAY_SECONDS * 1000).toISOString();
  const visit = { patientId: patient.id, startsAt, reminderOffsets: [24] };
  await expecting(201, host.api("PUT", "/appointments/visit-told", visit, "integration"));
  await host.advance(DAY_SECONDS + 5 * 60);
  expect(await host.texts(patient.mobilePhone)).toHaveLength(2);
  await patientTexts(host, patient, "C");
}

/** A file of each kind is imported; in one a patient who is known has another number. */
async function importFiles(host: LocalHost): Promise<void> {
  const files = {
    patients: "mrn,first name,last name,dob,mobile\nPLANES-1,Ana,Ruiz,1980-04-12,2065550171\n",
    again: "mrn,first name,last name,dob,mobile\nPLANES-1,Ana,Ruiz,1980-04-12,2065550172\n",
    consents:
      "mrn,purpose,channel,decision,unsecured,number confirmed,opt out\nPLANES-1,scheduling,sms,yes,y,y,y\n",
    appointments: "visit id,mrn,start\nvisit-planes,PLANES-1,2099-05-05 10:00\n",
  };
  for (const [kind, text] of Object.entries(files)) {
    const request = { kind: kind === "again" ? "patients" : kind };
    const { id, upload } = await expecting(202, host.api("POST", "/imports", request, "integration"));
    const { url, fields } = upload as { readonly url: string; readonly fields: Record<string, string> };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([text]));
    expect((await fetch(url, { method: "POST", body: form })).status).toBe(204);
    await host.settled();
    const shown = await expecting(200, host.api("GET", `/imports/${String(id)}`, undefined, "frontdesk"));
    expect(shown).toMatchObject({ state: "done", counts: { total: 1, refused: 0 } });
  }
}

/** A directory and a template are written, approved by somebody else, printed, and the template is withdrawn. */
async function agreeOnWords(host: LocalHost): Promise<void> {
  const ok = (status: number, method: string, path: string, user: HostUser, body?: unknown) =>
    expecting(status, host.api(method, path, body, user, { "Idempotency-Key": randomUUID() }));
  const { timeZone, officeHours } = await ok(200, "GET", "/practice", "admin");
  const directory = {
    locations: [{ id: "loc_north", name: "North building", textName: "Northside" }],
    providers: [{ id: "prv_lee", name: "Ana Lee", textName: "Dr. Lee" }],
    pharmacies: [],
  };
  await ok(200, "PUT", "/practice", "admin", { timeZone, officeHours, directory });
  const asking = { kind: "directory", target: "directory", reason: "New" };
  const { id } = await ok(201, "POST", "/approvals", "admin", asking);
  await ok(200, "GET", "/approvals?state=pending", "auditor");
  await ok(200, "POST", `/approvals/${String(id)}/decision`, "compliance", { decision: "approved" });
  const template = {
    name: "Form",
    purpose: "portal",
    texts: {
      en: { text: "{practice}: new form. Read: {link} Call {phone}. Reply STOP to end", reviewer: "A. Lee" },
      es: { text: "{practice}: nueva hoja. Lea: {link} Tel. {phone}. STOP para salir", reviewer: "L. Vega" },
    },
  };
  const written = await ok(201, "POST", "/templates", "frontdesk", template);
  const path = `/templates/${String(written["id"])}`;
  await ok(200, "POST", `${path}/approval`, "compliance", { version: 1 });
  await ok(200, "GET", path, "integration");
  await ok(200, "GET", "/templates?limit=5", "clinician");
  await ok(200, "GET", "/vocabulary", "auditor");
  await ok(204, "DELETE", path, "compliance");
}

/** Files go both ways; one is taken back and one is never sent. */
async function exchangeFiles(host: LocalHost): Promise<void> {
  const post = async ({ upload }: Readonly<Record<string, unknown>>, content: Uint8Array) => {
    const { url, fields } = upload as { readonly url: string; readonly fields: Record<string, string> };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("file", new Blob([new Uint8Array(content)]));
    expect((await fetch(url, { method: "POST", body: form })).status).toBe(204);
    await host.settled();
  };
  const file = { fileName: "knee.jpg", contentType: "image/jpeg", sizeBytes: 10_000 };
  const once = { "Idempotency-Key": "planes-knee" };
  const asked = await expecting(201, host.api("POST", "/attachments", file, "integration", once));
  await post(asked, phonePhoto());
  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient, { attachments: [asked["id"]] });
  const { answer } = await openLink(host, patient, link);
  const { cookies } = answer;
  const shown = await host.portal(`${link}/attachments/${String(asked["id"])}`, undefined, cookies);
  expect(shown.status).toBe(303);
  expect((await fetch(shown.headers.get("location") ?? "")).status).toBe(200);
  const found = await expecting(
    200,
    host.api("GET", `/attachments/${String(asked["id"])}`, undefined, "clinician"),
  );
  expect((await fetch((found["download"] as { readonly url: string }).url)).status).toBe(200);
  const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
  const own = await fetch(`${link}/attachments`, {
    method: "POST",
    headers: { Cookie: cookie, "Content-Type": "application/json" },
    body: JSON.stringify(file),
  });
  const upload = (await own.json()) as Readonly<Record<string, unknown>>;
  await post(upload, phonePhoto());
  expect((await host.portal(`${link}/attachments`, undefined, cookies)).status).toBe(200);
  const removal = `${link}/attachments/${String(upload["id"])}/removal`;
  expect((await host.portal(removal, {}, cookies)).status).toBe(303);
}

/** A patient is asked by text, says yes, and ends all texts; others end them by staff, and in the portal as another. */
async function agreeAndEnd(host: LocalHost): Promise<void> {
  const asked = await registerPatient(host);
  const permission = { how: "At check-in, verbally", when: "2026-01-05" };
  const question = { purpose: "portal", permission };
  const path = `/patients/${asked.id}`;
  await expecting(202, host.api("POST", `${path}/consent-requests`, question, "frontdesk"));
  await host.settled();
  await patientTexts(host, asked, "YES");
  const optOut = { channel: "all", method: "verbal", evidence: "Voicemail of today" };
  const ended = await expecting(201, host.api("POST", `${path}/opt-outs`, optOut, "clinician"));
  expect(ended["revoked"]).toMatchObject([{ purpose: "portal", channel: "sms" }]);

  const patient = await consentingPatient(host);
  const link = await sendLink(host, patient);
  const { answer } = await openLink(host, patient, link);
  const stopped = await host.portal(`${link}/preferences`, { stopTexts: "yes" }, answer.cookies);
  expect(stopped.status).toBe(303);
  expect((await host.portal(`${link}/preferences`, undefined, answer.cookies)).status).toBe(200);
  expect((await host.portal(`${link}/wrong-person`, {})).status).toBe(200);
  expect((await host.portal(new URL("real", link).href)).status).toBe(200);
}

/** Patients whose number takes no text get an e-mail instead: one complains of it, the other unsubscribes. */
async function getEmails(host: LocalHost): Promise<void> {
  for (const email of ["complains@practice.example", "unsubscribes@practice.example"]) {
    const patient = await consentingPatient(host, { email });
    await consentToEmail(host, patient);
    await sendMessage(host, patient);
    const { id } = await newestText(host, patient);
    await expecting(202, host.local("POST", `/texts/${id}/events`, { eventType: "TEXT_INVALID" }));
    await host.settled();
    const sent = await emailTo(host, email);
    if (email.startsWith("complains")) {
      await expecting(202, host.local("POST", `/emails/${sent.id}/events`, { eventType: "Complaint" }));
    } else {
      const address = `${linkIn(sent)}/unsubscribe`;
      expect((await host.portal(address)).status).toBe(200);
      const answer = await host.portal(address, { "List-Unsubscribe": "One-Click" });
      expect(answer.status).toBe(200);
    }
    await host.settled();
  }
}

/** What is called where STOP goes to the carrier alone: one is learnt from a text that it refuses, one from its list. */
async function callsWhereCarrierHearsStop(): Promise<readonly RecordedCall[]> {
  const copy = await copyTemplate(withCarrierOptOuts);
  try {
    const host = await startPractice({ templatePath: copy.templatePath });
    try {
      const texted = await consentingPatient(host);
      const silent = await consentingPatient(host);
      for (const patient of [texted, silent]) await patientTexts(host, patient, "STOP");
      const message = await sendMessage(host, texted);
      await host.settled();
      expect(await alertOf(host, message)).toMatchObject({ status: "failed", reason: OPTED_OUT });
      await host.advance(DAY_SECONDS);
      await host.settled();
      expect(await postMessage(host, silent)).toMatchObject({ body: { code: "consent_revoked" } });
      return await callsOf(host);
    } finally {
      await host.stop();
    }
  } finally {
    copy.remove();
  }
}

/** Every method of the template with its stage, such as `GET /v1/patients/{id}`. */
function methodsOf({ Resources }: PlainTemplate): readonly string[] {
  const text = (value: unknown) => JSON.stringify(value);
  const pathOf = (reference: unknown): string => {
    const id = (reference as { readonly Ref?: string }).Ref;
    const properties = id === undefined ? undefined : Resources[id]?.Properties;
    if (properties === undefined) return "";
    return `${pathOf(properties["ParentId"])}/${String(properties["PathPart"])}`;
  };
  const stages = Object.values(Resources).filter(({ Type }) => Type === "AWS::ApiGateway::Stage");
  return Object.values(Resources)
    .filter(({ Type }) => Type === "AWS::ApiGateway::Method")
    .map(({ Properties }) => {
      const stage = stages.find(
        (each) => text(each.Properties["RestApiId"]) === text(Properties["RestApiId"]),
      );
      const name = String(stage?.Properties["StageName"]);
      return `${String(Properties["HttpMethod"])} /${name}${pathOf(Properties["ResourceId"])}`;
    });
}

/** Logical ids of the functions, without the hash that the CDK adds. */
function functionsOf({ Resources }: PlainTemplate): readonly string[] {
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
    .map(([logicalId]) => logicalId.replace(/[0-9A-F]{8}$/u, ""));
}

/** What a function's role may do, a line for each action and resource, apart from what holds by way of a service. */
function grantsOf(template: PlainTemplate, functionId: string): readonly Grant[] {
  return statementsOf(template, functionId)
    .filter((statement) => !holdsByWayOfAService(statement))
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          const [resourceId] =
            (resource as { readonly "Fn::GetAtt"?: readonly string[] })["Fn::GetAtt"] ?? [];
          return { functionId, action, resourceId: resourceId ?? String(resource) };
        }),
      ),
    );
}

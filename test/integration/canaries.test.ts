import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aPng } from "../support/files.ts";
import type { HostUser, LocalHost } from "../support/host.ts";
import {
  codeIn,
  consentToEmail,
  decide,
  emailTo,
  expecting,
  linkIn,
  newestText,
  patientTexts,
  registerPatient,
  sendMessage,
  startPractice,
  type TestPatient,
  wrongCode,
} from "../support/practice.ts";
import { type RawAnswer, rawRequest } from "../support/raw-request.ts";
import { exportedTables } from "../support/table-export.ts";

const BIRTH_DATE = "1931-02-17";
const MOBILE_PHONE = "+12065550731";
/** Of two patients. */
const SHARED_PHONE = "+12065550732";
/** Of nobody we know. */
const STRANGERS_PHONE = "+13125550733";
const ABROAD = "+442071838750";
/** Of no phone. */
const SHORT_NUMBER = "+7431997";
const EMAIL = "qzx-somebody@patient.example";
const WRONG_BIRTH_DATE = "1931-11-29";
const SESSION_COOKIE_LENGTH = 43;

let host: LocalHost;
let patient: TestPatient;
let messageId: string;
let threadPage: string;
const canaries: string[] = [];
/** Those that stood in what somebody texted. */
const texted: string[] = [];
const errors: RawAnswer[] = [];
const pages: RawAnswer[] = [];
/** Addresses and answers of the bucket, which stand in logs and browsers. */
const fromBucket: string[] = [];
/** What those see of files who may know their names. */
const namesShown: { readonly name: string; readonly shown: string }[] = [];

/** A string that occurs nowhere else. */
function canary(length = 16): string {
  const made = `Zq${randomBytes(length).toString("hex")}`.slice(0, length);
  canaries.push(made);
  return made;
}

beforeAll(async () => {
  host = await startPractice();
  await plantInPatientsAndMessages();
  await plantInFilesOfStaff();
  await plantInRefusedRequests();
  await plantInPortal();
  await plantInDecisions();
  await plantInVisits();
  await plantInImports();
  await plantInWordings();
  await plantInTexts();
  await plantAroundEmails();
  await host.advance(120);
  await host.settled();
});
afterAll(() => host.stop());

type Planted = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly user?: HostUser;
  readonly headers?: readonly string[];
};

/** Sends a request to the staff API with canaries in headers, cookie and query besides those that it has. */
async function plant({ method, path, body, user = "frontdesk", headers = [] }: Planted): Promise<RawAnswer> {
  const separator = path.includes("?") ? "&" : "?";
  const reads = method === "GET";
  const answer = await rawRequest(host, {
    method,
    path: reads ? `/v1${path}` : `/v1${path}${separator}${canary()}=${canary()}`,
    headers: [
      ...(headers.includes("Authorization") ? [] : ["Authorization", `Bearer ${await host.token(user)}`]),
      ...(headers.includes("Content-Type") ? [] : ["Content-Type", "application/json"]),
      ...["User-Agent", canary(), "Referer", `https://${canary()}.example/`, "X-Forwarded-For", canary()],
      ...["Cookie", `${canary()}=${canary()}`, `X-${canary()}`, canary(), "Traceparent", canary()],
      ...headers,
    ],
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  if (answer.status >= 400) errors.push(answer);
  return answer;
}

async function accepted(status: number, request: Planted): Promise<Readonly<Record<string, unknown>>> {
  const answer = await plant(request);
  const text = answer.body.toString("utf8");
  if (answer.status !== status)
    throw new Error(`${request.method} ${request.path}: ${String(answer.status)} ${text}`);
  return text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}

const keyed = () => ["Idempotency-Key", canary(60)];

async function plantInPatientsAndMessages(): Promise<void> {
  const externalId = canary();
  const registration = {
    externalId,
    givenName: canary(),
    familyName: canary(),
    birthDate: BIRTH_DATE,
    mobilePhone: MOBILE_PHONE,
    email: `${canary()}@${canary()}.example`,
  };
  const { id } = await accepted(201, {
    method: "POST",
    path: "/patients",
    body: registration,
    headers: keyed(),
  });
  patient = { id: String(id), externalId, mobilePhone: MOBILE_PHONE, birthDate: BIRTH_DATE };
  await accepted(200, { method: "POST", path: "/patients/lookup", body: { externalId } });
  await accepted(200, { method: "GET", path: `/patients/${patient.id}` });
  await accepted(200, {
    method: "PATCH",
    path: `/patients/${patient.id}`,
    body: { givenName: canary(), familyName: canary(), email: `${canary()}@patient.example` },
  });
  const consent = {
    purpose: "portal",
    channel: "sms",
    decision: "granted",
    method: "paper",
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
    evidence: canary(200),
  };
  const consents = `/patients/${patient.id}/consents`;
  await accepted(201, { method: "POST", path: consents, body: consent, headers: keyed() });
  await accepted(200, { method: "GET", path: consents });

  const words = () => ({
    patientId: patient.id,
    purpose: "portal",
    subject: `Diabetes ${canary()}`,
    body: `Start metformin ${canary()} and call ${canary(400)}`,
    reference: canary(100),
  });
  await accepted(200, { method: "POST", path: "/messages/preview", body: words() });
  const message = words();
  const key = keyed();
  const sent = await accepted(202, { method: "POST", path: "/messages", body: message, headers: key });
  messageId = String(sent["id"]);
  const threadId = String(sent["threadId"]);
  await accepted(202, { method: "POST", path: "/messages", body: message, headers: key });
  await plant({ method: "POST", path: "/messages", body: { ...message, body: canary() }, headers: key });
  await accepted(202, {
    method: "POST",
    path: "/messages",
    body: { ...words(), threadId, deliver: "portal-only" },
    headers: keyed(),
  });
  await accepted(200, { method: "POST", path: "/classifications", body: { text: `Metformin ${canary()}` } });
  const thread = `/threads/${threadId}`;
  await accepted(201, { method: "POST", path: `${thread}/notes`, body: { text: canary(80) } });
  await accepted(200, { method: "GET", path: thread, user: "clinician" });
  await accepted(200, { method: "GET", path: `/messages/${messageId}` });
}

type Form = { readonly url: string; readonly fields: Readonly<Record<string, string>> };

/** Posts a file to the bucket as a browser does, which tells it the file's name. */
async function postFile({ url, fields }: Form, name: string): Promise<void> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new Blob([new Uint8Array(aPng())]), name);
  const answer = await fetch(url, { method: "POST", body: form });
  expect(answer.status).toBe(204);
  fromBucket.push(JSON.stringify([url, fields, [...answer.headers]]));
  await host.settled();
}

async function fetchFile(address: string): Promise<void> {
  const answer = await fetch(address);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(aPng());
  fromBucket.push(address, decodeURIComponent(address), JSON.stringify([...answer.headers]));
}

const aFile = () => ({ fileName: `${canary()}.png`, contentType: "image/png", sizeBytes: 50_000 });

/** A file of staff with a name, in a message, opened by staff. */
async function plantInFilesOfStaff(): Promise<void> {
  const file = aFile();
  const asking = { method: "POST", path: "/attachments", body: file, headers: keyed() } as const;
  const { id, upload } = await accepted(201, asking);
  await postFile(upload as Form, file.fileName);
  const message = { patientId: patient.id, purpose: "portal", body: "Enclosed.", deliver: "portal-only" };
  const sent = { ...message, attachments: [id] };
  const { threadId } = await accepted(202, {
    method: "POST",
    path: "/messages",
    body: sent,
    headers: keyed(),
  });
  const opening = { method: "GET", path: `/attachments/${String(id)}`, user: "clinician" } as const;
  const opened = await accepted(200, opening);
  await fetchFile((opened["download"] as { readonly url: string }).url);
  const thread = await accepted(200, { ...opening, path: `/threads/${String(threadId)}` });
  for (const shown of [opened, thread])
    namesShown.push({ name: file.fileName, shown: JSON.stringify(shown) });

  for (const body of [
    { ...aFile(), contentType: canary() },
    { ...aFile(), sizeBytes: canary() },
    { ...aFile(), [canary()]: 1 },
    { ...aFile(), fileName: `${canary()}\u0000` },
  ])
    expect((await plant({ ...asking, body })).status).toBe(400);
  await plant({ ...opening, path: `/attachments/${canary()}` });
}

/** A file of a patient with a name, opened by the patient. */
async function plantInFilesOfPatients(pathname: string, session: string): Promise<void> {
  const ask = async (body: object) => {
    const answer = await rawRequest(host, {
      method: "POST",
      path: `${pathname}/attachments`,
      headers: ["Cookie", session, "Content-Type", "application/json"],
      body: JSON.stringify(body),
    });
    pages.push(answer);
    return answer;
  };
  const get = (path: string) =>
    rawRequest(host, { method: "GET", path: `${pathname}${path}`, headers: ["Cookie", session] });
  const file = aFile();
  const asked = await ask(file);
  expect(asked.status).toBe(201);
  const { id, upload } = JSON.parse(asked.body.toString("utf8")) as { id: string; upload: Form };
  await postFile(upload, file.fileName);
  for (const path of ["/attachments", "/thread"]) {
    const page = await get(path);
    namesShown.push({ name: file.fileName, shown: page.body.toString("utf8") });
  }
  await fetchFile((await get(`/attachments/${id}`)).headers["location"] ?? "");

  for (const body of [
    { ...aFile(), contentType: canary() },
    { ...aFile(), sizeBytes: 26_214_401 },
  ])
    expect((await ask(body)).status).toBeGreaterThanOrEqual(400);
  pages.push(await get(`/attachments/${canary()}`));
}

async function plantInRefusedRequests(): Promise<void> {
  const paths = [
    `/${canary()}`,
    `/patients/${canary()}`,
    `/patients/pat_${canary(26).toUpperCase()}`,
    `/patients/${canary()}/consents`,
    `/patients/${patient.id}/${canary()}`,
    `/patients/${patient.id}/messages?limit=${canary()}`,
    `/patients/${patient.id}/messages?cursor=${canary()}`,
    `/patients/${patient.id}/consents?cursor=${canary()}&${canary()}=1`,
    `/messages/${canary()}`,
    `/threads?state=${canary()}`,
    `/threads?assignee=${canary()}`,
    `/threads?cursor=${canary()}`,
    `/threads/${canary()}`,
    `/tasks?kind=${canary()}`,
    `/tasks?cursor=${canary()}`,
    `/patients/${patient.id}/consents?format=${canary()}`,
    `/vendors/${canary()}`,
    `/%2e%2e/${canary()}`,
    `/patients/%00${canary()}`,
    `/patients/%zz${canary()}`,
  ];
  for (const path of paths) await plant({ method: "GET", path });

  const token = (claims: object) =>
    [{ alg: "none", kid: canary() }, claims, { s: canary() }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
  for (const value of [
    canary(),
    `Bearer ${canary()}`,
    `Basic ${canary()}`,
    `Bearer ${token({ sub: canary(), "cognito:groups": [canary()], username: canary() })}`,
    `Bearer ${await host.token("clinician")}${canary()}`,
  ]) {
    await plant({ method: "GET", path: "/practice", headers: ["Authorization", value] });
  }

  const body = () => ({ patientId: patient.id, purpose: "portal", body: `Metformin ${canary()}` });
  const question = () => ({ purpose: "survey", permission: { how: canary(), when: "2026-01-05" } });
  const optOut = () => ({ channel: "all", method: "verbal", evidence: canary() });
  const decisions = `/patients/${patient.id}`;
  const settings = { timeZone: "America/Denver", officeHours: {} };
  const refused: readonly Planted[] = [
    { method: "POST", path: "/messages", body: { ...body(), [canary()]: canary() }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), purpose: canary() }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), purpose: "billing" }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), purpose: "marketing" }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), patientId: canary() }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), attachments: [canary()] }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), expiresAt: canary() }, headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), body: `\u0000${canary()}` }, headers: keyed() },
    { method: "POST", path: "/messages", body: `{"patientId":"${canary()}`, headers: keyed() },
    { method: "POST", path: "/messages", body: `{"${canary()}":1,"${canary()}":`, headers: keyed() },
    { method: "POST", path: "/messages", body: canary(), headers: keyed() },
    { method: "POST", path: "/messages", body: body(), headers: ["Idempotency-Key", canary(300)] },
    { method: "POST", path: "/messages", body: body(), headers: ["Idempotency-Key", canary(), ...keyed()] },
    { method: "POST", path: "/messages", body: body(), user: "auditor", headers: keyed() },
    { method: "POST", path: "/messages", body: { ...body(), body: canary().repeat(5000) }, headers: keyed() },
    { method: "POST", path: "/messages", body: body(), headers: ["Content-Type", `application/${canary()}`] },
    { method: "POST", path: `/messages/${messageId}/revocation`, body: { reason: "", why: canary() } },
    { method: "POST", path: "/patients", body: { externalId: canary(), birthDate: canary() } },
    { method: "POST", path: "/patients/lookup", body: { externalId: canary() } },
    { method: "PATCH", path: `/patients/${patient.id}`, body: { mobilePhone: canary() } },
    { method: "PATCH", path: `/patients/${patient.id}`, body: { timeZone: canary() } },
    {
      method: "PATCH",
      path: `/patients/${patient.id}`,
      body: { givenName: canary() },
      headers: ["If-Match", canary()],
    },
    { method: "PATCH", path: `/threads/${canary()}`, body: { state: "closed" } },
    { method: "PUT", path: "/practice", body: { timeZone: canary(), officeHours: {} }, user: "admin" },
    {
      method: "PUT",
      path: "/practice",
      body: { timeZone: "America/Denver", officeHours: { [canary()]: [] } },
      user: "admin",
    },
    { method: "PUT", path: "/practice/switches", body: { sending: canary(), portal: true }, user: "admin" },
    { method: "PUT", path: "/vendors/aws", body: { baaSignedOn: canary() }, user: "compliance" },
    {
      method: "PUT",
      path: "/practice",
      body: { ...settings, quietHours: { from: canary(), to: "08:00" } },
      user: "admin",
    },
    {
      method: "PUT",
      path: "/practice",
      body: { ...settings, caps: { perDay: canary(), perWeek: 3 } },
      user: "admin",
    },
    { method: "POST", path: `${decisions}/consent-requests`, body: { ...question(), purpose: canary() } },
    {
      method: "POST",
      path: `${decisions}/consent-requests`,
      body: { purpose: "survey", permission: { how: canary(), when: canary() } },
    },
    {
      method: "POST",
      path: `${decisions}/consent-requests`,
      body: { purpose: "survey", permission: { how: canary(), when: "2099-01-05" } },
    },
    { method: "POST", path: `${decisions}/consent-requests`, body: question(), user: "auditor" },
    { method: "POST", path: `/patients/${canary()}/consent-requests`, body: question() },
    { method: "POST", path: `${decisions}/opt-outs`, body: { ...optOut(), channel: canary() } },
    { method: "POST", path: `${decisions}/opt-outs`, body: { ...optOut(), method: canary() } },
    { method: "POST", path: `${decisions}/opt-outs`, body: { ...optOut(), evidence: canary(1200) } },
    { method: "POST", path: `/patients/pat_${"0".repeat(26)}/opt-outs`, body: optOut() },
    { method: "PUT", path: `${decisions}/preferences`, body: { language: canary() } },
    { method: "POST", path: `/tasks/${canary()}/completion`, body: { note: canary() } },
    { method: "POST", path: `/tasks/tsk_${"0".repeat(26)}/completion`, body: { note: canary() } },
    { method: "POST", path: `/tasks/tsk_${"0".repeat(26)}/completion`, body: { outcome: canary() } },
    { method: "DELETE", path: `/messages/${canary()}` },
    { method: "POST", path: "/classifications", body: { text: canary(), direction: canary() } },
  ];
  for (const request of refused) {
    const answer = await plant(request);
    if (answer.status < 400) throw new Error(`${request.method} ${request.path} was not refused.`);
  }
  const assigned = await plant({
    method: "PATCH",
    path: `/threads/${await threadOf()}`,
    body: { assignee: `staff_${canary()}` },
  });
  expect(assigned.status).toBe(400);
  await accepted(204, {
    method: "POST",
    path: `/messages/${messageId}/revocation`,
    body: { reason: canary(400) },
  });
}

async function threadOf(): Promise<string> {
  const { threadId } = await accepted(200, { method: "GET", path: `/messages/${messageId}` });
  return String(threadId);
}

async function plantInPortal(): Promise<void> {
  await plantInStrangersRequests();
  await expecting(
    202,
    host.api(
      "POST",
      "/messages",
      { patientId: patient.id, purpose: "portal", body: `Metformin ${canary()}`, threadId: await threadOf() },
      "clinician",
      { "Idempotency-Key": canary() },
    ),
  );
  const link = linkIn(await newestText(host, patient));
  const { pathname } = new URL(link);
  const forms = [
    `birthDate=${canary()}&code=${canary()}&${canary()}=${canary()}`,
    `birthDate=${WRONG_BIRTH_DATE}`,
    `birthDate=${BIRTH_DATE}&birthDate=${canary()}`,
  ];
  for (const form of forms) await visit("POST", pathname, form);
  const cookies = await visit("POST", pathname, `birthDate=${BIRTH_DATE}&pin=${canary()}`);
  const text = await newestText(host, patient);
  await visit("POST", pathname, `code=${wrongCode(text)}&${canary()}=1`, cookies);
  const session = await visit("POST", pathname, `code=${codeIn(text)}`, cookies);
  const thread = await rawRequest(host, {
    method: "GET",
    path: `${pathname}/thread?${canary()}=${canary()}`,
    headers: ["Cookie", session],
  });
  threadPage = thread.body.toString("utf8");
  await plantInFilesOfPatients(pathname, session);
  await visit("POST", `${pathname}/preferences`, `stopTexts=${canary()}`, session);
  await visit("GET", `${pathname}/preferences`, undefined, session);
  for (const form of [
    `change=${canary()}&${canary()}=1`,
    `change=consents&had=${canary()}&want=${canary()}&unsecuredText=${canary()}`,
    `change=quiet-hours&from=${canary()}&to=${canary()}`,
    `change=language&language=${canary()}`,
    `change=pin&pin=${canary()}&pinAgain=${canary()}`,
    `change=forget-device&device=${canary()}`,
  ])
    await visit("POST", `${pathname}/preferences`, form, session);
}

/** Canaries in what staff write down of a patient's own word. */
async function plantInDecisions(): Promise<void> {
  const { id } = await registerPatient(host);
  const question = { purpose: "portal", permission: { how: canary(400), when: "2026-01-05" } };
  const path = `/patients/${id}`;
  const key = keyed();
  const ask = { method: "POST", path: `${path}/consent-requests`, body: question, headers: key };
  await accepted(202, ask);
  await accepted(202, ask);
  await plant({ ...ask, body: { ...question, permission: { how: canary(), when: "2026-01-05" } } });
  await plant({ ...ask, body: question, headers: keyed() });
  const optOut = { channel: "all", method: "verbal", evidence: canary(900) };
  await decide(host, { id }, "granted");
  await accepted(201, { method: "POST", path: `${path}/opt-outs`, body: optOut, headers: keyed() });
  const consents = await accepted(200, { method: "GET", path: `${path}/consents` });
  expect(JSON.stringify(consents["history"])).toContain(optOut.evidence);
  await host.settled();
}

/** Canaries in what a scheduling system says of visits; what it calls them is shown to staff and nowhere else. */
async function plantInVisits(): Promise<void> {
  const startsAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
  const visit = () => ({ patientId: patient.id, startsAt, status: "booked" });
  const put = (externalId: string, body: object) =>
    plant({
      method: "PUT",
      path: `/appointments/${externalId}`,
      body,
      user: "integration",
      headers: keyed(),
    });
  for (const removed of [false, true]) {
    const externalId = canary();
    const places = { locationId: canary(), providerId: canary() };
    expect((await put(externalId, { ...visit(), ...places })).status).toBe(201);
    const path = `/appointments/${externalId}`;
    const shown = await accepted(200, { method: "GET", path });
    expect(JSON.stringify(shown)).toContain(externalId);
    const list = await accepted(200, { method: "GET", path: `/appointments?date=${String(shown["day"])}` });
    expect(JSON.stringify(list)).toContain(externalId);
    if (removed) await accepted(204, { method: "DELETE", path });
  }
  for (const fields of [
    { reason: canary() },
    { [canary()]: canary() },
    { startsAt: canary() },
    { status: canary() },
    { timeZone: canary() },
    { patientId: canary() },
    { locationId: canary(200) },
    { reminderOffsets: [canary()] },
    { sourceVersion: canary() },
  ])
    expect((await put(canary(), { ...visit(), ...fields })).status).toBeGreaterThanOrEqual(400);
  expect((await put(canary(300), visit())).status).toBe(404);
  await plant({ method: "GET", path: `/appointments/${canary()}` });
  await plant({ method: "DELETE", path: `/appointments/${canary()}` });
  for (const filter of ["date", "date=2026-12-01&state", "date=2026-12-01&cursor"])
    await plant({ method: "GET", path: `/appointments?${filter}=${canary()}` });
}

/** Canaries in files with patients and visits: names, record numbers, reasons, unknown columns, rows that are refused. */
async function plantInImports(): Promise<void> {
  const shown: string[] = [];
  const send = async (kind: string, lines: readonly string[]) => {
    const asking = {
      method: "POST",
      path: "/imports",
      body: { kind, dryRun: false },
      headers: keyed(),
    } as const;
    const { id, upload } = await accepted(202, asking);
    const { url, fields } = upload as Form;
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append("file", new Blob([`${lines.join("\n")}\n`]), `${canary()}.csv`);
    const answer = await fetch(url, { method: "POST", body: form });
    expect(answer.status).toBe(204);
    fromBucket.push(JSON.stringify([url, fields, [...answer.headers]]));
    await host.settled();
    const looked = await accepted(200, { method: "GET", path: `/imports/${String(id)}` });
    shown.push(JSON.stringify(looked));
    return looked;
  };
  const mrn = canary();
  const patients = await send("patients", [
    `MRN,First Name,Last Name,DOB,Cell Phone,Diagnosis,${canary()}`,
    `${mrn},${canary()},${canary()},${BIRTH_DATE},(206) 555-0739,Diabetes ${canary()},${canary()}`,
    `${canary()},${canary()},${canary()},${canary()},${canary()},${canary()},`,
    `${canary()},"${canary()}`,
  ]);
  expect(patients).toMatchObject({ counts: { created: 1 } });
  const day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const visits = await send("appointments", [
    "Appointment ID,MRN,Date,Time,Status,Visit Type,Reason",
    `${canary()},${mrn},${day},9:30 AM,Booked,Colonoscopy ${canary()},"Metformin, ${canary()}"`,
    `${canary()},${canary()},${day},9:30 AM,Booked,${canary()},${canary()}`,
    `${canary()},${mrn},${canary()},${canary()},${canary()},${canary()},${canary()}`,
  ]);
  expect(visits).toMatchObject({ counts: { created: 1, refused: 2 } });
  expect(findings({ "what is told of imports": shown.join("\n") }, canaries)).toEqual([]);
  for (const body of [{ kind: canary() }, { kind: "patients", dryRun: canary() }, { [canary()]: 1 }])
    await plant({ method: "POST", path: "/imports", body, headers: keyed() });
  await plant({ method: "GET", path: `/imports/${canary()}` });
}

/** Canaries in words and names that the practice may not use. */
async function plantInWordings(): Promise<void> {
  const text = (words: string) => ({ text: words, reviewer: canary() });
  const template = () => ({
    name: canary(),
    purpose: "portal",
    texts: { en: text(`{practice}: HIV ${canary()} {${canary()}}`), es: text(`{practice}: VIH ${canary()}`) },
  });
  const settings = { timeZone: "America/Denver", officeHours: {} };
  const directory = (textName: string) => ({
    locations: [{ id: canary(), name: canary(), textName }],
    providers: [],
    pharmacies: [],
  });
  const message = { patientId: patient.id, purpose: "portal", body: `Metformin ${canary()}` };
  const refused: readonly Planted[] = [
    { method: "POST", path: "/templates", body: template(), headers: keyed() },
    { method: "POST", path: "/templates", body: { ...template(), use: canary() }, headers: keyed() },
    { method: "POST", path: "/templates", body: { ...template(), id: canary() }, headers: keyed() },
    { method: "GET", path: `/templates/${canary()}` },
    { method: "GET", path: `/templates?cursor=${canary()}` },
    { method: "DELETE", path: `/templates/${canary()}`, user: "compliance" },
    { method: "POST", path: `/templates/${canary()}/approval`, body: {}, user: "compliance" },
    { method: "GET", path: `/vocabulary?at=${canary()}` },
    {
      method: "PUT",
      path: "/practice",
      body: { ...settings, directory: directory(`HIV ${canary()}`) },
      user: "admin",
    },
    {
      method: "PUT",
      path: "/practice",
      body: { ...settings, directory: directory(canary(60)) },
      user: "admin",
    },
    {
      method: "POST",
      path: "/approvals",
      body: { kind: "directory", target: canary(), reason: canary() },
      user: "admin",
      headers: keyed(),
    },
    {
      method: "POST",
      path: "/approvals",
      body: { kind: canary(), target: "directory", reason: canary() },
      user: "admin",
    },
    {
      method: "POST",
      path: `/approvals/${canary()}/decision`,
      body: { decision: canary() },
      user: "compliance",
    },
    { method: "POST", path: "/messages", body: { ...message, template: { id: canary() } }, headers: keyed() },
    {
      method: "POST",
      path: "/messages/preview",
      body: { ...message, template: { id: "message", locationId: canary() } },
    },
  ];
  for (const request of refused) {
    const { status } = await plant(request);
    if (status < 400) throw new Error(`${request.method} ${request.path} was not refused.`);
  }
}

/** Somebody texts the practice; gives the canary in it. */
async function text(from: string, words: string): Promise<string> {
  const hidden = canary();
  texted.push(hidden);
  await patientTexts(host, { mobilePhone: from }, words.replace("?", hidden));
  return hidden;
}

/** The open tasks of a kind, newest last. */
async function tasksOf(kind: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { items } = await accepted(200, { method: "GET", path: `/tasks?kind=${kind}&limit=100` });
  return items as readonly Readonly<Record<string, unknown>>[];
}

/** Canaries in what a patient, one of two patients, a stranger and a number abroad text. */
async function plantInTexts(): Promise<void> {
  const asked = await text(MOBILE_PHONE, "Which door is it, ? or the other");
  const [task] = await tasksOf("reply");
  const thread = {
    method: "GET",
    path: `/threads/${String(task?.["threadId"])}`,
    user: "clinician",
  } as const;
  const note = canary(900);
  const completion = `/tasks/${String(task?.["id"])}/completion`;
  await accepted(200, { method: "POST", path: completion, body: { note }, headers: keyed() });
  await plant({ method: "POST", path: completion, body: { note: canary() }, headers: keyed() });
  const patients = JSON.stringify(await accepted(200, thread));
  for (const shown of [asked, note]) expect(patients).toContain(shown);

  for (const words of ["I want to end it all ?", "please stop texting me ?", "START ?", "STOP ?"])
    await text(MOBILE_PHONE, words);
  await patientTexts(host, patient, "STOP");

  for (let count = 0; count < 2; count += 1)
    await decide(host, await registerPatient(host, { mobilePhone: SHARED_PHONE }), "granted");
  for (const words of ["Is it mine or hers ?", "Wrong number, please stop texting me ?", "STOP ?"])
    await text(SHARED_PHONE, words);

  const greeting = await text(STRANGERS_PHONE, "Is this the office ?");
  const [sender] = await tasksOf("unknown-sender");
  const page = { ...thread, path: `/threads/${String(sender?.["threadId"])}` };
  const strangers = JSON.stringify(await accepted(200, page));
  for (const shown of [greeting, STRANGERS_PHONE]) expect(strangers).toContain(shown);
  for (const words of ["HELP ?", "STOP texting me ?", "START ?"]) await text(STRANGERS_PHONE, words);
  await text(ABROAD, "Hello from abroad ?");
  await text(SHORT_NUMBER, "Your package waits, see ?");
  const twice = { from: MOBILE_PHONE, body: `Twice ${canary()}`, inboundMessageId: randomUUID() };
  texted.push(String(canaries.at(-1)));
  for (let count = 0; count < 2; count += 1) await expecting(202, host.local("POST", "/texts", twice));

  // Where it fails, it must not say of what.
  const fault = { function: "receive-text", service: "dynamodb", action: "TransactWriteItems" };
  for (const [kind, from] of [
    ["throttle", STRANGERS_PHONE],
    ["crash", MOBILE_PHONE],
    ["timeout", SHARED_PHONE],
  ] as const) {
    await expecting(200, host.local("POST", "/faults", { ...fault, kind, when: "before", times: 20 }));
    await text(from, "Which door is it, ? or the other");
    await host.local("DELETE", "/faults");
    await host.advance(600);
    await host.settled();
  }
}

/** Canaries around an e-mail that took a text's place, which bounces and is complained of. */
async function plantAroundEmails(): Promise<void> {
  const reached = await registerPatient(host, { email: EMAIL, givenName: canary(), familyName: canary() });
  await decide(host, reached, "granted");
  await consentToEmail(host, reached);
  await sendMessage(host, reached, { subject: canary(), body: `Start metformin ${canary()}` });
  const { id } = await newestText(host, reached);
  await expecting(202, host.local("POST", `/texts/${id}/events`, { eventType: "TEXT_INVALID" }));
  await host.settled();
  const email = await emailTo(host, EMAIL);
  for (const eventType of ["Bounce", "Complaint"])
    await expecting(202, host.local("POST", `/emails/${email.id}/events`, { eventType }));
  const { pathname } = new URL(linkIn(email));
  await visit("GET", `${pathname}/unsubscribe`);
  await visit("POST", `${pathname}/unsubscribe`, `List-Unsubscribe=One-Click&${canary()}=${canary()}`);
  await host.settled();
}

async function plantInStrangersRequests(): Promise<void> {
  for (const path of [`/m/${canary()}`, `/m/${canary(44)}`, `/m/${canary()}/thread`, `/m/x/${canary()}`])
    await visit("GET", path);
  for (const form of [`birthDate=${canary()}&code=${canary()}`, `${canary()}=${canary()}`, canary()])
    await visit("POST", `/m/${canary(44)}`, form);
  await visit("POST", `/m/${canary(44)}/lock`, `lock=${canary()}`);
  await visit("POST", `/m/${canary(44)}/preferences`, `stopTexts=${canary()}&${canary()}=1`);
  await visit("POST", `/m/${canary(44)}/preferences`, "stopTexts=yes");
  await visit("POST", `/m/${canary(44)}/wrong-person`, `${canary()}=1`);
  await visit("GET", "/m/real");
  await visit("GET", `/m/${canary(44)}/unsubscribe`);
  await visit("POST", `/m/${canary(44)}/unsubscribe`, `List-Unsubscribe=${canary()}`);
  await visit("POST", `/m/${canary(44)}/unsubscribe`, `List-Unsubscribe=One-Click&${canary()}=${canary()}`);
  await visit("POST", `/m/${canary(44)}`, `birthDate=${canary().repeat(5000)}`);
  pages.push(
    await rawRequest(host, {
      method: "POST",
      path: `/m/${canary(44)}`,
      headers: ["Content-Type", `multipart/form-data; boundary=${canary()}`, "Origin", `https://${canary()}`],
      body: canary(),
    }),
  );
}

/** Opens a page of the portal with canaries around it; gives the cookies that it sets. */
async function visit(method: string, path: string, form?: string, cookies?: string): Promise<string> {
  const odd = `__Host-session=${canary(SESSION_COOKIE_LENGTH)}; ${canary()}=${canary()}`;
  const answer = await rawRequest(host, {
    method,
    path: `${path}?lang=${canary()}&${canary()}=${canary()}`,
    headers: [
      ...["User-Agent", canary(), "Accept-Language", canary(), "Referer", `https://${canary()}.example/`],
      ...["X-Forwarded-For", canary(), "X-Forwarded-Host", canary(), "Cookie", cookies ?? odd],
      ...(form === undefined ? [] : ["Content-Type", "application/x-www-form-urlencoded"]),
    ],
    ...(form === undefined ? {} : { body: form }),
  });
  // The way back from a page of a link is the link that was asked for.
  pages.push({ ...answer, headers: { ...answer.headers, location: "" } });
  return [...(answer.headers["set-cookie"] ?? "").matchAll(/__Host-(?:session|proof)=[\w-]{43}/gu)]
    .map(([cookie]) => cookie)
    .join("; ");
}

type QueueBody = { readonly queue: string; readonly body: string };

/** What stood on queues; messages of the carrier name numbers, and those of patients what they texted. */
async function queueBodies(): Promise<readonly QueueBody[]> {
  return (await expecting(200, host.local("GET", "/queues")))["items"] as readonly QueueBody[];
}

/** That queue has a key and a reader of its own, because it holds what patients text. */
const isInboundText = ({ queue }: QueueBody) => queue.includes("InboundTexts");
const isOurs = ({ queue }: QueueBody) => /UrgentAlerts|BulkAlerts/u.test(queue);

/** Everything that anybody but the addressee can see, as searchable text by where it stands. */
async function surfaces(): Promise<Readonly<Record<string, string>>> {
  const local = async (path: string) => JSON.stringify((await host.local("GET", path)).body);
  const bodies = await queueBodies();
  const tables = await exportedTables(host);
  const exported = Object.entries(tables).map(([name, items]) => [
    `export of ${name}`,
    items.map(searchable).join("\n"),
  ]);
  return {
    logs: await local("/logs"),
    "access log": await local("/access-logs"),
    "call record": await local("/calls"),
    "queue messages": JSON.stringify(bodies.filter((body) => !isInboundText(body))),
    texts: await local("/texts"),
    "e-mails": await local("/emails"),
    "the host's terminal": host.output(),
    "error answers": errors.map(searchable).join("\n"),
    "the portal's pages": pages.map(searchable).join("\n"),
    "the bucket's addresses and answers": fromBucket.join("\n"),
    "the bucket's objects": await local("/objects"),
    status: JSON.stringify((await host.api("GET", `/messages/${messageId}`, undefined, "admin")).body),
    list: JSON.stringify(
      (await host.api("GET", `/patients/${patient.id}/messages`, undefined, "admin")).body,
    ),
    tasks: await staffList("/tasks?limit=100", "compliance"),
    threads: await staffList("/threads?limit=100", "clinician"),
    ...Object.fromEntries(exported),
  };
}

/** What a list that names no content answers. */
async function staffList(path: string, user: HostUser): Promise<string> {
  return JSON.stringify((await host.api("GET", path, undefined, user)).body);
}

/** A value as text, its binary parts in every reading. */
function searchable(value: unknown): string {
  if (Buffer.isBuffer(value))
    return [value.toString("utf8"), value.toString("latin1"), value.toString("base64")].join(" ");
  if (Array.isArray(value)) return value.map(searchable).join(" ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name} ${searchable(member)}`)
    .join(" ");
}

/** A secret as it stands, and as somebody could recognize it who guesses it. */
function guises(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  const digest = createHash("sha256").update(bytes);
  const hash = digest.digest();
  const encoded = [bytes, hash].flatMap((each) => [
    each.toString("hex"),
    each.toString("base64").replace(/=+$/u, ""),
    each.toString("base64url"),
  ]);
  return [secret, secret.toLowerCase(), secret.toUpperCase(), encodeURIComponent(secret), ...encoded];
}

const BEGINNING = 8;

/** Where any guise of a secret stands. Every text is gone through once, however many secrets there are. */
function findings(found: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const needles = secrets.flatMap((secret) => guises(secret).map((guise) => ({ secret, guise })));
  const byBeginning = Map.groupBy(
    needles.filter(({ guise }) => guise.length >= BEGINNING),
    ({ guise }) => guise.slice(0, BEGINNING),
  );
  const short = needles.filter(({ guise }) => guise.length < BEGINNING);
  return Object.entries(found).flatMap(([place, text]) => {
    const met = new Set(short.filter(({ guise }) => text.includes(guise)).map(({ secret }) => secret));
    for (let at = 0; at + BEGINNING <= text.length; at += 1)
      for (const { secret, guise } of byBeginning.get(text.slice(at, at + BEGINNING)) ?? [])
        if (text.startsWith(guise, at)) met.add(secret);
    return [...met].map((secret) => `${secret} in ${place}`);
  });
}

describe("what was put into requests", () => {
  it("was taken in where it is allowed, and is shown to the patient", () => {
    expect(threadPage).toContain("Metformin");
    expect(canaries.some((each) => threadPage.includes(each))).toBe(true);
    expect(canaries.length).toBeGreaterThan(300);
    expect(errors.length).toBeGreaterThan(50);
  });

  it("is a file's name to those who may know it", () => {
    expect(namesShown).toHaveLength(4);
    for (const { name, shown } of namesShown) expect(shown).toContain(name);
  });

  it("is looked for in places that hold what they should", async () => {
    const found = await surfaces();
    expect(found["the bucket's addresses and answers"]).toMatch(/checked\/att_.*photo\.png/u);
    expect(found["the bucket's objects"]).toContain("checked/att_");
    for (const name of ["REQUEST_REFUSED", "TEXT_RECEIVED", "TEXT_IGNORED", "RECORD_FAILED"])
      expect(found["logs"]).toContain(name);
    for (const readAs of ["reply", "stop", "urgent"]) expect(found["export of Audit"]).toContain(readAs);
    expect(found["e-mails"]).toContain(EMAIL);
    expect(found["tasks"]).toContain("opt-out-review");
    expect(found["threads"]).toContain(await threadOf());
    expect(found["access log"]).toContain("/patients/{id}");
    expect(found["queue messages"]).toContain(patient.id);
    expect(found["call record"]).toContain("SendTextMessage");
    expect(found["texts"]).toContain(MOBILE_PHONE);
    for (const table of ["Patients", "Consents", "Messages", "ContentKeys", "Audit"])
      expect(found[`export of ${table}`]).toContain(patient.id);
    expect(found["export of Practice"]).toContain("vendor");
    expect(found["export of Appointments"]).toContain(patient.id);
    expect(found["the bucket's addresses and answers"]).toMatch(/imports/u);
  });

  it("stands nowhere else: not in itself, not encoded, not as a bare hash", async () => {
    expect(findings(await surfaces(), canaries)).toEqual([]);
  });

  it("stands on the queue of texts where somebody texted it, and nothing else does", async () => {
    const inbound = JSON.stringify((await queueBodies()).filter(isInboundText));
    const others = canaries.filter((each) => !texted.includes(each));
    expect(texted.length).toBeGreaterThan(15);
    expect(texted.filter((each) => !inbound.includes(each))).toEqual([]);
    expect(findings({ inbound }, others)).toEqual([]);
  });

  it("and neither does the date of birth, a number or an address, but for the texts and e-mails themselves", async () => {
    const { texts = "", "e-mails": emails = "", "queue messages": _queues, ...found } = await surfaces();
    const dates = [BIRTH_DATE, "02171931", "02/17/1931", "19310217", WRONG_BIRTH_DATE];
    const numbers = [MOBILE_PHONE, SHARED_PHONE, STRANGERS_PHONE, ABROAD, SHORT_NUMBER];
    const ways = [...numbers, ...numbers.map((number) => number.slice(2)), EMAIL];
    // The carrier's own messages name them; their queues have keys of their own for that reason.
    const bodies = await queueBodies();
    const ours = bodies.filter(isOurs);
    const places = { ...found, "our queue messages": JSON.stringify(ours) };
    expect(ours.length).toBeGreaterThan(1);
    expect(findings(places, [...dates, ...ways])).toEqual([]);
    expect(findings({ emails, texts, queues: JSON.stringify(bodies) }, dates)).toEqual([]);
    expect(findings({ texts }, [EMAIL, ABROAD])).toEqual([]);
    expect(findings({ emails }, numbers)).toEqual([]);
  });
});

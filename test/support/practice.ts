import { randomUUID } from "node:crypto";
import {
  type HostAnswer,
  type HostOptions,
  type HostText,
  type HostUser,
  type LocalHost,
  type PortalAnswer,
  startLocalHost,
} from "./host.ts";

/** A patient as the tests know it. */
export type TestPatient = {
  readonly id: string;
  readonly externalId: string;
  readonly mobilePhone: string;
  readonly birthDate: string;
};

/** An accepted message. */
export type TestMessage = { readonly id: string; readonly threadId: string };

/** An e-mail that the double accepted. */
export type TestEmail = {
  readonly id: string;
  readonly to: readonly string[] | string;
  readonly subject: string;
  readonly body: string;
};

type Body = Readonly<Record<string, unknown>>;

/** What the README's main job says. */
export const CLINICAL_BODY = "Your A1C came back at 8.2, start metformin 500 mg twice daily";

const ALL_ACKNOWLEDGED = { unsecuredText: true, numberConfirmed: true, optOutAnytime: true };
const AGREEMENT = { baaSignedOn: "2026-01-15" };

/** In UTC: 8 or 9 o'clock in the west. */
const DAY_HOUR = 16;

type Caps = { readonly perDay: number; readonly perWeek: number };
/** For all tests but those of caps: several links in a day are what they are about. */
const MANY: Caps = { perDay: 10, perWeek: 50 };
const BY_DAY = [{ opens: "09:00", closes: "17:00" }];
const OFFICE_HOURS = {
  monday: BY_DAY,
  tuesday: BY_DAY,
  wednesday: BY_DAY,
  thursday: BY_DAY,
  friday: BY_DAY,
};

let patientCount = 0;

/**
 * A host at an hour when it is day in the whole contiguous US, whose vendor of texts has an agreement on record, as
 * every practice needs before it can send, and whose caps are out of the way.
 */
export async function startPractice(options: HostOptions = {}): Promise<LocalHost> {
  const host = await startLocalHost(options);
  await moveToHour(host, DAY_HOUR);
  await expecting(200, host.api("PUT", "/vendors/aws", AGREEMENT, "compliance"));
  await setCaps(host, MANY);
  return host;
}

/** Sets how many alerts a patient may get of one class of purposes. */
export async function setCaps(host: LocalHost, caps: Caps): Promise<void> {
  const settings = { timeZone: "America/New_York", officeHours: OFFICE_HOURS, caps };
  await expecting(200, host.api("PUT", "/practice", settings, "admin"));
}

/** Moves the clock to the next time that an hour of UTC begins. */
export async function moveToHour(host: LocalHost, hour: number): Promise<void> {
  const { now } = await expecting(200, host.local("GET", "/clock"));
  const target = new Date(String(now));
  if (target.getUTCHours() >= hour) target.setUTCDate(target.getUTCDate() + 1);
  target.setUTCHours(hour, 0, 0, 0);
  await host.advance((target.getTime() - Date.parse(String(now))) / 1000);
}

/** The answer's body, where the status is the expected one; else an error that shows the problem document. */
export async function expecting(status: number, answering: Promise<HostAnswer>): Promise<Body> {
  const { status: found, body } = await answering;
  if (found !== status)
    throw new Error(`${String(status)} was expected: ${String(found)} ${JSON.stringify(body)}`);
  return body as Body;
}

/** Registers a patient with a number and an external id that no other has. */
export async function registerPatient(host: LocalHost, fields: Body = {}): Promise<TestPatient> {
  patientCount += 1;
  const number = String(patientCount).padStart(4, "0");
  const body = {
    externalId: `MRN-${number}`,
    givenName: "Given",
    familyName: "Family",
    birthDate: "1980-04-12",
    mobilePhone: `+1206555${number}`,
    ...fields,
  };
  const { id } = await expecting(201, host.api("POST", "/patients", body, "frontdesk"));
  return { ...body, id: String(id) };
}

/** Records a patient's decision about texts. */
export function decide(
  host: LocalHost,
  patient: Pick<TestPatient, "id">,
  decision: "granted" | "revoked",
  purpose = "portal",
): Promise<Body> {
  const body = {
    purpose,
    channel: "sms",
    decision,
    method: "paper",
    ...(decision === "granted" ? { acknowledgements: ALL_ACKNOWLEDGED } : {}),
  };
  return expecting(201, host.api("POST", `/patients/${patient.id}/consents`, body, "frontdesk"));
}

/** Records that a patient has agreed to e-mails of the portal. */
export function consentToEmail(host: LocalHost, patient: Pick<TestPatient, "id">): Promise<Body> {
  const grant = { purpose: "portal", channel: "email", decision: "granted", method: "paper" };
  const body = { ...grant, acknowledgements: ALL_ACKNOWLEDGED };
  return expecting(201, host.api("POST", `/patients/${patient.id}/consents`, body, "frontdesk"));
}

/** A registered patient who has agreed to texts of a purpose. */
export async function consentingPatient(host: LocalHost, fields: Body = {}): Promise<TestPatient> {
  const patient = await registerPatient(host, fields);
  await decide(host, patient, "granted");
  return patient;
}

/** Posts a message with a key of its own, whatever comes of it. */
export function postMessage(
  host: LocalHost,
  patient: Pick<TestPatient, "id">,
  fields: Body = {},
  user: HostUser = "clinician",
): Promise<HostAnswer> {
  const body = { patientId: patient.id, purpose: "portal", body: CLINICAL_BODY, ...fields };
  return host.api("POST", "/messages", body, user, { "Idempotency-Key": randomUUID() });
}

/** Posts a message that must be accepted. */
export async function sendMessage(
  host: LocalHost,
  patient: Pick<TestPatient, "id">,
  fields: Body = {},
): Promise<TestMessage> {
  const { id, threadId } = await expecting(202, postMessage(host, patient, fields));
  return { id: String(id), threadId: String(threadId) };
}

/** What the API says of a message's alert. */
export async function alertOf(
  host: LocalHost,
  message: Pick<TestMessage, "id">,
): Promise<{ readonly id: string; readonly status: string; readonly reason: string | null }> {
  const { alert } = await expecting(200, host.api("GET", `/messages/${message.id}`, undefined, "compliance"));
  return alert as { readonly id: string; readonly status: string; readonly reason: string | null };
}

/** The newest text to a patient, once everything has come to rest. */
export async function newestText(
  host: LocalHost,
  patient: Pick<TestPatient, "mobilePhone">,
): Promise<HostText> {
  await host.settled();
  const text = (await host.texts(patient.mobilePhone)).at(-1);
  if (text === undefined) throw new Error("No text has reached the patient.");
  return text;
}

/** Somebody texts the practice; all that follows has happened when this resolves. */
export async function patientTexts(
  host: LocalHost,
  { mobilePhone }: Pick<TestPatient, "mobilePhone">,
  body: string,
): Promise<void> {
  await expecting(202, host.local("POST", "/texts", { from: mobilePhone, body }));
  await host.settled();
}

/** The newest e-mail to an address. */
export async function emailTo(host: LocalHost, address: string): Promise<TestEmail> {
  const { items } = await expecting(200, host.local("GET", "/emails"));
  const email = (items as readonly TestEmail[]).findLast(({ to }) => [to].flat().includes(address));
  if (email === undefined) throw new Error("No e-mail has reached the patient.");
  return email;
}

/** The address in a text or an e-mail. */
export function linkIn(text: Pick<HostText, "body">): string {
  const link = /https?:\S+/u.exec(text.body)?.[0];
  if (link === undefined) throw new Error("The text has no link.");
  return link;
}

/** The six digits in a text. */
export function codeIn(text: Pick<HostText, "body">): string {
  const code = /\b\d{6}\b/u.exec(text.body)?.[0];
  if (code === undefined) throw new Error("The text has no code.");
  return code;
}

/** Sends a message to a patient and gives the link that the patient gets. */
export async function sendLink(host: LocalHost, patient: TestPatient, fields: Body = {}): Promise<string> {
  await sendMessage(host, patient, fields);
  return linkIn(await newestText(host, patient));
}

/** Sends an alert whose text does not arrive, and gives the link of the e-mail that goes to `address` instead. */
export async function sendEmailedLink(
  host: LocalHost,
  patient: TestPatient,
  address: string,
): Promise<string> {
  await consentToEmail(host, patient);
  await sendMessage(host, patient);
  const { id } = await newestText(host, patient);
  await expecting(202, host.local("POST", `/texts/${id}/events`, { eventType: "TEXT_INVALID" }));
  await host.settled();
  return linkIn(await emailTo(host, address));
}

/** Six digits that are not the ones in a text. */
export function wrongCode(text: Pick<HostText, "body">): string {
  return String((Number(codeIn(text)) + 1) % 1_000_000).padStart(6, "0");
}

/** Gives the right date of birth at a link of clinical content and brings the text with the code. */
export async function askForCode(
  host: LocalHost,
  patient: TestPatient,
  link: string,
): Promise<{ readonly page: PortalAnswer; readonly text: HostText }> {
  const page = await host.portal(link, { birthDate: patient.birthDate });
  if (!page.html.includes('name="code"')) throw new Error("The portal does not ask for a code.");
  return { page, text: await newestText(host, patient) };
}

/** Proves in full at a link of clinical content; the answer leads to the thread and carries its cookie. */
export async function openLink(
  host: LocalHost,
  patient: TestPatient,
  link: string,
): Promise<{ readonly answer: PortalAnswer; readonly threadPath: string }> {
  const { text } = await askForCode(host, patient, link);
  const answer = await host.portal(link, { birthDate: patient.birthDate, code: codeIn(text) });
  const threadPath = answer.headers.get("location");
  if (answer.status !== 303 || threadPath === null) throw new Error("The right proof does not open.");
  return { answer, threadPath };
}

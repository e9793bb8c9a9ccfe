import { readFileSync } from "node:fs";
import { textOf } from "../json-shape.ts";
import { call, expectStatus, expectText, signIn, unexpected } from "./api.ts";
import { parseCsv } from "./csv.ts";
import { loadDirectory } from "./directory.ts";
import { loadVisits } from "./visits.ts";

/** What the loading came to. */
export type DemoReport = {
  readonly patients: number;
  readonly consents: number;
  readonly messages: number;
  /** Names of the directory that texts may carry. */
  readonly names: number;
  readonly visits: number;
  /** Messages that were refused, with the problem code: those of patients who have not consented. */
  readonly refused: readonly { readonly externalId: string; readonly code: string }[];
};

type Row = Readonly<Record<string, string>>;
const AT_ONCE = 4;
/** Patients with whose threads staff go on working. */
const FOLLOWED_UP = 3;
const BAA_SIGNED_ON = "2026-01-15";

/**
 * Loads the demo patients with their consents and one message each, the directory and the visits, through the public API at `base` and nothing else.
 * Loading twice changes nothing. Throws on any answer that is not expected; a refusal for lack of consent is expected
 * exactly where the row has no consent.
 */
export async function loadDemo(base: string, progress: (line: string) => void): Promise<DemoReport> {
  const rows = parseCsv(readFileSync(new URL("./patients.csv", import.meta.url), "utf8"));
  const tokens = {
    integration: await signIn(base, "integration"),
    clinician: await signIn(base, "clinician"),
    compliance: await signIn(base, "compliance"),
    admin: await signIn(base, "admin"),
  };
  await recordVendor(base, tokens.compliance);
  const names = await loadDirectory(base, tokens);
  const patientIds = new Map<string, string>();
  let consents = 0;
  let messages = 0;
  let done = 0;
  const refused: { externalId: string; code: string }[] = [];

  const loadRow = async (row: Row) => {
    const externalId = row["externalId"] ?? "";
    const patientId = await ensurePatient(base, tokens.integration, row);
    patientIds.set(externalId, patientId);
    for (const purpose of (row["consents"] ?? "").split(" ").filter((each) => each !== "")) {
      await recordConsent(base, tokens.integration, patientId, purpose, externalId);
      consents += 1;
    }
    const sent = await sendMessage(base, tokens.clinician, patientId, row);
    if ("threadId" in sent) messages += 1;
    else refused.push({ externalId, code: sent.code });
    if ("threadId" in sent && messages <= FOLLOWED_UP) {
      await followUp(base, tokens.clinician, patientId, sent.threadId, externalId);
    }
    done += 1;
    if (done % 10 === 0) progress(`demo: ${String(done)} of ${String(rows.length)} patients`);
  };

  const left = [...rows];
  const work = async () => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) await loadRow(row);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const visits = await loadVisits(base, tokens.integration, patientIds);
  return {
    patients: done,
    consents,
    messages,
    names,
    visits,
    refused: refused.sort((one, other) => one.externalId.localeCompare(other.externalId)),
  };
}

async function recordVendor(base: string, token: string): Promise<void> {
  const address = `${base}/v1/vendors/aws`;
  const known = await call("GET", address, token);
  if (known.body["inForce"] === true) return;
  const answer = await call(
    "PUT",
    address,
    token,
    { baaSignedOn: BAA_SIGNED_ON },
    known.etag === null ? {} : { "If-Match": known.etag },
  );
  expectStatus(answer, 200);
}

async function ensurePatient(base: string, token: string, row: Row): Promise<string> {
  const { externalId = "", givenName, familyName, birthDate, mobilePhone, language, timeZone } = row;
  const body = { externalId, givenName, familyName, birthDate, mobilePhone, language, timeZone };
  const created = await call("POST", `${base}/v1/patients`, token, body, {
    "Idempotency-Key": `demo-patient-${externalId}`,
  });
  if (created.status !== 409) return expectText(created, "id", 201);
  return expectText(await call("POST", `${base}/v1/patients/lookup`, token, { externalId }), "id", 200);
}

async function recordConsent(
  base: string,
  token: string,
  patientId: string,
  purpose: string,
  externalId: string,
): Promise<void> {
  const body = {
    purpose,
    channel: "sms",
    decision: "granted",
    method: "paper",
    acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
  };
  const key = { "Idempotency-Key": `demo-consent-${externalId}-${purpose}` };
  expectStatus(await call("POST", `${base}/v1/patients/${patientId}/consents`, token, body, key), 201);
}

async function sendMessage(
  base: string,
  token: string,
  patientId: string,
  row: Row,
): Promise<{ readonly threadId: string } | { readonly code: string }> {
  const { externalId = "", purpose, subject = "", body } = row;
  const request = { patientId, purpose, body, ...(subject === "" ? {} : { subject }) };
  const answer = await call("POST", `${base}/v1/messages`, token, request, {
    "Idempotency-Key": `demo-message-${externalId}`,
  });
  if (row["consents"] === "") {
    const code = textOf(answer.body["code"]);
    if (answer.status !== 409 || code !== "consent_required") throw unexpected(answer);
    return { code };
  }
  return { threadId: expectText(answer, "threadId", 202) };
}

/** What a practice does after sending: checks the consents on file, leaves a note for its colleagues, reads it back. */
async function followUp(
  base: string,
  token: string,
  patientId: string,
  threadId: string,
  externalId: string,
): Promise<void> {
  expectStatus(await call("GET", `${base}/v1/patients/${patientId}/consents`, token), 200);
  const note = { text: "Told at the desk to look for the message today." };
  const key = { "Idempotency-Key": `demo-note-${externalId}` };
  expectStatus(await call("POST", `${base}/v1/threads/${threadId}/notes`, token, note, key), 201);
  expectStatus(await call("GET", `${base}/v1/threads/${threadId}`, token), 200);
}

/** The loading in words, one line each. */
export function describeDemo(report: DemoReport): readonly string[] {
  const { patients, consents, messages, names, visits, refused } = report;
  return [
    `demo: ${String(patients)} patients, ${String(consents)} consents, ${String(messages)} messages accepted`,
    `demo: ${String(names)} approved names of places and people, ${String(visits)} visits in the coming days`,
    ...refused.map(
      ({ externalId, code }) =>
        `demo: message for ${externalId} refused with ${code}, as expected: no consent on file`,
    ),
  ];
}

if (import.meta.main) {
  const base = process.argv[2];
  if (base === undefined) {
    process.stderr.write("Give the base address: node infra/local/demo/load.ts http://127.0.0.1:4400\n");
    process.exit(1);
  }
  try {
    const report = await loadDemo(base.replace(/\/$/u, ""), (line) => process.stdout.write(`${line}\n`));
    for (const line of describeDemo(report)) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "Loading the demo failed."}\n`);
    process.exit(1);
  }
}

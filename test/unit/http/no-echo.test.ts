import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { json } from "#functions/http/api.ts";
import { jsonBody } from "#functions/http/request.ts";
import { ClassifyRequest } from "#shared/contracts/classifications.ts";
import { RecordConsentRequest } from "#shared/contracts/consents.ts";
import { RevokeMessageRequest, SendMessageRequest } from "#shared/contracts/messages.ts";
import {
  ChangePatientRequest,
  CreatePatientRequest,
  LookupPatientRequest,
} from "#shared/contracts/patients.ts";
import { ChangePracticeRequest, ChangeVendorRequest, SwitchesRequest } from "#shared/contracts/practice.ts";
import { AddNoteRequest, ChangeThreadRequest } from "#shared/contracts/threads.ts";
import { PATIENT_ID } from "#test/support/builders.ts";
import { GRANT, NEW_PATIENT } from "#test/support/core-world.ts";
import { createCaller, createTestLog } from "#test/support/proxy-event.ts";

const CANARY = "kanarienvogel";

/** Every request schema with a body that fits it. */
const REQUESTS: readonly (readonly [string, z.ZodType, object])[] = [
  ["ClassifyRequest", ClassifyRequest, { text: "Hello.", direction: "outbound" }],
  [
    "CreatePatientRequest",
    CreatePatientRequest,
    { ...NEW_PATIENT, constraints: { neverAbout: ["billing"] } },
  ],
  ["ChangePatientRequest", ChangePatientRequest, { mobilePhone: null, timeZone: "America/Chicago" }],
  ["LookupPatientRequest", LookupPatientRequest, { externalId: "MRN-1" }],
  ["RecordConsentRequest", RecordConsentRequest, GRANT],
  ["SendMessageRequest", SendMessageRequest, { patientId: PATIENT_ID, purpose: "billing", body: "Hello." }],
  ["RevokeMessageRequest", RevokeMessageRequest, { reason: "wrong person" }],
  [
    "ChangePracticeRequest",
    ChangePracticeRequest,
    { timeZone: "America/Chicago", officeHours: { monday: [{ opens: "09:00", closes: "17:00" }] } },
  ],
  ["SwitchesRequest", SwitchesRequest, { sending: true, portal: true }],
  ["ChangeVendorRequest", ChangeVendorRequest, { baaSignedOn: "2026-01-15" }],
  ["AddNoteRequest", AddNoteRequest, { text: "A note." }],
  ["ChangeThreadRequest", ChangeThreadRequest, { assignee: "staff_00000000-0000-4000-8000-000000000001" }],
];

/** A value of any kind with canaries in every text and name of it. */
const canaries = fc.oneof(
  fc.constantFrom<unknown>(`${CANARY}\n\0${CANARY}`, [CANARY], { [CANARY]: CANARY }, null, -1, true),
  fc.string().map((text) => `${CANARY}${text}\u0007`),
  fc.array(fc.constantFrom<unknown>(CANARY, { [CANARY]: 1 }, [[CANARY]]), { maxLength: 3 }),
);

/** Everywhere in a value that something can be put in place of something. */
function places(value: unknown): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, member]) => places(member).map((rest) => [name, ...rest])),
  ];
}

function replaced(value: unknown, [name, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

describe("no problem document and no log line repeats what was sent", () => {
  it.each(REQUESTS)("as %s", async (_name, schema, fitting) => {
    const log = createTestLog();
    const call = createCaller(
      { "POST /x": async (event) => json(200, { ok: jsonBody(event, schema) !== null }) },
      log,
    );
    expect((await call("POST /x", { body: fitting })).status).toBe(200);
    const place = fc.constantFrom(...places(fitting));

    await fc.assert(
      fc.asyncProperty(place, canaries, fc.boolean(), async (path, canary, isExtra) => {
        const body = isExtra ? { ...fitting, [CANARY]: canary } : replaced(fitting, path, canary);

        const answer = await call("POST /x", { body });

        expect(answer.status === 200 || answer.status === 400).toBe(true);
        expect(answer.text).not.toContain(CANARY);
      }),
      { numRuns: 60 },
    );
    expect(log.lines.join("\n")).not.toContain(CANARY);
  });

  it("as text that is not JSON", async () => {
    const call = createCaller({ "POST /x": async (event) => json(200, jsonBody(event, ClassifyRequest)) });

    const answer = await call("POST /x", { rawBody: `{"${CANARY}": ${CANARY}` });

    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(CANARY);
  });
});

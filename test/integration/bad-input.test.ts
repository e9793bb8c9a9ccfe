import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostUser, LocalHost } from "../support/host.ts";
import {
  CLINICAL_BODY,
  consentingPatient,
  expecting,
  newestText,
  patientTexts,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { type RawAnswer, rawRequest } from "../support/raw-request.ts";
import { exportedTables, withoutSignIns } from "../support/table-export.ts";
import { readTemplate } from "../support/template-copy.ts";

const USERS = ["frontdesk", "clinician", "compliance", "admin", "auditor", "integration"] as const;
const KILOBYTE = 1024;
const FIREWALL_BYTES_MAX = 64 * KILOBYTE;
const RETRY_MS = 500;
const MINUTE_SECONDS = 60;
/** Stands in everything that is refused, and so must stand in no answer. */
const MARK = "Zebrafish";

const UNKNOWN = {
  patient: "pat_00000000000000000000000000",
  message: "msg_00000000000000000000000000",
  thread: "thr_00000000000000000000000000",
  task: "tsk_00000000000000000000000000",
  attachment: "att_00000000000000000000000000",
  template: "tpl_00000000000000000000000000",
  approval: "apr_00000000000000000000000000",
  import: "imp_00000000000000000000000000",
};

const REGISTRATION: readonly HostUser[] = ["frontdesk", "clinician", "admin", "integration"];
const SENDERS: readonly HostUser[] = ["frontdesk", "clinician", "integration"];
const STATUS: readonly HostUser[] = [...SENDERS, "admin", "compliance"];
const REVOKERS: readonly HostUser[] = ["frontdesk", "clinician", "admin"];
const THREADS: readonly HostUser[] = ["clinician", "frontdesk"];
const TASKS: readonly HostUser[] = ["clinician", "frontdesk", "compliance"];
const SCHEDULERS: readonly HostUser[] = ["frontdesk", "integration"];
const VISIT_READERS: readonly HostUser[] = ["frontdesk", "integration", "clinician"];
const AUDITORS: readonly HostUser[] = ["auditor", "compliance"];
const ASKERS: readonly HostUser[] = ["frontdesk", "clinician", "admin"];

/** API.md's table of who may do what, with ids that nothing has. */
const ROUTES: readonly (readonly [string, string, readonly HostUser[]])[] = [
  ["POST", "/classifications", USERS],
  ["POST", "/patients", REGISTRATION],
  ["POST", "/patients/lookup", REGISTRATION],
  ["GET", `/patients/${UNKNOWN.patient}`, REGISTRATION],
  ["PATCH", `/patients/${UNKNOWN.patient}`, REGISTRATION],
  ["DELETE", `/patients/${UNKNOWN.patient}/pin`, REVOKERS],
  ["POST", `/patients/${UNKNOWN.patient}/consents`, REGISTRATION],
  ["GET", `/patients/${UNKNOWN.patient}/consents`, REGISTRATION],
  ["POST", `/patients/${UNKNOWN.patient}/consent-requests`, ASKERS],
  ["POST", `/patients/${UNKNOWN.patient}/opt-outs`, REGISTRATION],
  ["GET", `/patients/${UNKNOWN.patient}/preferences`, REGISTRATION],
  ["PUT", `/patients/${UNKNOWN.patient}/preferences`, REGISTRATION],
  ["POST", "/messages", SENDERS],
  ["POST", "/messages/preview", SENDERS],
  ["GET", `/messages/${UNKNOWN.message}`, STATUS],
  ["GET", `/patients/${UNKNOWN.patient}/messages`, STATUS],
  ["POST", `/messages/${UNKNOWN.message}/revocation`, REVOKERS],
  ["POST", `/messages/${UNKNOWN.message}/alerts`, REVOKERS],
  ["POST", "/link-revocations", REVOKERS],
  // A list that is read is on record, so it is asked for in a way that is not valid.
  ["GET", "/threads?limit=0", THREADS],
  ["GET", `/threads/${UNKNOWN.thread}`, THREADS],
  ["PATCH", `/threads/${UNKNOWN.thread}`, THREADS],
  ["POST", `/threads/${UNKNOWN.thread}/notes`, THREADS],
  ["POST", "/attachments", SENDERS],
  ["GET", `/attachments/${UNKNOWN.attachment}`, THREADS],
  ["GET", "/tasks?limit=0", TASKS],
  ["POST", `/tasks/${UNKNOWN.task}/completion`, TASKS],
  ["GET", "/appointments?limit=0", VISIT_READERS],
  ["GET", "/appointments/nothing", VISIT_READERS],
  ["PUT", "/appointments/nothing", SCHEDULERS],
  ["DELETE", "/appointments/nothing", SCHEDULERS],
  ["POST", "/imports", ["frontdesk", "admin", "integration"]],
  ["GET", `/imports/${UNKNOWN.import}`, ["frontdesk", "admin", "integration"]],
  ["GET", "/practice", USERS],
  ["PUT", "/practice", ["admin"]],
  ["PUT", "/practice/switches", ["admin"]],
  ["GET", "/vendors/aws", USERS],
  ["PUT", "/vendors/aws", ["compliance"]],
  ["GET", "/templates", USERS],
  ["GET", `/templates/${UNKNOWN.template}`, USERS],
  ["POST", "/templates", ["frontdesk", "clinician"]],
  ["POST", `/templates/${UNKNOWN.template}/approval`, ["compliance"]],
  ["DELETE", `/templates/${UNKNOWN.template}`, ["compliance"]],
  ["GET", "/approvals", ["admin", "compliance", "auditor"]],
  ["POST", "/approvals", ["admin"]],
  ["POST", `/approvals/${UNKNOWN.approval}/decision`, ["compliance"]],
  ["GET", "/vocabulary?at=none", USERS],
  ["POST", "/audit/exports", AUDITORS],
  ["GET", "/audit?limit=0", AUDITORS],
  ["GET", `/patients/${UNKNOWN.patient}/disclosures?format=none`, AUDITORS],
  ["GET", `/patients/${UNKNOWN.patient}/accesses?format=none`, AUDITORS],
  ["POST", "/audit/access-reviews/2026-01/sign-off", ["compliance"]],
];

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly user?: HostUser;
  readonly headers?: readonly string[];
  readonly body?: unknown;
};

let host: LocalHost;
let patient: TestPatient;
let messageId: string;
let threadId: string;
let taskId: string;
let before: Awaited<ReturnType<typeof exportedTables>>;
let keyCount = 0;

beforeAll(async () => {
  host = await startPractice();
  patient = await consentingPatient(host, { email: "patient@practice.example" });
  ({ id: messageId, threadId } = await sendMessage(host, patient));
  await newestText(host, patient);
  await patientTexts(host, patient, "Which door is it?");
  const { items } = await expecting(200, host.api("GET", "/tasks?kind=reply", undefined, "frontdesk"));
  const [task] = items as readonly { readonly id: string }[];
  taskId = String(task?.id);
  // The carrier has reported by then: what changes later, a request has changed.
  await host.advance(MINUTE_SECONDS);
  for (const user of USERS) await expecting(200, host.api("GET", "/practice", undefined, user));
  before = withoutSignIns(await exportedTables(host));
});
afterAll(() => host.stop());

/** Sends a request byte for byte, as JSON unless told; waits out the throttle, which no test here means to meet. */
async function send({ method, path, user, headers = [], body }: Sent): Promise<RawAnswer> {
  const typed = headers.some((name) => name.toLowerCase() === "content-type");
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const request = {
    method,
    path,
    headers: [
      ...(user === undefined ? [] : ["Authorization", `Bearer ${await host.token(user)}`]),
      ...(body === undefined || typed ? [] : ["Content-Type", "application/json"]),
      ...headers,
    ],
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  };
  for (;;) {
    const answer = await rawRequest(host, request);
    if (answer.status !== 429) return answer;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const staff = (request: Sent) => send({ user: "clinician", ...request, path: `/v1${request.path}` });
const freshKey = () => {
  keyCount += 1;
  return ["Idempotency-Key", `bad-input-${String(keyCount)}`];
};

/** The answer must be a whole problem document of this status and code that repeats nothing of what was sent. */
function expectProblem(answer: RawAnswer, status: number, code: string): Readonly<Record<string, unknown>> {
  const text = answer.body.toString("utf8");
  expect(`${String(answer.status)} ${text}`).toContain(`${String(status)} {`);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(answer.headers["cache-control"]).toBe("no-store");
  const problem = JSON.parse(text) as Readonly<Record<string, unknown>>;
  expect(problem).toMatchObject({ type: "about:blank", title: expect.any(String), status, code });
  const known = ["type", "title", "status", "code", "detail", "pointer", "findings", "traceId"];
  expect(Object.keys(problem).filter((name) => !known.includes(name))).toEqual([]);
  expect(`${JSON.stringify(answer.headers)} ${text}`).not.toContain(MARK);
  return problem;
}

describe("every role at every route", () => {
  it("is a table of every method that the template has behind the authorizer", async () => {
    const { Resources } = await readTemplate();
    const guarded = Object.values(Resources).filter(
      ({ Type, Properties }) =>
        Type === "AWS::ApiGateway::Method" && Properties["AuthorizationType"] === "CUSTOM",
    );
    expect(ROUTES).toHaveLength(guarded.length);
  });

  it.each(ROUTES)("lets only those do %s %s whom API.md names", async (method, path, allowed) => {
    // Without anything asked for, an export is of everything.
    const body = path === "/audit/exports" ? { kind: "none" } : {};
    for (const user of USERS) {
      const answer = await staff({ method, path, user, ...(method === "GET" ? {} : { body }) });
      if (!allowed.includes(user)) expectProblem(answer, 403, "forbidden");
      else expect([200, 400, 404]).toContain(answer.status);
    }
  });

  it.each(ROUTES)("is unknown without a token at %s %s", async (method, path) => {
    const answer = await send({ method, path: `/v1${path}`, ...(method === "GET" ? {} : { body: {} }) });
    expectProblem(answer, 401, "unauthenticated");
  });
});

describe("a token that proves nothing", () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const takeApart = async () => {
    const [head = "", claims = "", signature = ""] = (await host.token("frontdesk")).split(".");
    const parse = (text: string) => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return { head, claims, signature, header: parse(head), payload: parse(claims) };
  };
  const makers: readonly (readonly [string, () => Promise<string>])[] = [
    ["that is garbage", async () => `Bearer ${MARK}`],
    ["that is empty", async () => "Bearer "],
    ["of another scheme", async () => `Basic ${Buffer.from(`${MARK}:${MARK}`).toString("base64")}`],
    ["without a scheme", () => host.token("admin")],
    ["with a word too many", async () => `Bearer ${await host.token("admin")} ${MARK}`],
    ["with dots alone", async () => "Bearer .."],
    ["that is very long", async () => `Bearer ${"a".repeat(9000)}`],
    [
      "without a signature",
      async () => {
        const { header, payload } = await takeApart();
        return `Bearer ${part({ ...header, alg: "none" })}.${part(payload)}.`;
      },
    ],
    [
      "of a role that was written into it",
      async () => {
        const { head, payload, signature } = await takeApart();
        return `Bearer ${head}.${part({ ...payload, "cognito:groups": ["admin"] })}.${signature}`;
      },
    ],
    [
      "signed by another key",
      async () => {
        const { head, claims } = await takeApart();
        const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        const signature = sign("sha256", Buffer.from(`${head}.${claims}`), privateKey);
        return `Bearer ${head}.${claims}.${signature.toString("base64url")}`;
      },
    ],
    [
      "signed with a shared secret",
      async () => {
        const { header, claims } = await takeApart();
        const signed = `${part({ ...header, alg: "HS256" })}.${claims}`;
        return `Bearer ${signed}.${createHmac("sha256", "secret").update(signed).digest("base64url")}`;
      },
    ],
    [
      "with a signature that was cut",
      async () => {
        const { head, claims, signature } = await takeApart();
        return `Bearer ${head}.${claims}.${signature.slice(0, -8)}`;
      },
    ],
  ];

  it.each(makers)("%s is no sign-in", async (_name, make) => {
    const answer = await send({
      method: "GET",
      path: "/v1/practice",
      headers: ["Authorization", await make()],
    });
    expectProblem(answer, 401, "unauthenticated");
  });
});

/** Bodies that are accepted as they stand, by route; every field is there. */
const wholeBodies = (): readonly (readonly [
  string,
  string,
  HostUser,
  Readonly<Record<string, unknown>>,
])[] => {
  const message = {
    patientId: patient.id,
    purpose: "portal",
    subject: "Subject",
    body: CLINICAL_BODY,
    threadId,
    attachments: [],
    reference: "Reference",
    minimumTier: 2,
    expiresAt: "2099-01-01T00:00:00Z",
    deliver: "alert",
  };
  const person = {
    givenName: "Given",
    familyName: "Family",
    birthDate: "1980-04-12",
    mobilePhone: "+12065550111",
    email: "patient@practice.example",
    language: "en",
    timeZone: "America/Denver",
    constraints: { neverText: false, neverEmail: false, neverAbout: ["survey"] },
  };
  return [
    ["POST", "/patients", "frontdesk", { externalId: "MRN-9", ...person }],
    ["POST", "/patients/lookup", "frontdesk", { externalId: "MRN-9" }],
    ["PATCH", `/patients/${patient.id}`, "frontdesk", person],
    [
      "POST",
      `/patients/${patient.id}/consents`,
      "frontdesk",
      {
        purpose: "billing",
        channel: "sms",
        decision: "granted",
        method: "paper",
        acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
        evidence: "Form",
      },
    ],
    [
      "POST",
      `/patients/${patient.id}/consent-requests`,
      "frontdesk",
      { purpose: "billing", permission: { how: "At check-in", when: "2026-01-05" } },
    ],
    [
      "POST",
      `/patients/${patient.id}/opt-outs`,
      "frontdesk",
      { channel: "sms", method: "verbal", evidence: "Voicemail" },
    ],
    [
      "PUT",
      `/patients/${patient.id}/preferences`,
      "frontdesk",
      { language: "es", quietHours: { from: "20:00", to: "09:00" } },
    ],
    ["POST", "/classifications", "auditor", { text: "Text", direction: "outbound" }],
    ["POST", "/messages", "clinician", message],
    ["POST", "/messages/preview", "clinician", message],
    ["POST", `/messages/${messageId}/revocation`, "admin", { reason: "Reason" }],
    [
      "POST",
      "/link-revocations",
      "frontdesk",
      { scope: "patient", patientId: patient.id, reason: "device-lost" },
    ],
    ["PATCH", `/threads/${threadId}`, "clinician", { assignee: null, state: "open" }],
    ["POST", `/threads/${threadId}/notes`, "clinician", { text: "Text" }],
    [
      "POST",
      "/attachments",
      "frontdesk",
      { fileName: "knee.jpg", contentType: "image/jpeg", sizeBytes: 1000 },
    ],
    ["POST", `/tasks/${taskId}/completion`, "clinician", { note: "Note", outcome: "reached" }],
    ["POST", "/imports", "frontdesk", { kind: "patients", dryRun: true }],
    [
      "PUT",
      "/appointments/visit-1",
      "integration",
      {
        patientId: patient.id,
        startsAt: "2099-01-01T10:00:00-05:00",
        status: "booked",
        locationId: "loc_1",
        providerId: "prv_1",
        timeZone: "America/New_York",
        reminderOffsets: [72, 24],
        sourceVersion: 1,
      },
    ],
    [
      "PUT",
      "/practice",
      "admin",
      {
        timeZone: "America/Denver",
        officeHours: { monday: [{ opens: "08:00", closes: "17:00" }] },
        quietHours: { from: "21:00", to: "08:00" },
        caps: { perDay: 1, perWeek: 3 },
        reminderOffsets: [72, 24],
        visitNotices: ["booked"],
        directory: {
          locations: [{ id: "l", name: "L", textName: "L", codes: ["1"], timeZone: "America/Denver" }],
          providers: [],
          pharmacies: [],
        },
      },
    ],
    [
      "POST",
      "/templates",
      "frontdesk",
      {
        name: "Name",
        use: "message",
        purpose: "portal",
        texts: { en: { text: "Text", reviewer: "A" }, es: { text: "Texto", reviewer: "B" } },
      },
    ],
    ["POST", "/approvals", "admin", { kind: "directory", target: "directory", reason: "Reason" }],
    ["POST", `/approvals/${UNKNOWN.approval}/decision`, "compliance", { decision: "approved" }],
    ["PUT", "/practice/switches", "admin", { sending: true, portal: true }],
    ["PUT", "/vendors/aws", "compliance", { baaSignedOn: "2026-01-15", baaEndsOn: null }],
  ];
};

/** Sends each body to its route; every one must be refused as not valid. */
async function expectRefused(
  bodiesFor: (
    whole: Readonly<Record<string, unknown>>,
  ) => readonly (readonly [unknown, string | undefined])[],
): Promise<void> {
  for (const [method, path, user, whole] of wholeBodies()) {
    for (const [body, pointer] of bodiesFor(whole)) {
      const answer = await staff({ method, path, user, headers: freshKey(), body });
      const shown = typeof body === "string" ? body : JSON.stringify(body);
      expect(`${method} ${path} ${shown.slice(0, 200)}: ${String(answer.status)}`).toMatch(/: 400$/u);
      const problem = expectProblem(answer, 400, "invalid_request");
      if (pointer !== undefined)
        expect(String(problem["pointer"])).toMatch(new RegExp(`^/${pointer}(?:/|$)`, "u"));
    }
  }
}

describe("a body", () => {
  it("that is not JSON, or no object, is not valid at any route", async () => {
    await expectRefused((whole) => {
      const text = JSON.stringify(whole);
      return [
        ["", undefined],
        [MARK, undefined],
        [`${text.slice(0, -1)}`, undefined],
        [`${text}${text}`, undefined],
        [`{'${MARK}':1}`, undefined],
        // Who completes a task need not say anything of it, and who wishes nothing leaves all of it out.
        ...("outcome" in whole || ("quietHours" in whole && !("timeZone" in whole))
          ? []
          : [["{}", undefined] as const]),
        ["null", undefined],
        ["[]", undefined],
        ["1e999", undefined],
        [`"${MARK}"`, undefined],
        ["[".repeat(30_000), undefined],
        [`${"[".repeat(30_000)}${"]".repeat(30_000)}`, undefined],
        ["\u0000", undefined],
        [text.replaceAll('"', "'"), undefined],
        [Buffer.from(text, "utf16le"), undefined],
      ];
    });
  });

  it("with a field that the request does not have is not valid at any route", async () => {
    await expectRefused((whole) => [
      [{ ...whole, [MARK]: 1 }, undefined],
      [`${JSON.stringify(whole).slice(0, -1)},"__proto__":{"admin":true}}`, undefined],
      [`${JSON.stringify(whole).slice(0, -1)},"constructor":1}`, undefined],
      [{ ...whole, "": MARK }, undefined],
    ]);
  });

  it("that says a thing twice is not valid at any route", async () => {
    await expectRefused((whole) =>
      Object.entries(whole).flatMap(([name, value]) => {
        const text = JSON.stringify(whole).slice(0, -1);
        const escaped = [...name].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
        return [
          [`${text},"${name}":${JSON.stringify(value)}}`, undefined] as const,
          [`${text},"${escaped.join("")}" :${JSON.stringify(value)}}`, undefined] as const,
        ];
      }),
    );
  });

  it("with a value of another type is not valid, and the answer points to it", async () => {
    await expectRefused((whole) =>
      Object.entries(whole).flatMap(([name, value]) =>
        [12345, true, "", [[]], {}, { [MARK]: 1 }, [null], MARK.repeat(3000)]
          .filter((other) => typeof other !== typeof value || other === "" || typeof other === "string")
          .filter((other) => !(typeof value === "object" && typeof other === "object"))
          .map((other) => [{ ...whole, [name]: other }, name] as const),
      ),
    );
  });

  it("with a null character, half a surrogate pair or a control character is not valid", async () => {
    await expectRefused((whole) =>
      Object.entries(whole).flatMap(([name, value]) =>
        typeof value === "string"
          ? ["\\u0000", "\\ud800", "\\udc00x", "\\u0007", "\\u009f"].map(
              (odd) =>
                [JSON.stringify({ ...whole, [name]: "?" }).replace('"?"', `"${MARK}${odd}"`), name] as const,
            )
          : [],
      ),
    );
  });

  it("is not needed where nothing is asked for, but must not say anything else", async () => {
    const path = `/messages/${messageId}/alerts`;
    for (const body of [MARK, "[]", { [MARK]: 1 }, "{"])
      expectProblem(await staff({ method: "POST", path, body }), 400, "invalid_request");
  });

  it("of another media type, or of none, is not supported", async () => {
    const body = JSON.stringify({ text: "Text" });
    const types = [
      "text/plain",
      "application/jsonp",
      `application/${MARK}`,
      "multipart/form-data",
      "json",
      "*/*",
    ];
    for (const type of types) {
      const answer = await staff({
        method: "POST",
        path: "/classifications",
        headers: ["Content-Type", type],
        body,
      });
      expectProblem(answer, 415, "unsupported_media_type");
    }
    const none = await rawRequest(host, {
      method: "POST",
      path: "/v1/classifications",
      headers: ["Authorization", `Bearer ${await host.token("admin")}`],
      body,
    });
    expectProblem(none, 415, "unsupported_media_type");
    const twice = ["Content-Type", "application/json", "Content-Type", "application/json"];
    const doubled = await staff({ method: "POST", path: "/classifications", headers: twice, body });
    expectProblem(doubled, 415, "unsupported_media_type");
  });

  it.each([
    ["of 64 KB is read, and too long for its field", FIREWALL_BYTES_MAX, 400, "invalid_request"],
    ["of a byte more is too large", FIREWALL_BYTES_MAX + 1, 413, "payload_too_large"],
    ["of 65 KB is too large", 65 * KILOBYTE, 413, "payload_too_large"],
    ["of 200 KB is too large", 200 * KILOBYTE, 413, "payload_too_large"],
    ["of 10 MB is too large", 10 * KILOBYTE * KILOBYTE, 413, "payload_too_large"],
    ["of 12 MB is too large", 12 * KILOBYTE * KILOBYTE, 413, "payload_too_large"],
  ])("%s", async (_name, bytes, status, code) => {
    const frame = '{"text":""}';
    const body = `{"text":"${MARK.repeat(Math.ceil(bytes / MARK.length)).slice(0, bytes - frame.length)}"}`;
    expect(Buffer.byteLength(body)).toBe(bytes);
    expectProblem(await staff({ method: "POST", path: "/classifications", body }), status, code);
    const key = freshKey();
    expectProblem(await staff({ method: "POST", path: "/messages", headers: key, body }), status, code);
  });

  it("may fill its field to the last character", async () => {
    const classify = (text: string) =>
      staff({ method: "POST", path: "/classifications", user: "auditor", body: { text } });
    expect((await classify("€".repeat(20_000))).status).toBe(200);
    expectProblem(await classify("€".repeat(20_001)), 400, "invalid_request");
    expectProblem(await classify(" \n\t"), 400, "invalid_request");
  });
});

describe("a value that cannot be", () => {
  const messageWith = (fields: object) => ({
    patientId: patient.id,
    purpose: "portal",
    body: `${CLINICAL_BODY} ${MARK}`,
    ...fields,
  });
  const post = (fields: object, headers: readonly string[] = freshKey()) =>
    staff({ method: "POST", path: "/messages", headers, body: messageWith(fields) });

  it.each([
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-12-01",
    "2026-12-01T00:00:00",
    "2026-12-01T00:00:00+02:00",
    "tomorrow",
    "1e21",
    "+099999-01-01T00:00:00Z",
  ])("is an end at %s", async (expiresAt) => {
    expect(expectProblem(await post({ expiresAt }), 400, "invalid_request")["pointer"]).toBe("/expiresAt");
  });

  it.each(["2020-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])(
    "is an end that has passed, %s, for a message and for its preview",
    async (expiresAt) => {
      const answers = [
        await post({ expiresAt }),
        await staff({ method: "POST", path: "/messages/preview", body: messageWith({ expiresAt }) }),
      ];
      for (const answer of answers)
        expect(expectProblem(answer, 422, "unprocessable")["pointer"]).toBe("/expiresAt");
    },
  );

  it.each([
    [{ minimumTier: 0 }, 400, "invalid_request", "/minimumTier"],
    [{ minimumTier: 4 }, 400, "invalid_request", "/minimumTier"],
    [{ minimumTier: 1.5 }, 400, "invalid_request", "/minimumTier"],
    [{ minimumTier: "3" }, 400, "invalid_request", "/minimumTier"],
    [{ deliver: "email" }, 400, "invalid_request", "/deliver"],
    [{ purpose: "Portal" }, 400, "invalid_request", "/purpose"],
    [{ purpose: "marketing" }, 409, "marketing_refused", "/purpose"],
    [{ attachments: ["att_1"] }, 422, "unprocessable", "/attachments/0"],
    [{ subject: "x".repeat(201) }, 400, "invalid_request", "/subject"],
    [{ subject: "two\nlines" }, 400, "invalid_request", "/subject"],
    [{ reference: "x".repeat(256) }, 400, "invalid_request", "/reference"],
    [{ patientId: UNKNOWN.patient }, 404, "not_found", "/patientId"],
    [{ threadId: UNKNOWN.thread }, 404, "not_found", "/threadId"],
    [{ threadId: UNKNOWN.message }, 400, "invalid_request", "/threadId"],
    [{ patientId: UNKNOWN.thread }, 400, "invalid_request", "/patientId"],
  ])("is %j in a message", async (fields, status, code, pointer) => {
    expect(expectProblem(await post(fields), status, code)["pointer"]).toBe(pointer);
  });

  it.each([
    [{ birthDate: "1980-02-30" }, "/birthDate"],
    [{ birthDate: "12/04/1980" }, "/birthDate"],
    [{ birthDate: "2999-01-01" }, "/birthDate"],
    [{ birthDate: "1780-01-01" }, "/birthDate"],
    [{ mobilePhone: "2065550100" }, "/mobilePhone"],
    [{ mobilePhone: "+442071838750" }, "/mobilePhone"],
    [{ mobilePhone: "+1206555010" }, "/mobilePhone"],
    [{ mobilePhone: "+1 206 555 0100" }, "/mobilePhone"],
    [{ email: `${MARK}@` }, "/email"],
    [{ language: "de" }, "/language"],
    [{ timeZone: "Mars/Olympus" }, "/timeZone"],
    [{ timeZone: "+05:00" }, "/timeZone"],
    [{ constraints: { neverAbout: ["everything"] } }, "/constraints/neverAbout/0"],
    [{ constraints: { [MARK]: true } }, "/constraints"],
  ])("is %j in a patient", async (fields, pointer) => {
    const answer = await staff({ method: "PATCH", path: `/patients/${patient.id}`, body: fields });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it("is a consent without all acknowledgements, or for a channel that the patient does not have", async () => {
    const other = (fields: object) =>
      staff({
        method: "POST",
        path: `/patients/${patient.id}/consents`,
        body: { purpose: "survey", channel: "sms", decision: "granted", method: "paper", ...fields },
      });
    const acknowledgements = { unsecuredText: true, numberConfirmed: false, optOutAnytime: true };
    expectProblem(await other({}), 422, "unprocessable");
    expect(expectProblem(await other({ acknowledgements }), 422, "unprocessable")["pointer"]).toBe(
      "/acknowledgements/numberConfirmed",
    );
  });

  it.each([
    [{ purpose: "Portal" }, "/purpose"],
    [{ permission: {} }, "/permission/how"],
    [{ permission: { how: "At check-in" } }, "/permission/when"],
    [{ permission: { how: "", when: "2026-01-05" } }, "/permission/how"],
    [{ permission: { how: `${MARK}\u0000`, when: "2026-01-05" } }, "/permission/how"],
    [{ permission: { how: MARK.repeat(60), when: "2026-01-05" } }, "/permission/how"],
    [{ permission: { how: MARK, when: "2026-02-30" } }, "/permission/when"],
    [{ permission: { how: MARK, when: "yesterday" } }, "/permission/when"],
    [{ permission: { how: MARK, when: "2026-01-05T10:00:00" } }, "/permission/when"],
    [{ permission: { how: MARK, when: "2026-01-05", [MARK]: 1 } }, "/permission"],
    [{ number: "+12065550100" }, ""],
  ])("is %j in a question for consent", async (fields, pointer) => {
    const permission = { how: "At check-in", when: "2026-01-05" };
    const answer = await staff({
      method: "POST",
      path: `/patients/${patient.id}/consent-requests`,
      headers: freshKey(),
      body: { purpose: "survey", permission, ...fields },
    });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it("is a question that was allowed later than now", async () => {
    const permission = { how: MARK, when: "2099-01-01" };
    const answer = await staff({
      method: "POST",
      path: `/patients/${patient.id}/consent-requests`,
      headers: freshKey(),
      body: { purpose: "survey", permission },
    });
    expect(expectProblem(answer, 422, "unprocessable")["pointer"]).toBe("/permission/when");
  });

  it.each([
    [{ channel: "fax" }, "/channel"],
    [{ channel: ["sms"] }, "/channel"],
    [{ method: "carrier" }, "/method"],
    [{ method: MARK }, "/method"],
    [{ evidence: MARK.repeat(112) }, "/evidence"],
    [{ evidence: `${MARK}\n` }, "/evidence"],
    [{ purpose: "portal" }, ""],
  ])("is %j in an opt-out", async (fields, pointer) => {
    const answer = await staff({
      method: "POST",
      path: `/patients/${patient.id}/opt-outs`,
      headers: freshKey(),
      body: { channel: "all", method: "verbal", ...fields },
    });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it.each([
    [{ language: "de" }, "/language"],
    [{ language: [MARK] }, "/language"],
    [{ quietHours: { from: "21:00" } }, "/quietHours/to"],
    [{ quietHours: { from: "24:00", to: "08:00" } }, "/quietHours/from"],
    [{ quietHours: { from: "21:00", to: "08:00", [MARK]: "" } }, "/quietHours"],
    [{ disowned: [] }, ""],
  ])("is %j in a patient's preferences", async (body, pointer) => {
    const answer = await staff({ method: "PUT", path: `/patients/${patient.id}/preferences`, body });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it.each([
    [{ outcome: "gone" }, "/outcome"],
    [{ outcome: null }, "/outcome"],
    [{ note: " \n" }, "/note"],
    [{ note: MARK.repeat(223) }, "/note"],
    [{ note: `${MARK}\u0007` }, "/note"],
    [{ state: "done" }, ""],
  ])("is %j in the completion of a task", async (body, pointer) => {
    const answer = await staff({
      method: "POST",
      path: `/tasks/${taskId}/completion`,
      headers: freshKey(),
      body,
    });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it.each([
    [{ quietHours: { from: "08:00", to: "21:00" } }, "/quietHours"],
    [{ quietHours: { from: "21:00", to: "21:00" } }, "/quietHours"],
    [{ quietHours: { from: "21:00" } }, "/quietHours/to"],
    [{ quietHours: { from: "24:00", to: "08:00" } }, "/quietHours/from"],
    [{ quietHours: { from: "9 pm", to: "08:00" } }, "/quietHours/from"],
    [{ quietHours: null }, "/quietHours"],
    [{ quietHours: { from: "21:00", to: "08:00", [MARK]: "" } }, "/quietHours"],
    [{ caps: { perDay: 0, perWeek: 3 } }, "/caps/perDay"],
    [{ caps: { perDay: 11, perWeek: 50 } }, "/caps/perDay"],
    [{ caps: { perDay: 1.5, perWeek: 3 } }, "/caps/perDay"],
    [{ caps: { perDay: "1", perWeek: 3 } }, "/caps/perDay"],
    [{ caps: { perDay: 1, perWeek: 51 } }, "/caps/perWeek"],
    [{ caps: { perDay: 4, perWeek: 3 } }, "/caps"],
    [{ caps: { perDay: 1 } }, "/caps/perWeek"],
    [{ caps: { perDay: 1, perWeek: 3, [MARK]: 1 } }, "/caps"],
  ])("is %j in the practice's settings", async (fields, pointer) => {
    const body = { timeZone: "America/Denver", officeHours: {}, ...fields };
    const answer = await staff({ method: "PUT", path: "/practice", user: "admin", body });
    expect(expectProblem(answer, 400, "invalid_request")["pointer"]).toBe(pointer);
  });

  it("is an idempotency key that is missing, empty, repeated or of 300 characters", async () => {
    const keys: readonly (readonly string[])[] = [
      [],
      ["Idempotency-Key", ""],
      ["Idempotency-Key", " "],
      ["Idempotency-Key", MARK.repeat(34)],
      [...freshKey(), ...freshKey()],
    ];
    const keyed = wholeBodies().flatMap(([, path, , whole]) =>
      /(?:consents|consent-requests|opt-outs|completion)$/u.test(path) ? [[path, whole] as const] : [],
    );
    expect(keyed).toHaveLength(4);
    for (const headers of keys) expectProblem(await post({}, headers), 400, "invalid_request");
    for (const headers of keys.slice(1)) {
      const body = { externalId: "MRN-8", givenName: "G", familyName: "F", birthDate: "1980-04-12" };
      const answer = await staff({ method: "POST", path: "/patients", headers, body });
      expectProblem(answer, 400, "invalid_request");
      for (const [path, whole] of keyed) {
        const other = await staff({ method: "POST", path, headers, body: whole });
        expectProblem(other, 400, "invalid_request");
      }
    }
  });

  it("is a version that was never given out", async () => {
    const versions = [
      ["If-Match", '"999"'],
      ["If-Match", MARK],
      ["If-Match", '"1", "2"'],
      ["If-Match", '"1"', "If-Match", '"1"'],
    ];
    for (const headers of versions) {
      const body = { givenName: MARK };
      const answer = await staff({ method: "PATCH", path: `/patients/${patient.id}`, headers, body });
      expectProblem(answer, 409, "version_conflict");
      const thread = await staff({
        method: "PATCH",
        path: `/threads/${threadId}`,
        headers,
        body: { state: "closed" },
      });
      expectProblem(thread, 409, "version_conflict");
    }
  });

  it.each([
    "/patients/{patient}/messages?limit=0",
    "/patients/{patient}/messages?limit=101",
    "/patients/{patient}/messages?limit=1.5",
    "/patients/{patient}/messages?limit=",
    "/patients/{patient}/messages?limit=ten",
    "/patients/{patient}/messages?limit=1&limit=2",
    `/patients/{patient}/messages?${MARK}=1`,
    `/patients/{patient}/messages?cursor=${MARK}`,
    "/patients/{patient}/messages?cursor={thread}",
    `/patients/{patient}/consents?cursor=${MARK}`,
    `/threads?state=${MARK}`,
    "/threads?state=open&state=closed",
    "/threads?limit=-1",
    `/threads?cursor=${MARK}`,
    `/threads?assignee=${MARK.repeat(12)}`,
    "/threads?__proto__=1",
    `/tasks?kind=${MARK}`,
    "/tasks?state=late",
    `/tasks?cursor=${MARK}`,
    "/tasks?cursor={thread}",
    "/threads?limit=%zz",
  ])("is the query of %s", async (template) => {
    const path = template.replace("{patient}", patient.id).replace("{thread}", threadId);
    expectProblem(await staff({ method: "GET", path, user: "frontdesk" }), 400, "invalid_request");
  });
});

describe("an id that nothing has", () => {
  const odd = [
    ...Object.values(UNKNOWN),
    "pat_x",
    MARK,
    "pat_0000000000000000000000000O",
    "PAT_00000000000000000000000000",
    "null",
    "0",
    "%20",
    "é",
    "%F0%9F%92%8A",
    "pat_00000000000000000000000000%0a".replace("%0a", "%26"),
    `..%2f${MARK}`,
    "x".repeat(5000),
  ];
  const bodies: Readonly<Record<string, unknown>> = {
    PATCH: { state: "closed", givenName: MARK },
    consents: { purpose: "portal", channel: "sms", decision: "revoked", method: "paper" },
    "consent-requests": { purpose: "survey", permission: { how: MARK, when: "2026-01-05" } },
    "opt-outs": { channel: "all", method: "verbal", evidence: MARK },
    revocation: { reason: MARK },
    notes: { text: MARK },
  };

  it.each([
    ["GET", "/patients/{id}", undefined],
    ["PATCH", "/patients/{id}", { givenName: MARK }],
    ["DELETE", "/patients/{id}/pin", undefined],
    ["GET", "/patients/{id}/consents", undefined],
    ["POST", "/patients/{id}/consents", bodies["consents"]],
    ["POST", "/patients/{id}/consent-requests", bodies["consent-requests"]],
    ["POST", "/patients/{id}/opt-outs", bodies["opt-outs"]],
    ["GET", "/patients/{id}/preferences", undefined],
    ["PUT", "/patients/{id}/preferences", {}],
    ["GET", "/patients/{id}/messages", undefined],
    ["GET", "/messages/{id}", undefined],
    ["POST", "/messages/{id}/revocation", bodies["revocation"]],
    ["POST", "/messages/{id}/alerts", undefined],
    ["GET", "/threads/{id}", undefined],
    ["PATCH", "/threads/{id}", { state: "closed" }],
    ["POST", "/threads/{id}/notes", bodies["notes"]],
    ["GET", "/attachments/{id}", undefined],
    ["POST", "/tasks/{id}/completion", { note: MARK }],
    ["GET", "/vendors/{id}", undefined],
  ])("is not found by %s %s", async (method, template, body) => {
    const others = [patient.id, messageId, threadId, taskId].filter((id) => !fits(template, id));
    for (const id of [...odd, ...others]) {
      const path = template.replace("{id}", encodeNonAscii(id));
      const answer = await staff({ method, path, ...(body === undefined ? {} : { body }) });
      expect(`${id.slice(0, 60)} ${String(answer.status)}`).toMatch(/ 404$/u);
      expectProblem(answer, 404, "not_found");
    }
  });

  function fits(template: string, id: string): boolean {
    return template.startsWith(
      `/${{ pat: "patients", msg: "messages", thr: "threads", tsk: "tasks" }[id.slice(0, 3)] ?? "?"}`,
    );
  }

  function encodeNonAscii(id: string): string {
    return id.replace(/[^\x20-\x7e]/gu, encodeURIComponent);
  }

  it("is not found in the vendors either", async () => {
    const body = { baaSignedOn: "2026-01-15" };
    for (const id of ["twilio", MARK, "AWS", "__proto__", "constructor"])
      expectProblem(
        await staff({ method: "PUT", path: `/vendors/${id}`, user: "compliance", body }),
        404,
        "not_found",
      );
  });
});

describe("a path or method that is none", () => {
  it.each([
    ["GET", "/v1", 404],
    ["GET", "/v1/", 404],
    ["GET", `/v1/${MARK}`, 404],
    ["GET", "/v1/patients", 404],
    ["DELETE", "/v1/practice", 404],
    ["PUT", "/v1/messages", 404],
    ["OPTIONS", "/v1/messages", 404],
    ["PROPFIND", "/v1/messages", 404],
    ["TRACE", "/v1/health", 404],
    ["GET", "/v1//practice", 404],
    ["GET", "/v1/practice//", 404],
    ["GET", "/v1/./practice", 404],
    ["GET", "/v1/patients/..", 404],
    ["GET", "/v1/../_local/texts", 404],
    ["GET", "/v1/%2e%2e/_local/texts", 404],
    ["GET", "/v1/%2e%2e%2f_local%2ftexts", 404],
    ["GET", "/v1/patients/%2e%2e/practice", 404],
    ["GET", "/v1/practice%00", 400],
    ["GET", `/v1/patients/%00${MARK}`, 400],
    ["GET", "/v1/patients/%0d%0aX-Set:1", 400],
    ["GET", "/v1/patients/%zz", 400],
    ["GET", "/v1/patients/%c3%28", 400],
    ["GET", "/v1/PRACTICE", 404],
    ["GET", `/v1/${"x/".repeat(2000)}`, 404],
    ["GET", `/v1/${MARK.repeat(900)}`, 404],
    ["GET", "/m", 404],
    ["GET", "/m/", 404],
    ["PUT", "/m/abc", 404],
    ["GET", "/m/abc/..", 404],
    ["GET", "/m/abc/%2e%2e", 404],
    ["GET", `/m/abc/${MARK}`, 404],
    ["GET", "/m/%00", 400],
    ["GET", "/V1/health", 404],
    ["GET", `/${MARK}`, 404],
  ])("%s %s is answered with a problem document", async (method, path, status) => {
    const answers = [await send({ method, path }), await send({ method, path, user: "admin" })];
    for (const answer of answers) {
      // An answer to the method TRACE or to a path outside of every stage comes from the server itself.
      expect(answer.status).toBe(status);
      expect(answer.headers["content-type"]).toBe("application/problem+json");
      expect(JSON.parse(answer.body.toString("utf8"))).toMatchObject({
        status,
        code: status === 404 ? "not_found" : "invalid_request",
      });
      expect(answer.body.toString("utf8")).not.toContain(MARK);
    }
  });

  it("is none either where headers say that it is another", async () => {
    const headers = [
      "X-HTTP-Method-Override",
      "PUT",
      "X-Original-URL",
      "/v1/practice",
      "X-Forwarded-Prefix",
      "/v1",
    ];
    expectProblem(
      await send({ method: "GET", path: "/v1/nothing", user: "admin", headers }),
      404,
      "not_found",
    );
  });
});

describe("the portal", () => {
  const FORM = ["Content-Type", "application/x-www-form-urlencoded"];
  const token = "A".repeat(44);
  let neutral: string;

  beforeAll(async () => {
    neutral = (await host.portal(`/m/${token}`)).html;
  });

  /** The page that says that a request cannot be served: the same whatever stands in it, and whatever the link. */
  const expectErrorPage = async (answer: Awaited<ReturnType<typeof send>>, request: Partial<Sent>) => {
    const page = answer.body.toString("utf8");
    expect(page).toMatch(/<h1>[^<]+<\/h1>/u);
    expect(page).not.toContain(MARK);
    const other = await send({ method: "POST", path: `/m/${"B".repeat(44)}`, ...request });
    expect(page).toBe(other.body.toString("utf8"));
  };

  const requests: readonly (readonly [string, number, Partial<Sent>])[] = [
    ["an empty form", 200, { headers: FORM, body: "" }],
    ["no form", 200, {}],
    ["a form of nothing but separators", 200, { headers: FORM, body: "&&&===&&" }],
    ["a form with broken escapes", 200, { headers: FORM, body: `birthDate=%zz%${MARK}&code=%ff%fe` }],
    ["a form with null characters", 200, { headers: FORM, body: `birthDate=%00${MARK}\u0000` }],
    ["a form that is not UTF-8", 200, { headers: FORM, body: Buffer.from([0xff, 0xfe, 0x3d, 0x80]) }],
    ["a form that says things twice", 200, { headers: FORM, body: `birthDate=${MARK}&birthDate=1980-04-12` }],
    ["a form with a thousand fields", 200, { headers: FORM, body: "a=1&".repeat(1000) }],
    [
      "a form with names of objects",
      200,
      { headers: FORM, body: "__proto__=1&constructor=2&birthDate[x]=3" },
    ],
    ["a date that is none", 200, { headers: FORM, body: "birthDate=1980-02-30" }],
    ["a code in other figures", 200, { headers: FORM, body: `code=${encodeURIComponent("١٢٣٤٥٦")}` }],
    ["a form of more than 4 KB", 413, { headers: FORM, body: `birthDate=${MARK.repeat(1000)}` }],
    ["JSON", 415, { body: { birthDate: "1980-04-12", [MARK]: 1 } }],
    [
      "a form in parts",
      415,
      { headers: ["Content-Type", "multipart/form-data; boundary=x"], body: `--x\r\n${MARK}\r\n--x--` },
    ],
    ["a form of no type", 415, { headers: ["Content-Type", ""], body: `birthDate=${MARK}` }],
    ["a form of another site", 403, { headers: [...FORM, "Origin", `https://${MARK}.example`], body: "a=1" }],
    [
      "a form that a browser sends for another site",
      403,
      { headers: [...FORM, "Sec-Fetch-Site", "cross-site"] },
    ],
    [
      "cookies of another making",
      200,
      { headers: [...FORM, "Cookie", `__Host-session=${MARK}; __Host-session=${MARK}; __Host-proof=;;=`] },
    ],
  ];

  it.each(requests)("answers %s with a page that tells nothing", async (_name, status, request) => {
    const answer = await send({ method: "POST", path: `/m/${token}`, ...request });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers).not.toHaveProperty("set-cookie");
    if (status === 200) expect(answer.body.toString("utf8")).toBe(neutral);
    else await expectErrorPage(answer, request);
  });

  it.each([
    ["GET", "/m/x", 200],
    ["GET", `/m/${MARK.repeat(700)}`, 200],
    ["GET", "/m/%F0%9F%92%8A", 200],
    ["GET", `/m/${token}?lang=${MARK}&lang=xx&x=%zz`, 200],
    ["GET", `/m/${token}/thread`, 303],
    ["POST", `/m/${token}/lock`, 303],
    ["GET", `/m/${token}/preferences?${MARK}=${MARK}`, 303],
    ["GET", `/m/${token}/thread?before=${MARK}`, 303],
    ["GET", `/m/${token}/thread?before=msg_00000000000000000000000000`, 303],
    ["POST", `/m/${token}/replies`, 303],
    ["GET", "/m/..%2f..%2f_local/thread", 303],
    ["POST", "/m/%3Cscript%3E/lock", 303],
  ])("gives %s %s nothing to go on", async (method, path, status) => {
    const answer = await send({ method, path, headers: method === "POST" ? FORM : [] });
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.toString("utf8")).toBe(neutral);
    else expect(answer.headers["location"]).toMatch(/^\/m\/[\w-]+$/u);
  });

  it.each([
    ["a form", 303, { headers: FORM, body: "stopTexts=yes" }],
    ["a form that asks for something else", 303, { headers: FORM, body: `stopTexts=${MARK}&${MARK}=yes` }],
    ["a form that asks twice", 303, { headers: FORM, body: "stopTexts=yes&stopTexts=yes" }],
    ["an empty form", 303, { headers: FORM, body: "" }],
    ["a form with broken escapes", 303, { headers: FORM, body: `stopTexts=%zz%${MARK}` }],
    [
      "consents",
      303,
      { headers: FORM, body: `change=consents&had=portal.sms&want=${MARK}.sms&want=portal.fax` },
    ],
    ["quiet hours", 303, { headers: FORM, body: `change=quiet-hours&from=${MARK}&to=08:00` }],
    ["a language", 303, { headers: FORM, body: `change=language&language=${MARK}` }],
    ["a PIN", 303, { headers: FORM, body: `change=pin&pin=${MARK}&pinAgain=${MARK}` }],
    ["a device", 303, { headers: FORM, body: `change=forget-device&device=${MARK.repeat(20)}` }],
    ["a change that there is not", 303, { headers: FORM, body: `change=${MARK}` }],
    ["two changes at once", 303, { headers: FORM, body: "change=stop-texts&change=remove-pin" }],
    ["cookies of another making", 303, { headers: [...FORM, "Cookie", `__Host-session=${MARK}`] }],
    ["a form of more than 4 KB", 413, { headers: FORM, body: `stopTexts=${MARK.repeat(1000)}` }],
    ["JSON", 415, { body: { stopTexts: "yes", [MARK]: 1 } }],
    ["a form of no type", 415, { headers: ["Content-Type", ""], body: `stopTexts=${MARK}` }],
    ["a form of another site", 403, { headers: [...FORM, "Origin", `https://${MARK}.example`] }],
  ] as const)("stops nothing for %s in preferences without a session", async (_name, status, request) => {
    const answer = await send({ method: "POST", path: `/m/${token}/preferences`, ...request });
    expect(answer.status).toBe(status);
    expect(`${answer.headers["location"] ?? ""} ${answer.body.toString("utf8")}`).not.toContain(MARK);
    if (status === 303) expect(answer.headers["location"]).toMatch(new RegExp(`^/m/${token}(?:/|$)`, "u"));
    else await expectErrorPage(answer, request);
  });

  it.each([
    ["a form", 303, { headers: FORM, body: `body=${MARK}&form=${MARK}&attachments=${MARK}` }],
    ["a form without anything", 303, { headers: FORM, body: "" }],
    ["a form that says things twice", 303, { headers: FORM, body: `body=${MARK}&body=${MARK}` }],
    ["a form with broken escapes", 303, { headers: FORM, body: `body=%zz%${MARK}%00%ff` }],
    ["a form of 60 KB", 303, { headers: FORM, body: `body=${MARK.repeat(6000)}` }],
    ["cookies of another making", 303, { headers: [...FORM, "Cookie", `__Host-session=${MARK}`] }],
    ["JSON", 415, { body: { body: MARK } }],
    ["a form of another site", 403, { headers: [...FORM, "Origin", `https://${MARK}.example`] }],
  ] as const)("takes no reply for %s without a session", async (_name, status, request) => {
    const answer = await send({ method: "POST", path: `/m/${token}/replies`, ...request });
    expect(answer.status).toBe(status);
    expect(`${answer.headers["location"] ?? ""} ${answer.body.toString("utf8")}`).not.toContain(MARK);
    if (status === 303) expect(answer.headers["location"]).toBe(`/m/${token}`);
    else await expectErrorPage(answer, request);
  });

  it.each([token, "x", MARK.repeat(10), "%3Cscript%3E"])(
    "tells the version of %s to nobody",
    async (each) => {
      const answer = await send({ method: "GET", path: `/m/${each}/version` });
      expect(answer.status).toBe(401);
      expect(answer.headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
      });
      expect(answer.body.toString("utf8")).toBe("{}");
    },
  );

  it("says the same to everybody who says that a text is not for them", async () => {
    const tokens = [token, "x", MARK.repeat(10), MARK.repeat(700), "%3Cscript%3E", "..%2f..%2f_local"];
    const post = (each: string, headers: readonly string[], body: unknown) =>
      send({ method: "POST", path: `/m/${each}/wrong-person`, headers, body });
    const answers = await Promise.all([
      ...tokens.map((each) => post(each, FORM, "")),
      post("x", FORM, `${MARK}=1`),
      post("x", [...FORM, "Cookie", `__Host-session=${MARK}`], ""),
      post("x", [], { [MARK]: 1 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.toString("utf8"))).size).toBe(1);
    expect(answers[0]?.body.toString("utf8")).not.toContain(MARK);
    const site = [...FORM, "Origin", `https://${MARK}.example`];
    expect((await post(token, site, "")).status).toBe(403);
  });

  it("tells everybody the same about our texts", async () => {
    const answers = await Promise.all(
      ["", `?${MARK}=${MARK}`, "?lang=xx"].map((query) => send({ method: "GET", path: `/m/real${query}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.toString("utf8"))).size).toBe(1);
  });

  it("asks everybody alike whether to unsubscribe, and says the same to all who do", async () => {
    const oneClick = "List-Unsubscribe=One-Click";
    const parts = ["Content-Type", "multipart/form-data; boundary=x"];
    const part = `--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--`;
    const tokens = [token, "x", MARK.repeat(10), MARK.repeat(700), "%3Cscript%3E", "..%2f..%2f_local"];
    const post = async (each: string, headers: readonly string[], body: unknown) =>
      send({ method: "POST", path: `/m/${each}/unsubscribe`, headers, body });
    const asked = await Promise.all([
      ...tokens.map((each) => send({ method: "GET", path: `/m/${each}/unsubscribe` })),
      post(token, FORM, ""),
      post(token, FORM, `${MARK}=1&List-Unsubscribe=${MARK}`),
      post(token, FORM, `List-Unsubscribe=%zz%${MARK}`),
      post(token, FORM, `${oneClick}&a=${MARK.repeat(1000)}`),
      post(token, parts, `--x\r\n${MARK}\r\n--x--`),
      post(token, ["Content-Type", ""], oneClick),
      post(token, [], { "List-Unsubscribe": "One-Click", [MARK]: 1 }),
    ]);
    const done = await Promise.all([
      ...tokens.map((each) => post(each, FORM, oneClick)),
      post(token, [...FORM, "Origin", `https://${MARK}.example`], `${oneClick}&${MARK}=1`),
      post(token, parts, part),
    ]);
    for (const answers of [asked, done]) {
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect(new Set(answers.map(({ body }) => body.toString("utf8"))).size).toBe(1);
      expect(JSON.stringify(answers.map(({ headers }) => headers))).not.toMatch(/Zebrafish|set-cookie/u);
    }
    expect(asked[0]?.body.toString("utf8")).not.toBe(done[0]?.body.toString("utf8"));
    expect(`${String(asked[0]?.body)} ${String(done[0]?.body)}`).not.toContain(MARK);
  });

  it.each(
    ["", "/preferences", "/replies", "/unsubscribe", "/wrong-person"].flatMap((page) => [
      ["of 65 KB", page, 65 * KILOBYTE] as const,
      ["of 200 KB", page, 200 * KILOBYTE] as const,
      ["of 12 MB", page, 12 * KILOBYTE * KILOBYTE] as const,
    ]),
  )("turns a form %s for the page %j away at the firewall", async (_name, page, bytes) => {
    const answer = await send({
      method: "POST",
      path: `/m/${token}${page}`,
      headers: FORM,
      body: "a".repeat(bytes),
    });
    expectProblem(answer, 413, "payload_too_large");
  });
});

describe("after all of this", () => {
  it("an access token that is over is no sign-in", async () => {
    const old = await host.token("admin");
    await host.advance(11 * MINUTE_SECONDS);
    const answer = await send({
      method: "GET",
      path: "/v1/practice",
      headers: ["Authorization", `Bearer ${old}`],
    });
    expectProblem(answer, 401, "unauthenticated");
  });

  it("nothing was stored, nobody was texted, and nothing has failed on our side", async () => {
    await host.settled();
    const { items } = await expecting(200, host.local("GET", "/access-logs"));
    const failed = (items as readonly { readonly message: string }[]).filter(({ message }) =>
      /"status":"?5/u.test(message),
    );

    expect(withoutSignIns(await exportedTables(host))).toEqual(before);
    // The alert, and the answer to what the patient texted, both from before.
    expect(await host.texts()).toHaveLength(2);
    expect(failed).toEqual([]);
    expect(JSON.stringify((await host.local("GET", "/logs")).body)).not.toContain("REQUEST_FAILED");
  });
});

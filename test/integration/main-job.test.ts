import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExportedEntry, entriesOf, verifiedChains } from "../support/audit-export.ts";
import type { HostAnswer, LocalHost, PortalAnswer } from "../support/host.ts";
import {
  CLINICAL_BODY,
  codeIn,
  decide,
  linkIn,
  newestText,
  registerPatient,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { compareWithPrinted } from "../support/printed-vocabulary.ts";
import { rawRequest } from "../support/raw-request.ts";

const SUBJECT = "Your diabetes check";
const KEY = { "Idempotency-Key": "main-job-1" };
/** The basic set of GSM 03.38 without the characters that take two. */
const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/u;

type Job = Awaited<ReturnType<typeof doMainJob>>;

let host: LocalHost;
let patient: TestPatient;
let job: Job;

beforeAll(async () => {
  host = await startPractice();
  patient = await registerPatient(host, { givenName: "Givenname", familyName: "Familyname" });
  job = await doMainJob();
});
afterAll(() => host.stop());

/** The main job once, from the refusal without consent to the lock, with every answer kept. */
async function doMainJob() {
  const body = { patientId: patient.id, purpose: "portal", subject: SUBJECT, body: CLINICAL_BODY };
  const post = (key: Readonly<Record<string, string>>, fields: object = {}) =>
    host.api("POST", "/messages", { ...body, ...fields }, "clinician", key);

  const refused = await post({ "Idempotency-Key": "main-job-0" });
  await host.settled();
  const textsWithoutConsent = await host.texts(patient.mobilePhone);
  await decide(host, patient, "granted");
  const preview = await host.api("POST", "/messages/preview", body, "clinician");
  await host.settled();
  const textsAfterPreview = await host.texts(patient.mobilePhone);
  const accepted = await post(KEY);
  const replayed = await post(KEY);
  const conflicting = await post(KEY, { body: "Something else" });
  const firstText = await newestText(host, patient);
  const textsAfterReplay = await host.texts(patient.mobilePhone);
  await host.local("POST", `/texts/${firstText.id}/events`, { eventType: "TEXT_DELIVERED" });

  const link = linkIn(firstText);
  const neutral = await host.portal(link);
  const wrongDate = await host.portal(link, { birthDate: "1980-04-13" });
  const textsAfterWrongDate = await host.texts(patient.mobilePhone);
  const rightDate = await host.portal(link, { birthDate: patient.birthDate });
  const secondText = await newestText(host, patient);
  const opened = await host.portal(link, { code: codeIn(secondText) }, rightDate.cookies);
  const threadPath = opened.headers.get("location") ?? "";
  const withoutCookie = await host.portal(threadPath);
  const thread = await host.portal(threadPath, undefined, opened.cookies);
  const locked = await host.portal(`${link}/lock`, {}, opened.cookies);
  const threadAfterLock = await host.portal(threadPath, undefined, opened.cookies);
  await host.local("POST", `/texts/${secondText.id}/events`, { eventType: "TEXT_DELIVERED" });
  await host.settled();

  const { id, threadId } = accepted.body as { readonly id: string; readonly threadId: string };
  const status = await host.api("GET", `/messages/${id}`, undefined, "frontdesk");
  const staffThread = await host.api("GET", `/threads/${threadId}`, undefined, "clinician");
  const texts = await host.texts(patient.mobilePhone);
  const entries = await entriesOf(host, patient.id);
  return {
    ...{ refused, textsWithoutConsent, preview, textsAfterPreview, accepted, replayed, conflicting },
    ...{ firstText, textsAfterReplay, link, neutral, wrongDate, textsAfterWrongDate, rightDate, secondText },
    ...{ opened, withoutCookie, thread, locked, threadAfterLock, status, staffThread, texts, entries },
  };
}

const isProblem = (answer: HostAnswer, status: number, code: string) => {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ type: "about:blank", status, code, title: expect.any(String) });
};

describe("a message for a patient who has not consented", () => {
  it("is refused with the reason, and reaches nobody", () => {
    isProblem(job.refused, 409, "consent_required");
    expect(job.textsWithoutConsent).toEqual([]);
  });
});

describe("an accepted message", () => {
  it("is answered with its tier, every reason and the receipt", () => {
    expect(job.accepted.status).toBe(202);
    expect(job.accepted.body).toMatchObject({
      id: expect.stringMatching(/^msg_/u),
      threadId: expect.stringMatching(/^thr_/u),
      tier: 3,
      alert: { id: expect.stringMatching(/^alr_/u), channel: "sms", status: "queued" },
      receipt: { tier: 3, channel: "sms", consentId: expect.stringMatching(/^con_/u) },
    });
    const { reasons } = job.accepted.body as {
      readonly reasons: readonly Readonly<Record<string, unknown>>[];
    };
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) {
      expect(reason).toEqual({
        rule: expect.any(String),
        category: expect.any(String),
        start: expect.any(Number),
        end: expect.any(Number),
        explanation: expect.any(String),
      });
    }
  });

  it("was shown before by the preview, which sends nothing", () => {
    const { alert, receipt } = job.preview.body as {
      readonly alert: Readonly<Record<string, unknown>>;
      readonly receipt: unknown;
    };
    const masked = (text: unknown) => String(text).replace(/\/m\/\S+/u, "/m/token");
    expect(job.preview.status).toBe(200);
    expect(alert).toMatchObject({ channel: "sms", encoding: "GSM-7", segments: 1 });
    expect(masked(alert["text"])).toBe(masked(job.firstText.body));
    expect(String(alert["text"])).toHaveLength(job.firstText.body.length);
    expect(receipt).toEqual((job.accepted.body as { readonly receipt: unknown }).receipt);
    expect(job.textsAfterPreview).toEqual([]);
  });

  it("is accepted once however often it is posted under one key", () => {
    expect(job.replayed.status).toBe(202);
    expect(job.replayed.body).toEqual(job.accepted.body);
    expect(job.textsAfterReplay).toHaveLength(1);
  });

  it("keeps its key from other words", () => {
    isProblem(job.conflicting, 409, "idempotency_conflict");
  });
});

describe("the texts", () => {
  it("are two: one that something waits, one with a code", () => {
    expect(job.texts.map(({ body }) => /\/m\//u.test(body))).toEqual([true, false]);
    expect(codeIn(job.secondText)).toMatch(/^\d{6}$/u);
  });

  it("go in one part of GSM-7 each", () => {
    for (const { body } of job.texts) {
      expect(body).toMatch(GSM_7);
      expect(body.length).toBeLessThanOrEqual(160);
    }
  });

  it("tell nothing of the patient or of what is written", async () => {
    const secrets = [...CLINICAL_BODY.split(" "), ...SUBJECT.split(" "), "Givenname", "Familyname"];
    const telling = secrets.map((word) => word.replace(/[^\w.]/gu, "")).filter((word) => word.length > 2);
    for (const { body } of job.texts) {
      const words = body.replace(/https?:\S+/u, "").toLowerCase();
      for (const word of telling.filter((each) => !/^(?:your|check)$/iu.test(each)))
        expect(words).not.toContain(word.toLowerCase());
      expect(words).not.toMatch(/1980|mrn|doctor|result|test|health|clinic|medic|lab|treat/u);
      const { body: verdict } = await host.api("POST", "/classifications", { text: words }, "clinician");
      expect((verdict as { readonly tier: number }).tier).toBeLessThan(3);
    }
  });

  it("carry nothing but the alert's id for the carrier's reports", () => {
    for (const { context } of job.texts)
      expect(context).toEqual({ alertId: expect.stringMatching(/^alr_[0-9A-Z]{26}$/u) });
  });
});

describe("the link", () => {
  it("leads to the same bytes whether it is valid, forged or no link at all", async () => {
    const { pathname } = new URL(job.link);
    const flipped = pathname.at(-1) === "A" ? "B" : "A";
    const paths = [
      pathname,
      `${pathname.slice(0, -1)}${flipped}`,
      `/m/${"A".repeat(44)}`,
      "/m/abc",
      "/m/...",
    ];
    const answers = await Promise.all(paths.map((path) => rawRequest(host, { method: "GET", path })));

    const changing = new Set(["date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"]);
    const seen = answers.map(({ status, headers, body }) => ({
      status,
      headers: Object.entries(headers).filter(([name]) => !changing.has(name)),
      body: body.toString("latin1"),
    }));
    expect(seen[0]).toMatchObject({ status: 200, body: expect.stringContaining('name="birthDate"') });
    for (const each of seen) expect(each).toEqual(seen[0]);
  });

  it("names neither the patient nor what waits in its page, and nothing may keep the page", () => {
    expect(job.neutral.html).not.toMatch(/Givenname|Familyname|metformin|diabetes|your result/iu);
    expect(job.neutral.html).not.toContain(job.link.split("/").at(-1));
    expect(job.neutral.headers.get("cache-control")).toBe("no-store");
    expect(job.neutral.headers.get("referrer-policy")).toBe("no-referrer");
    expect(job.neutral.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(job.neutral.cookies).toEqual([]);
  });

  it("answers a wrong date of birth with that page, and nothing else happens", () => {
    expect(job.wrongDate).toMatchObject({ status: 200, html: job.neutral.html, cookies: [] });
    expect(job.textsAfterWrongDate).toHaveLength(1);
  });

  it("asks for the code after the right date of birth", () => {
    expect(job.rightDate.status).toBe(200);
    expect(job.rightDate.html).toContain('name="code"');
    expect(job.rightDate.html).not.toContain("metformin");
  });

  it("opens with the code, in a session that no script and no other site can use", () => {
    expect(job.opened.status).toBe(303);
    const cookie = sessionCookie(job.opened);
    for (const fence of ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"]) expect(cookie).toContain(fence);
    expect(cookie).not.toMatch(/Max-Age|Expires|Domain/iu);
  });

  it("shows what was written, once", () => {
    expect(job.thread.status).toBe(200);
    expect(job.thread.html).toContain(CLINICAL_BODY);
    expect(job.thread.html).toContain(SUBJECT);
    expect(job.thread.html.split(CLINICAL_BODY)).toHaveLength(2);
  });

  it("shows nothing without the session, nor after the lock", () => {
    expect(job.withoutCookie).toMatchObject({ status: 303, html: "" });
    expect(job.locked.status).toBe(303);
    expect(job.locked.cookies.join()).toContain("__Host-session=; Max-Age=0");
    expect(job.threadAfterLock).toMatchObject({ status: 303, html: "" });
    expect(job.threadAfterLock.headers.get("location")).toBe(new URL(job.link).pathname);
  });
});

describe("what staff see", () => {
  it("is a status without content", () => {
    expect(job.status.status).toBe(200);
    expect(job.status.body).toMatchObject({ tier: 3, alert: { status: "opened", reason: null } });
    expect(JSON.stringify(job.status.body)).not.toMatch(/A1C|metformin|diabetes|\+1206/iu);
  });

  it("is the content for a clinician", () => {
    expect(job.staffThread.body).toMatchObject({
      messages: [{ subject: SUBJECT, body: CLINICAL_BODY, withheld: false, tier: 3 }],
    });
  });
});

describe("the audit", () => {
  it("has an entry for each step, in order", () => {
    const steps = [
      "patient.registered",
      "message.refused",
      "consent.granted",
      "message.accepted",
      "alert.claimed",
      "alert.sent",
      "proof.failed",
      "code.requested",
      "alert.claimed",
      "alert.sent",
      "session.opened",
      "thread.read",
      "session.locked",
    ];
    // Delivery reports come when the carrier sends them.
    const found = job.entries.filter(
      ({ action, role }) => action !== "alert.delivered" && !(action === "thread.read" && role !== "patient"),
    );
    expect(found.map(({ action }) => action)).toEqual(steps);
    expect(of("alert.delivered").map(({ details }) => details?.["alertId"])).toEqual(
      job.texts.map(({ context }) => context["alertId"]),
    );
    expect(of("thread.read").map(({ role }) => role)).toEqual(["patient", "clinician"]);
  });

  it("says who did it, in which role and function, and why something was refused", () => {
    const staff = { actor: expect.stringMatching(/^staff_/u), requestId: expect.stringMatching(/./u) };
    expect(of("message.refused")).toMatchObject([
      { ...staff, role: "clinician", function: "messages", details: { reason: "consent_required", tier: 3 } },
    ]);
    expect(of("consent.granted")).toMatchObject([{ ...staff, role: "frontdesk", purpose: "portal" }]);
    expect(of("alert.claimed")[0]).toMatchObject({ actor: "function:send-alert", role: "function" });
    expect(of("session.opened")).toMatchObject([{ actor: `patient:${patient.id}`, role: "patient" }]);
  });

  it("keeps the text that was sent, without its token or code", () => {
    const kept = of("alert.sent").map(({ details }) => String(details?.["text"]));
    expect(kept).toHaveLength(2);
    const [first = "", second = ""] = kept;
    expect(job.firstText.body.startsWith(first.split("/m/")[0] ?? "?")).toBe(true);
    expect(first).not.toContain(job.link.split("/").at(-1));
    expect(second).not.toContain(codeIn(job.secondText));
  });

  it("is whole: every chain counts from one, and each entry gives the hash that the next one names", async () => {
    const chains = await verifiedChains(host);
    expect(chains.get(patient.id)).toEqual(job.entries);
    expect([...chains.keys()].filter((chain) => chain.startsWith("actor#staff_")).length).toBeGreaterThan(1);
  });
});

describe("the printed vocabulary", () => {
  it("holds every text above", async () => {
    const { checked, outside } = await compareWithPrinted(host);

    expect(checked).toBeGreaterThan(1);
    expect(outside).toEqual([]);
  });
});

function of(action: string): readonly ExportedEntry[] {
  return job.entries.filter((entry) => entry.action === action);
}

function sessionCookie({ cookies }: PortalAnswer): string {
  return cookies.find((cookie) => cookie.startsWith("__Host-session=")) ?? "";
}

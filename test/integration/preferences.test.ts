import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHost, PortalAnswer } from "../support/host.ts";
import {
  alertOf,
  askForCode,
  codeIn,
  consentingPatient,
  consentToEmail,
  decide,
  expecting,
  linkIn,
  moveToHour,
  newestText,
  patientTexts,
  postMessage,
  registerPatient,
  sendEmailedLink,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";

const HOUR = 3600;
const DAY_HOUR = 16;
/** Needs a date of birth and no code. */
const PLAIN = { body: "A form is waiting for you", minimumTier: 2 };
const TICKED = { unsecuredText: "yes", numberConfirmed: "yes", optOutAnytime: "yes" };

type Open = { readonly link: string; readonly cookies: readonly string[] };
type Item = Readonly<Record<string, unknown>>;

describe("what patients decide in the portal", () => {
  let host: LocalHost;

  beforeAll(async () => {
    host = await startPractice();
  });
  afterAll(() => host.stop());

  /** A patient with an open session. */
  async function atThePortal(fields: Item = {}): Promise<Open & { readonly patient: TestPatient }> {
    const patient = await consentingPatient(host, fields);
    return {
      patient,
      ...(await proveAt(await sendLink(host, patient, PLAIN), { birthDate: patient.birthDate })),
    };
  }

  async function proveAt(
    link: string,
    proof: Readonly<Record<string, string>>,
    known: readonly string[] = [],
  ): Promise<Open> {
    const answer = await host.portal(link, proof, known);
    expect(answer.status).toBe(303);
    return { link, cookies: answer.cookies };
  }

  const show = ({ link, cookies }: Open) => host.portal(`${link}/preferences`, undefined, cookies);

  /** Posts a change, which must be saved, and gives the page that the browser is sent to. */
  async function change(open: Open, fields: Readonly<Record<string, string>>): Promise<PortalAnswer> {
    const answer = await host.portal(`${open.link}/preferences`, fields, open.cookies);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toMatch(/\/preferences#saved-[a-z-]+$/);
    const page = await show(open);
    expect(page.status).toBe(200);
    return page;
  }

  async function list(path: string, user: "compliance" | "auditor" | "frontdesk"): Promise<readonly Item[]> {
    return (await expecting(200, host.api("GET", path, undefined, user)))["items"] as readonly Item[];
  }

  const actionsOf = async ({ id }: Pick<TestPatient, "id">) =>
    (await list(`/audit?patientId=${id}&limit=100`, "auditor")).map(({ action }) => action);

  it("ends one purpose: the next message about it is refused, and about another it is not", async () => {
    const open = await atThePortal();
    await decide(host, open.patient, "granted", "billing");
    expect((await show(open)).html).toContain('name="had" value="billing.sms"');

    const page = await change(open, { change: "consents", had: "billing.sms" });

    expect(page.html).not.toContain('name="had" value="billing.sms"');
    expect((await postMessage(host, open.patient, { ...PLAIN, purpose: "billing" })).body).toMatchObject({
      code: "consent_revoked",
    });
    expect((await postMessage(host, open.patient, PLAIN)).status).toBe(202);
  });

  it("grants a purpose for the number that the link came to: the next text about it leaves", async () => {
    const open = await atThePortal();
    expect((await postMessage(host, open.patient, { ...PLAIN, purpose: "billing" })).status).toBe(409);

    await change(open, { change: "consents", want: "billing.sms", ...TICKED });

    const { id } = await sendMessage(host, open.patient, { ...PLAIN, purpose: "billing" });
    await host.settled();
    expect((await alertOf(host, { id })).status).toMatch(/^(?:sent|delivered)$/);
  });

  it("grants nothing that staff ruled out for the patient", async () => {
    const open = await atThePortal({ constraints: { neverAbout: ["billing"] } });

    await change(open, { change: "consents", want: "billing.sms", ...TICKED });

    expect((await postMessage(host, open.patient, { ...PLAIN, purpose: "billing" })).body).toMatchObject({
      code: "constraint_violation",
    });
  });

  it("keeps quiet hours: the next text waits for their end, and an urgent one does not", async () => {
    await moveToHour(host, DAY_HOUR);
    const open = await atThePortal({ timeZone: "Etc/UTC" });
    await change(open, { change: "quiet-hours", from: "15:30", to: "18:00" });
    const before = (await host.texts(open.patient.mobilePhone)).length;

    const message = await sendMessage(host, open.patient, PLAIN);
    await host.settled();
    expect(await alertOf(host, message)).toMatchObject({ status: "deferred", reason: "quiet_hours" });
    await expecting(202, host.api("POST", `/messages/${message.id}/alerts`, undefined, "frontdesk"));
    await host.settled();
    expect(await host.texts(open.patient.mobilePhone)).toHaveLength(before + 1);

    const later = await sendMessage(host, open.patient, PLAIN);
    await host.settled();
    expect(await alertOf(host, later)).toMatchObject({ status: "deferred", reason: "quiet_hours" });
    await host.advance(2 * HOUR + 120);
    expect((await alertOf(host, later)).status).toMatch(/^(?:sent|delivered)$/);
  });

  it("writes the next text and page in the language that was chosen", async () => {
    const open = await atThePortal();
    expect((await newestText(host, open.patient)).body).not.toContain("mensaje");

    expect((await change(open, { change: "language", language: "es" })).html).toContain('<html lang="es">');

    const preview = await expecting(
      200,
      host.api(
        "POST",
        "/messages/preview",
        { patientId: open.patient.id, purpose: "portal", ...PLAIN },
        "clinician",
      ),
    );
    expect(JSON.stringify(preview)).toContain("mensaje");
    const link = await sendLink(host, open.patient, PLAIN);
    const text = await newestText(host, open.patient);
    expect(text.body).toContain("mensaje");
    const next = await proveAt(link, { birthDate: open.patient.birthDate });
    expect((await host.portal(`${link}/thread`, undefined, next.cookies)).html).toContain('<html lang="es">');
  });

  it("sets a PIN, which opens the next link in the place of the date of birth", async () => {
    const open = await atThePortal();
    await change(open, { change: "pin", pin: "835201", pinAgain: "835201" });

    const link = await sendLink(host, open.patient, PLAIN);
    expect((await host.portal(link, { birthDate: open.patient.birthDate })).status).toBe(200);
    const next = await proveAt(link, { pin: "835201" });
    await change(next, { change: "remove-pin", presentPin: "835201" });

    await proveAt(await sendLink(host, open.patient, PLAIN), { birthDate: open.patient.birthDate });
  });

  it("forgets the device that codes were spared on", async () => {
    const patient = await consentingPatient(host);
    const { birthDate } = patient;
    const first = await sendLink(host, patient);
    const { text } = await askForCode(host, patient, first);
    const opened = await host.portal(first, { birthDate, code: codeIn(text), device: "own" });
    const device = opened.cookies.filter((cookie) => cookie.startsWith("__Host-device="));
    expect(device).toHaveLength(1);
    const open = await proveAt(await sendLink(host, patient), { birthDate }, device);
    const cookies = [...open.cookies.filter((cookie) => cookie.startsWith("__Host-session=")), ...device];
    expect((await show({ ...open, cookies })).html).toContain('value="forget-device"');

    const page = await change({ ...open, cookies }, { change: "forget-devices" });

    expect(page.html).not.toContain('value="forget-device"');
    const next = await host.portal(await sendLink(host, patient), { birthDate }, device);
    expect(next.status).toBe(200);
    expect(next.html).toContain('name="code"');
  });

  it("shows and takes preferences over the staff API, at a version", async () => {
    const open = await atThePortal();
    await change(open, { change: "language", language: "es" });
    const path = `/patients/${open.patient.id}/preferences`;
    const read = await host.api("GET", path, undefined, "frontdesk");
    const quietHours = { from: "20:00", to: "09:00" };

    expect(read.body).toEqual({ language: "es", quietHours: null, disowned: [], version: 1 });
    const tag = { "If-Match": String(read.headers.get("etag")) };
    const written = await host.api("PUT", path, { quietHours }, "clinician", tag);
    expect(written).toMatchObject({ status: 200, body: { language: null, quietHours, version: 2 } });
    expect((await host.api("PUT", path, {}, "clinician", tag)).body).toMatchObject({
      code: "version_conflict",
    });
    expect(
      (await host.api("PUT", path, { quietHours: { from: "09:00", to: "08:00" } }, "clinician")).body,
    ).toMatchObject({
      code: "unprocessable",
      pointer: "/quietHours",
    });
    expect((await show(open)).html).toContain('value="20:00"');
    expect(await actionsOf(open.patient)).toEqual(
      expect.arrayContaining(["preferences.changed", "preferences.read"]),
    );
  });

  describe("somebody says that a text is not for them", () => {
    const wrongPerson = (link: string) => host.portal(`${link}/wrong-person`, {});
    const tasksAbout = async ({ id }: TestPatient) =>
      (await list("/tasks?kind=wrong-number&limit=100", "compliance")).filter(
        ({ patientId }) => patientId === id,
      );
    const disclosuresOf = async ({ id }: TestPatient) => {
      const report = await expecting(
        200,
        host.api("GET", `/patients/${id}/disclosures`, undefined, "compliance"),
      );
      return report["items"] as readonly Item[];
    };

    it("ends links and session, and nothing leaves for the number until staff confirm it", async () => {
      const open = await atThePortal();
      const { patient, link } = open;
      const texts = (await host.texts(patient.mobilePhone)).length;

      const first = await wrongPerson(link);
      const again = await wrongPerson(link);

      expect(first.status).toBe(200);
      expect(again.html).toBe(first.html);
      expect((await host.portal(`${link}/thread`, undefined, open.cookies)).status).toBe(303);
      expect((await host.portal(link, { birthDate: patient.birthDate })).status).toBe(200);
      expect((await postMessage(host, patient)).body).toMatchObject({ code: "consent_revoked" });
      // With leave that is newer than what was said; and YES answers no older question.
      const { now } = await expecting(200, host.local("GET", "/clock"));
      const leave = { purpose: "survey", permission: { how: "At check-in", when: String(now) } };
      expect(
        (await host.api("POST", `/patients/${patient.id}/consent-requests`, leave, "frontdesk")).status,
      ).toBe(422);
      await host.settled();
      expect(await host.texts(patient.mobilePhone)).toHaveLength(texts);

      expect(await tasksAbout(patient)).toHaveLength(1);
      expect(await disclosuresOf(patient)).toMatchObject([
        { arrived: expect.stringMatching(/sent|delivered/) },
      ]);
      const { history } = await expecting(
        200,
        host.api("GET", `/patients/${patient.id}/consents`, undefined, "frontdesk"),
      );
      expect(history).toContainEqual(
        expect.objectContaining({ method: "wrong-person", decision: "revoked" }),
      );
      expect((await actionsOf(patient)).filter((action) => action === "link.disowned")).toHaveLength(1);
      expect(
        (await host.api("GET", `/patients/${patient.id}/preferences`, undefined, "frontdesk")).body,
      ).toMatchObject({ disowned: ["sms"] });

      await decide(host, patient, "granted");
      const next = await sendLink(host, patient, PLAIN);
      await wrongPerson(link);
      await proveAt(next, { birthDate: patient.birthDate });
      expect(await tasksAbout(patient)).toHaveLength(1);
    });

    it("answers no question that was asked before with YES", async () => {
      const patient = await consentingPatient(host);
      const link = await sendLink(host, patient, PLAIN);
      const { now } = await expecting(200, host.local("GET", "/clock"));
      const leave = { purpose: "survey", permission: { how: "At check-in", when: String(now) } };
      await expecting(202, host.api("POST", `/patients/${patient.id}/consent-requests`, leave, "frontdesk"));
      await host.settled();

      await wrongPerson(link);
      await patientTexts(host, patient, "YES");

      const { state } = await expecting(
        200,
        host.api("GET", `/patients/${patient.id}/consents`, undefined, "frontdesk"),
      );
      expect((state as readonly Item[]).filter(({ decision }) => decision === "granted")).toEqual([]);
    });

    it("is listed as an e-mail, and suspends the address, where the link came so", async () => {
      const email = "not-mine@practice.example";
      const patient = await consentingPatient(host, { email });
      const link = await sendEmailedLink(host, patient, email);

      await wrongPerson(link);

      const { state } = await expecting(
        200,
        host.api("GET", `/patients/${patient.id}/consents`, undefined, "frontdesk"),
      );
      expect(state).toContainEqual(expect.objectContaining({ channel: "email", decision: "revoked" }));
      expect(state).toContainEqual(
        expect.objectContaining({ channel: "sms", purpose: "portal", decision: "granted" }),
      );
      const [task] = await tasksAbout(patient);
      await expecting(
        200,
        host.api("POST", `/tasks/${String(task?.["id"])}/completion`, { outcome: "done" }, "compliance"),
      );
      // The task's end tells of no number.
      expect(await disclosuresOf(patient)).toMatchObject([{ purpose: expect.stringMatching(/^E-mail/) }]);
    });

    it("gets the same page for a forged link as for a real one", async () => {
      const patient = await registerPatient(host);
      await decide(host, patient, "granted");
      await consentToEmail(host, await registerPatient(host, { email: "nobody@practice.example" }));
      const link = linkIn(await newestTextOf(patient));

      const real = await wrongPerson(link);
      const forged = await wrongPerson(link.replace(/[^/]+$/u, "A".repeat(43)));

      expect(forged.status).toBe(real.status);
      expect(forged.html).toBe(real.html);
      expect(forged.cookies).toEqual(real.cookies);
    });

    async function newestTextOf(patient: TestPatient) {
      await sendMessage(host, patient, PLAIN);
      return newestText(host, patient);
    }
  });

  it("tells everybody where our texts come from", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, PLAIN);
    const { body, from } = await newestText(host, patient);

    const { status, html } = await host.portal(new URL("real", link).href);
    const facts = [...html.matchAll(/<dd>(?:<span class="number">)?(.*?)(?:<\/span> ?)?<\/dd>/gu)].map(
      ([, fact]) => fact ?? "",
    );
    const [name = "", phone = ""] = facts;

    expect(status).toBe(200);
    expect(html.replaceAll(/\D/g, "")).toContain(from.replaceAll(/\D/g, ""));
    expect(body.startsWith(name)).toBe(true);
    expect(body).toContain(phone);
    expect(link.startsWith(facts.find((fact) => fact.startsWith("http")) ?? "none")).toBe(true);
    expect(html).toContain("office@riverside-office.example");
  });
});

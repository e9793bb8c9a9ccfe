import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHost, PortalAnswer } from "../support/host.ts";
import {
  askForCode,
  codeIn,
  consentingPatient,
  expecting,
  linkIn,
  moveToHour,
  newestText,
  sendLink,
  sendMessage,
  startPractice,
  type TestPatient,
  wrongCode,
} from "../support/practice.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const WRONG_DATE = "1999-12-31";
const PIN = "482915";
const TIER_1 = { body: "Our office is closed on Friday." };
const TIER_2 = { ...TIER_1, minimumTier: 2 };

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** The cookies that a browser holds after an answer, on top of those that it had. */
function kept(answer: PortalAnswer, before: readonly string[] = []): readonly string[] {
  const jar = new Map<string, string>();
  for (const line of [...before, ...answer.cookies]) {
    const [pair = ""] = line.split(";");
    const [name = ""] = pair.split("=");
    if (pair.endsWith("=")) jar.delete(name);
    else jar.set(name, pair);
  }
  return [...jar.values()];
}

const isNeutral = ({ status, html, cookies }: PortalAnswer) => {
  expect(status).toBe(200);
  expect(html).toContain('name="birthDate"');
  expect(html).not.toContain('name="code"');
  expect(cookies).toEqual([]);
};
const asksForCode = ({ status, html }: PortalAnswer) => {
  expect(status).toBe(200);
  expect(html).toContain('name="code"');
};
const isOpen = ({ status, headers }: PortalAnswer, link: string) => {
  expect(status).toBe(303);
  expect(headers.get("location")).toContain(`${new URL(link).pathname}/thread`);
};

const dateOf = ({ birthDate }: TestPatient) => ({ birthDate });

/** Opens clinical content with date and code, and says whose device it is. */
async function openOn(patient: TestPatient, link: string, device: "own" | "shared" | null) {
  const { page, text } = await askForCode(host, patient, link);
  const said = device === null ? {} : { device };
  const answer = await host.portal(link, { code: codeIn(text), ...said }, page.cookies);
  isOpen(answer, link);
  return kept(answer, page.cookies);
}

/** The open tasks about a patient, of one kind. */
async function tasksOf(patient: TestPatient, kind: string) {
  const { items } = await expecting(
    200,
    host.api("GET", `/tasks?kind=${kind}&limit=100`, undefined, "frontdesk"),
  );
  return (items as readonly Readonly<Record<string, unknown>>[]).filter(
    ({ patientId }) => patientId === patient.id,
  );
}

/** A patient's entries of one action, oldest first. */
async function entriesOf(patient: TestPatient, action: string) {
  const { items } = await expecting(
    200,
    host.api("GET", `/audit?patientId=${patient.id}&limit=100`, undefined, "auditor"),
  );
  return (items as readonly Readonly<Record<string, unknown>>[]).filter(
    (entry) => entry["action"] === action,
  );
}

describe("the proof", () => {
  it("is the link at tier 1, the date at tier 2, the date and a code at tier 3", async () => {
    const [one, two, three] = [
      await consentingPatient(host),
      await consentingPatient(host),
      await consentingPatient(host),
    ];
    const first = await sendLink(host, one, TIER_1);
    const second = await sendLink(host, two, TIER_2);
    const third = await sendLink(host, three);

    isOpen(await host.portal(first, {}), first);
    isNeutral(await host.portal(second, {}));
    isOpen(await host.portal(second, dateOf(two)), second);
    isNeutral(await host.portal(third, {}));
    await openOn(three, third, null);
  });

  it("takes a code once, and only from the browser that gave the date", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, text } = await askForCode(host, patient, link);
    const code = codeIn(text);

    isNeutral(await host.portal(link, { code }));
    isOpen(await host.portal(link, { code }, page.cookies), link);
    isNeutral(await host.portal(link, { code }, page.cookies));
    isNeutral(await host.portal(link, { ...dateOf(patient), code }));
  });

  it("is worth nothing at another link: neither the waiting cookie nor the session", async () => {
    const patient = await consentingPatient(host);
    const [mine, other] = [await sendLink(host, patient), await sendLink(host, patient)];
    const { page, text } = await askForCode(host, patient, mine);

    isNeutral(await host.portal(other, { code: codeIn(text) }, page.cookies));
    const opened = await host.portal(mine, { code: codeIn(text) }, page.cookies);
    expect((await host.portal(`${other}/thread`, undefined, opened.cookies)).status).toBe(303);
    expect((await host.portal(`${mine}/thread`, undefined, opened.cookies)).status).toBe(200);
  });
});

describe("a device", () => {
  it("that is the patient's own needs no code for a day, and one again after it", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const cookies = await openOn(patient, link, "own");
    const device = cookies.filter((pair) => pair.startsWith("__Host-device="));
    expect(device).toHaveLength(1);

    isNeutral(await host.portal(link, { birthDate: WRONG_DATE }, device));
    isOpen(await host.portal(link, dateOf(patient), device), link);
    asksForCode(await host.portal(link, dateOf(patient)));
    const next = await sendLink(host, patient);
    isOpen(await host.portal(next, dateOf(patient), device), next);

    await host.advance(DAY_SECONDS);
    asksForCode(await host.portal(next, dateOf(patient), device));
    const opened = await entriesOf(patient, "session.opened");
    expect(opened.map(({ details }) => details)).toMatchObject([
      { device: "remembered", code: true, tier: 3 },
      { device: "known", code: false, tier: 3 },
      { device: "known", code: false, tier: 3 },
    ]);
  });

  it.each(["shared", null] as const)("is not remembered where the patient says %s", async (said) => {
    const patient = await consentingPatient(host);
    const cookies = await openOn(patient, await sendLink(host, patient), said);
    const next = await sendLink(host, patient);

    expect(cookies.filter((pair) => pair.startsWith("__Host-device="))).toEqual([]);
    asksForCode(await host.portal(next, dateOf(patient), cookies));
  });

  it("is forgotten on the patient's word, and the session that was opened on it ends", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const lost = await openOn(patient, link, "own");
    await host.advance(2 * MINUTE_SECONDS);
    const { page, text } = await askForCode(host, patient, link);
    const here = kept(await host.portal(link, { code: codeIn(text), device: "own" }, page.cookies));

    const answer = await host.portal(`${link}/preferences`, { change: "forget-devices" }, here);

    expect(answer.status).toBe(303);
    expect((await host.portal(`${link}/thread`, undefined, here)).status).toBe(200);
    expect((await host.portal(`${link}/thread`, undefined, lost)).status).toBe(303);
    await host.advance(2 * MINUTE_SECONDS);
    asksForCode(await host.portal(link, dateOf(patient), lost));
  });
});

describe("an open session", () => {
  it("outlives the end of its link by no more than its own hour", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, TIER_2);
    await host.advance(3 * DAY_SECONDS - 5 * MINUTE_SECONDS);
    const { cookies } = await host.portal(link, dateOf(patient));
    await host.advance(6 * MINUTE_SECONDS);

    for (const form of [{}, dateOf(patient)]) {
      isNeutral(await host.portal(link, form, cookies));
    }
    expect((await host.portal(`${link}/thread`, undefined, cookies)).status).toBe(200);
  });
});

describe("a PIN", () => {
  async function withPin(): Promise<{ readonly patient: TestPatient; readonly link: string }> {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, TIER_2);
    const { cookies } = await host.portal(link, dateOf(patient));
    const set = await host.portal(`${link}/preferences`, { change: "pin", pin: PIN, pinAgain: PIN }, cookies);
    expect(set.status).toBe(303);
    return { patient, link };
  }

  it("takes the place of the date of birth, and neither stands in any entry", async () => {
    const { patient, link } = await withPin();

    isNeutral(await host.portal(link, dateOf(patient)));
    isNeutral(await host.portal(link, { pin: "482916" }));
    isOpen(await host.portal(link, { pin: PIN }), link);
    const { items } = await expecting(
      200,
      host.api("GET", `/audit?patientId=${patient.id}&limit=100`, undefined, "auditor"),
    );
    expect(JSON.stringify(items)).toContain("pin.set");
    expect(JSON.stringify(items)).not.toContain(PIN);
    expect((await entriesOf(patient, "proof.failed")).length).toBe(2);
  });

  it("throws out who came by the date before, and is changed by nobody who does not know it", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, TIER_2);
    const [own, other] = [await host.portal(link, dateOf(patient)), await host.portal(link, dateOf(patient))];
    const form = { change: "pin", pin: PIN, pinAgain: PIN };
    await host.portal(`${link}/preferences`, form, own.cookies);

    expect((await host.portal(`${link}/thread`, undefined, own.cookies)).status).toBe(200);
    expect((await host.portal(`${link}/thread`, undefined, other.cookies)).status).toBe(303);
    const again = { ...form, pin: "739104", pinAgain: "739104", presentPin: "739104" };
    expect((await host.portal(`${link}/preferences`, again, own.cookies)).html).toContain('role="alert"');
    expect((await entriesOf(patient, "proof.failed")).length).toBe(1);
    isOpen(await host.portal(link, { pin: PIN }), link);
    await host.portal(`${link}/preferences`, { ...again, presentPin: PIN }, own.cookies);
    isOpen(await host.portal(link, { pin: "739104" }), link);
  });

  it("is taken away by staff, on record, and the date opens again", async () => {
    const { patient, link } = await withPin();
    const remove = (user: "frontdesk" | "auditor") =>
      host.api("DELETE", `/patients/${patient.id}/pin`, undefined, user);

    expect((await remove("auditor")).status).toBe(403);
    await expecting(204, remove("frontdesk"));
    await expecting(204, remove("frontdesk"));

    isNeutral(await host.portal(link, { pin: PIN }));
    isOpen(await host.portal(link, dateOf(patient)), link);
    expect((await entriesOf(patient, "pin.removed"))[0]).toMatchObject({ role: "frontdesk" });
  });
});

describe("wrong proofs", () => {
  it("kill the link at the fifth, whatever they were of, and give staff exactly one task", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const { page, text } = await askForCode(host, patient, link);
    await host.portal(link, { birthDate: WRONG_DATE });
    await host.portal(link, { pin: PIN });
    for (let count = 0; count < 2; count += 1) {
      asksForCode(await host.portal(link, { code: wrongCode(text) }, page.cookies));
    }

    isNeutral(await host.portal(link, { code: wrongCode(text) }, page.cookies));
    isNeutral(await host.portal(link, { ...dateOf(patient), code: codeIn(text) }));

    expect(await tasksOf(patient, "proof-failed")).toMatchObject([{ kind: "proof-failed", state: "open" }]);
    expect(await entriesOf(patient, "link.died")).toHaveLength(1);
  });

  it("end a patient's day at the tenth over three links, with one task, and only until the next day", async () => {
    await moveToHour(host, 16);
    const patient = await consentingPatient(host);
    const links: string[] = [];
    for (let count = 0; count < 4; count += 1) links.push(await sendLink(host, patient, TIER_2));
    const [first = "", second = "", third = "", untried = ""] = links;
    for (const link of [first, second, third]) {
      for (let guess = 0; guess < 4; guess += 1)
        isNeutral(await host.portal(link, { birthDate: WRONG_DATE }));
    }

    isNeutral(await host.portal(untried, dateOf(patient)));
    expect(await tasksOf(patient, "proof-failed")).toHaveLength(1);
    expect((await entriesOf(patient, "proof.failed")).length).toBe(9);
    expect(await entriesOf(patient, "link.died")).toMatchObject([{ details: { limit: "day", misses: 2 } }]);
    await host.advance(9 * HOUR_SECONDS);
    isNeutral(await host.portal(third, dateOf(patient)));
    isOpen(await host.portal(untried, dateOf(patient)), untried);
    await moveToHour(host, 16);
  });

  it("are worth no more when forty are sent at once", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient, TIER_2);

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_guess, index) =>
        host.portal(link, { birthDate: `19${String(40 + index)}-01-02` }),
      ),
    );

    for (const answer of answers) isNeutral(answer);
    expect(new Set(answers.map(({ html }) => html)).size).toBe(1);
    expect((await entriesOf(patient, "proof.failed")).length).toBe(4);
    expect(await entriesOf(patient, "link.died")).toHaveLength(1);
    expect(await tasksOf(patient, "proof-failed")).toHaveLength(1);
    isNeutral(await host.portal(link, dateOf(patient)));
  });
});

describe("a step up", () => {
  it("asks a session of tier 2 for the code alone when clinical content comes", async () => {
    const patient = await consentingPatient(host);
    const { threadId } = await sendMessage(host, patient, TIER_2);
    const link = linkIn(await newestText(host, patient));
    const cookies = kept(await host.portal(link, dateOf(patient)));
    await sendMessage(host, patient, { threadId, body: "Your biopsy result is benign." });
    await host.settled();

    const before = await host.portal(`${link}/thread`, undefined, cookies);
    expect(before.html).not.toContain("benign");
    const asked = await host.portal(link, { stepUp: "1" }, cookies);
    asksForCode(asked);
    const code = codeIn(await newestText(host, patient));
    const answer = await host.portal(link, { code }, kept(asked, cookies));

    isOpen(answer, link);
    expect((await host.portal(`${link}/thread`, undefined, kept(answer))).html).toContain("benign");
    expect((await host.portal(`${link}/thread`, undefined, cookies)).status).toBe(303);
  });
});

describe("a change of the date of birth", () => {
  it("ends links and devices, and holds clinical content back for a day", async () => {
    const patient = await consentingPatient(host);
    const link = await sendLink(host, patient);
    const device = (await openOn(patient, link, "own")).filter((pair) => pair.startsWith("__Host-device="));
    const birthDate = "1981-03-04";
    await expecting(200, host.api("PATCH", `/patients/${patient.id}`, { birthDate }, "frontdesk"));

    isNeutral(await host.portal(link, { birthDate }, device));
    const next = await sendLink(host, patient);
    const texts = (await host.texts(patient.mobilePhone)).length;
    const opened = await host.portal(next, { birthDate }, device);
    isOpen(opened, next);
    const thread = await host.portal(`${next}/thread`, undefined, opened.cookies);
    expect(thread.status).toBe(200);
    expect(thread.html).not.toContain("metformin");
    const held = await host.portal(next, { stepUp: "1" }, opened.cookies);
    expect(held.status).toBe(200);
    expect(held.html).not.toContain("<input");
    await host.settled();
    expect(await host.texts(patient.mobilePhone)).toHaveLength(texts);

    await host.advance(DAY_SECONDS);
    asksForCode(await host.portal(next, { birthDate }, device));
  });
});

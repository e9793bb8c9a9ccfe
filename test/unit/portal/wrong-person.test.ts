import { beforeEach, describe, expect, it } from "vitest";
import { PURPOSES } from "#shared/domain/words.ts";
import { aWorld, BIRTH_DATE, cookieLines, cookiesOf, PATIENT, type World } from "./world.ts";

const FORGED = "A".repeat(43);

describe("somebody says that a link is not for them", () => {
  let world: World;
  const disowned = () => world.items.get(`${PATIENT}|preferences`)?.["disowned"];
  const tasks = () => [...world.items].filter(([key]) => key.startsWith("task|")).map(([, task]) => task);
  const reports = () => world.entries.filter(({ action }) => action === "link.disowned");
  const stateOf = () => structuredClone([...world.items.keys()]);

  beforeEach(async () => {
    world = await aWorld();
    world.addConsent("portal", "sms", { consentId: "con_1" });
    world.addConsent("billing", "sms");
    world.addConsent("portal", "email", { contactId: "num_mail" });
  });

  it("ends the patient's links and sessions, and all that was agreed to for the number", async () => {
    const cookies = cookiesOf(await world.post(world.token, { birthDate: BIRTH_DATE }));
    const other = await world.addLink(2);

    await world.wrongPerson(world.token);

    expect((await world.thread(world.token, { cookies })).statusCode).toBe(303);
    const again = await world.post(other.token, { birthDate: BIRTH_DATE });
    expect(again.statusCode).toBe(200);
    for (const purpose of PURPOSES) {
      expect(world.consent(purpose, "sms")).toMatchObject({
        decision: "revoked",
        method: "wrong-person",
        contactId: "num_1",
        ended: null,
      });
    }
    expect(world.consent("portal", "email").decision).toBe("granted");
    expect(disowned()).toEqual({ sms: "num_1", email: null });
  });

  it("opens one task and is on record for the accounting of disclosures, by nobody that is known", async () => {
    await world.wrongPerson(world.token);

    expect(tasks()).toMatchObject([
      { kind: "wrong-number", patientId: PATIENT, alertId: "alr_1", reason: "number", taskState: "open" },
    ]);
    expect(reports()).toMatchObject([
      {
        actor: "function:portal",
        role: "function",
        patientId: PATIENT,
        details: { wrongPerson: true, channel: "sms", contactId: "num_1", taskId: tasks()[0]?.["id"] },
      },
    ]);
  });

  it("suspends the address of a link that came by e-mail, and leaves texts", async () => {
    const mailed = await world.addLink(3, { consentId: "con_portal_email" });

    await world.wrongPerson(mailed.token);

    expect(disowned()).toEqual({ sms: null, email: "num_mail" });
    expect(world.consent("portal", "email").decision).toBe("revoked");
    expect(world.consent("portal", "sms").decision).toBe("granted");
    expect(tasks()).toMatchObject([{ reason: "address" }]);
  });

  it("counts once: for the link, and for another link to the same number", async () => {
    const other = await world.addLink(2);

    await Promise.all([world.wrongPerson(world.token), world.wrongPerson(other.token)]);
    await world.wrongPerson(world.token);

    expect(reports()).toHaveLength(1);
    expect(tasks()).toHaveLength(1);
  });

  it("counts no second time for a link after the practice has confirmed the number", async () => {
    await world.wrongPerson(world.token);
    const said = world.items.get(`${PATIENT}|preferences`);
    world.items.set(`${PATIENT}|preferences`, { ...said, disowned: { sms: null, email: null }, version: 2 });
    world.addConsent("portal", "sms", { consentId: "con_again", since: world.state.now.toISOString() });

    await world.wrongPerson(world.token);

    expect(reports()).toHaveLength(1);
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("counts for a link that is over, dead or revoked", async () => {
    world.items.set(world.keys.link(world.lookup), { ...world.link(), diedAt: "2026-11-04T16:10:00.000Z" });
    world.setMarks({ linksRevokedBefore: world.state.now.toISOString(), erasedAt: null });
    world.advance(8 * 86_400);

    await world.wrongPerson(world.token);

    expect(reports()).toHaveLength(1);
  });

  it("is on record and ends nothing of a number that took the place of the one it went to", async () => {
    world.addConsent("portal", "sms", {
      consentId: "con_new",
      contactId: "num_2",
      since: "2026-11-04T16:30:00.000Z",
    });
    world.items.set(world.keys.entry(PATIENT, "con_1"), { channel: "sms", contactId: "num_1" });

    await world.wrongPerson(world.token);

    expect(reports()).toMatchObject([{ details: { contactId: "num_1", replaced: true } }]);
    expect(world.consent("portal", "sms")).toMatchObject({ decision: "granted", contactId: "num_2" });
    expect(world.items.get(`${PATIENT}|marks`)).toBeUndefined();
    expect(disowned()).toBeUndefined();
    expect(tasks()).toHaveLength(1);
  });

  it("gives the same answer for every token, and ends this browser's session and device", async () => {
    const answers = [
      await world.wrongPerson(world.token),
      await world.wrongPerson(world.token),
      await world.wrongPerson(FORGED),
      await world.wrongPerson("x"),
    ];

    const [first] = answers;
    expect(first?.statusCode).toBe(200);
    const lines = cookieLines(first as (typeof answers)[0]);
    expect(lines.map((line) => line.split(";", 2).join(";"))).toEqual([
      "__Host-session=; Max-Age=0",
      "__Host-proof=; Max-Age=0",
      "__Host-device=; Max-Age=0",
    ]);
    for (const answer of answers) expect(answer).toEqual(first);
  });

  it("reads as much for a forged token, and changes nothing", async () => {
    await world.wrongPerson(world.token);
    world.calls.length = 0;
    const before = stateOf();

    await world.wrongPerson(world.token);
    const real = world.calls.splice(0);
    await world.wrongPerson(FORGED);

    expect(world.calls).toEqual(real);
    expect(stateOf()).toEqual(before);
    expect(world.logs).toContainEqual(["PROOF_REJECTED", { counted: false, count: 1 }]);
  });

  it("is answered no sooner for a link than for a forged one", async () => {
    for (const token of [world.token, world.token, FORGED]) {
      await world.wrongPerson(token);
      expect(world.calls.at(-1)).toBe("answer 400 ms later");
    }
  });

  it.each(["2026-11-04T16:59:00.000Z", "2026-11-04T17:00:00.000Z", "2026-11-04T17:00:00.007Z"])(
    "never moves back when the patient's links were ended, here at %s",
    async (marked) => {
      world.setMarks({ linksRevokedBefore: marked, erasedAt: null });
      const said = world.state.now.toISOString();

      await world.wrongPerson(world.token);

      expect(reports()).toHaveLength(1);
      expect(world.items.get(`${PATIENT}|marks`)).toEqual({
        linksRevokedBefore: marked > said ? marked : said,
        erasedAt: null,
      });
    },
  );

  it("is not to be said by another site", async () => {
    const answer = await world.wrongPerson(world.token, { headers: { origin: "https://evil.example" } });

    expect(answer.statusCode).toBe(403);
    expect(reports()).toEqual([]);
  });

  it("does nothing where it cannot be recorded", async () => {
    world.state.auditFails = true;

    expect((await world.wrongPerson(world.token)).statusCode).toBe(503);

    expect(world.consent("portal", "sms").decision).toBe("granted");
    expect(disowned()).toBeUndefined();
  });
});

describe("the public page about our texts", () => {
  it("names where texts, links and e-mails come from, and reads nothing", async () => {
    const world = await aWorld();
    const { body, statusCode } = await world.real();

    expect(statusCode).toBe(200);
    for (const fact of [
      "+1 800-555-0199",
      "<dd>https://portal.example/</dd>",
      "office@riverside.example",
      "Social Security",
    ]) {
      expect(body).toContain(fact);
    }
    expect(world.calls).toEqual([]);
    expect((await world.real({ query: { lang: "es" } })).body).toContain('<html lang="es">');
  });
});

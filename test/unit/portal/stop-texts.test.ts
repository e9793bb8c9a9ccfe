import { describe, expect, it } from "vitest";
import { PURPOSES } from "#shared/domain/words.ts";
import { aWorld, BIRTH_DATE, cookiesOf, PATIENT } from "./world.ts";

const STOP = { stopTexts: "yes" };

/** A world with an open session of a patient who agreed to texts of two purposes and to e-mails. */
async function anOpenWorld() {
  const world = await aWorld();
  world.addConsent("portal", "sms");
  world.addConsent("scheduling", "sms");
  world.addConsent("portal", "email");
  const cookies = cookiesOf(await world.post(world.token, { birthDate: BIRTH_DATE }));
  return { ...world, cookies };
}

describe("stopping all texts in the portal", () => {
  it("is offered on the thread page behind a second step that needs no script", async () => {
    const world = await anOpenWorld();

    const { body } = await world.thread(world.token, { cookies: world.cookies });

    const [, step] = /<details>([\s\S]*)<\/details>/.exec(body) ?? [];
    expect(step).toContain("<summary");
    expect(step).toContain(`<form method="post" action="/m/${world.token}/preferences?lang=en">`);
    expect(step).toContain('name="stopTexts" value="yes"');
  });

  it("ends every consent to texts, whatever its purpose, and leaves e-mails", async () => {
    const world = await anOpenWorld();

    const answer = await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(answer).toMatchObject({
      statusCode: 303,
      headers: { Location: `/m/${world.token}/thread#texts` },
    });
    for (const purpose of ["portal", "scheduling"] as const) {
      expect(world.consent(purpose, "sms")).toMatchObject({
        decision: "revoked",
        method: "portal",
        recordedBy: `patient:${PATIENT}`,
        language: "en",
        contactId: "num_1",
      });
    }
    expect(world.consent("portal", "email").decision).toBe("granted");
  });

  it("is on record with its consents, by the patient", async () => {
    const world = await anOpenWorld();

    await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(world.entries.at(-1)).toMatchObject({
      action: "consent.revoked",
      actor: `patient:${PATIENT}`,
      role: "patient",
      patientId: PATIENT,
      details: {
        channel: "sms",
        method: "portal",
        consentIds: PURPOSES.map((_purpose, index) => `con_new_${index + 1}`),
      },
    });
  });

  it("says no to every other purpose too, so that no question about one leaves after it", async () => {
    const world = await anOpenWorld();
    world.addConsent("billing", "sms", { decision: "revoked", ended: "con_earlier" });

    await world.preferences(world.token, STOP, { cookies: world.cookies });

    for (const purpose of PURPOSES) {
      expect(world.consent(purpose, "sms")).toMatchObject({
        decision: "revoked",
        method: "portal",
        since: world.state.now.toISOString(),
        ended: null,
      });
    }
    expect(world.consent("billing", "email")).toBeUndefined();
  });

  it("is on record where nothing was agreed to", async () => {
    const world = await anOpenWorld();
    for (const purpose of ["portal", "scheduling"] as const)
      world.addConsent(purpose, "sms", { decision: "revoked" });

    await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(world.entries.at(-1)).toMatchObject({ action: "consent.revoked" });
    expect(world.consent("portal", "sms").since).toBe(world.state.now.toISOString());
  });

  it.each([
    ["en", "We do not text you."],
    ["es", "No le enviamos mensajes de texto."],
  ])("is said on the page afterwards (%s)", async (lang, said) => {
    const world = await anOpenWorld();
    const options = { cookies: world.cookies, query: { lang } };
    const before = await world.thread(world.token, options);

    await world.preferences(world.token, STOP, options);

    const after = await world.thread(world.token, options);
    expect(before.body).not.toContain(said);
    expect(after.body).toContain(said);
    expect(after.body).not.toContain("stopTexts");
  });

  it("twice ends nothing more and writes nothing more", async () => {
    const world = await anOpenWorld();
    await world.preferences(world.token, STOP, { cookies: world.cookies });
    const { length } = world.entries;

    const again = await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(again.statusCode).toBe(303);
    expect(world.entries).toHaveLength(length);
  });

  it("is not undone by START: somebody else may have the phone too", async () => {
    const world = await anOpenWorld();

    await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(world.consent("portal", "sms").ended).toBeNull();
  });

  it.each([
    ["nothing", {}],
    ["another answer", { stopTexts: "no" }],
    ["the answer twice", { stopTexts: ["yes", "yes"] }],
  ])("does not happen for %s", async (_what, fields) => {
    const world = await anOpenWorld();

    const answer = await world.preferences(world.token, fields, { cookies: world.cookies });

    expect(answer.statusCode).toBe(303);
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("needs an open session, and without one leads back to the first page", async () => {
    const world = await anOpenWorld();

    const answer = await world.preferences(world.token, STOP);

    expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${world.token}` } });
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("needs the session of that very link", async () => {
    const world = await anOpenWorld();
    const other = await world.addLink(2);

    await world.preferences(other.token, STOP, { cookies: world.cookies });

    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("is no longer possible once the links were revoked", async () => {
    const world = await anOpenWorld();
    world.setMarks({ linksRevokedBefore: "2026-11-04T18:00:00.000Z", erasedAt: null });

    const answer = await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(answer.headers?.["Location"]).toBe(`/m/${world.token}`);
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("is refused to a form of another site", async () => {
    const world = await anOpenWorld();
    const headers = { "sec-fetch-site": "cross-site" };

    const answer = await world.preferences(world.token, STOP, { cookies: world.cookies, headers });

    expect(answer.statusCode).toBe(403);
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("is refused in another content type than a form's", async () => {
    const world = await anOpenWorld();
    const headers = { "content-type": "application/json" };

    const answer = await world.preferences(world.token, STOP, { cookies: world.cookies, headers });

    expect(answer.statusCode).toBe(415);
  });

  it("fails visibly, and stops nothing, where it cannot be recorded", async () => {
    const world = await anOpenWorld();
    world.state.auditFails = true;

    const answer = await world.preferences(world.token, STOP, { cookies: world.cookies });

    expect(answer.statusCode).toBe(503);
    expect(world.consent("portal", "sms").decision).toBe("granted");
  });

  it("ends what staff grant at the same moment too", async () => {
    const world = await anOpenWorld();
    const stopping = world.preferences(world.token, STOP, { cookies: world.cookies });
    await new Promise((resolve) => setImmediate(resolve));
    for (const purpose of PURPOSES) world.addConsent(purpose, "sms", { consentId: `con_late_${purpose}` });

    await stopping;

    for (const purpose of PURPOSES) expect(world.consent(purpose, "sms").decision).toBe("revoked");
  });
});

import { describe, expect, it } from "vitest";
import { aWorld, formOf, PATIENT } from "./world.ts";

const ONE_CLICK = { body: formOf({ "List-Unsubscribe": "One-Click" }) };
const BOUNDARY = "----=_Part_1";
const MULTIPART = {
  body: `--${BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
  headers: { "content-type": `multipart/form-data; boundary="${BOUNDARY}"` },
};

async function aWorldWithEmails() {
  const world = await aWorld();
  world.addConsent("portal", "email", { contactId: "adr_1" });
  world.addConsent("billing", "email", { contactId: "adr_1" });
  world.addConsent("portal", "sms");
  const link = await world.addLink(3, { consentId: "con_portal_email" });
  return { ...world, link };
}

describe("one-click unsubscribing (RFC 8058)", () => {
  it.each([
    ["a form", ONE_CLICK],
    ["a form of several parts", MULTIPART],
  ])("ends every consent to e-mails by %s, without cookie or origin", async (_what, options) => {
    const world = await aWorldWithEmails();

    const answer = await world.unsubscribe("POST", world.link.token, options);

    expect(answer.statusCode).toBe(200);
    expect(world.consent("portal", "email")).toMatchObject({ decision: "revoked", method: "email" });
    expect(world.consent("billing", "email").decision).toBe("revoked");
    expect(world.consent("portal", "sms").decision).toBe("granted");
    expect(world.entries.at(-1)).toMatchObject({
      action: "consent.revoked",
      patientId: PATIENT,
      details: { channel: "email", method: "email", consentIds: ["con_new_1", "con_new_2"] },
    });
  });

  it("answers with one page whether the link is known or not", async () => {
    const world = await aWorldWithEmails();
    const forged = `${world.link.token.slice(0, -1)}${world.link.token.endsWith("A") ? "B" : "A"}`;

    const answers = await Promise.all(
      [world.link.token, forged, "no-token", "%00"].map((token) =>
        world.unsubscribe("POST", token, ONE_CLICK),
      ),
    );

    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });

  it("reads as much for a forged link as for one that has nothing to end", async () => {
    const world = await aWorldWithEmails();
    await world.unsubscribe("POST", world.link.token, ONE_CLICK);
    const callsFor = async (token: string) => {
      world.calls.length = 0;
      await world.unsubscribe("POST", token, ONE_CLICK);
      return [...world.calls];
    };

    expect(await callsFor("forged")).toEqual(await callsFor(world.link.token));
  });

  it("works long after the link is over or has died", async () => {
    const world = await aWorldWithEmails();
    const dead = await world.addLink(4, {
      consentId: "con_portal_email",
      expiresAt: "2026-10-30T17:00:00.000Z",
      diedAt: "2026-10-29T17:00:00.000Z",
    });

    await world.unsubscribe("POST", dead.token, ONE_CLICK);

    expect(world.consent("portal", "email").decision).toBe("revoked");
  });

  it("does not happen by the link of a text, which says the same", async () => {
    const world = await aWorldWithEmails();
    const text = await world.addLink(5, { consentId: "con_portal_sms" });
    const { length } = world.entries;

    const answers = [
      await world.unsubscribe("POST", text.token, ONE_CLICK),
      await world.unsubscribe("POST", world.token, ONE_CLICK),
    ];

    expect(world.consent("portal", "email").decision).toBe("granted");
    expect(world.consent("billing", "email").decision).toBe("granted");
    expect(world.entries).toHaveLength(length);
    const byMail = await world.unsubscribe("POST", world.link.token, ONE_CLICK);
    for (const { statusCode, body } of answers)
      expect({ statusCode, body }).toEqual({
        statusCode: byMail.statusCode,
        body: byMail.body,
      });
  });

  it("by a mail to an earlier address leaves the present one", async () => {
    const world = await aWorldWithEmails();
    world.addConsent("portal", "email", { consentId: "con_after_move", contactId: "adr_2" });

    await world.unsubscribe("POST", world.link.token, ONE_CLICK);

    expect(world.consent("portal", "email").decision).toBe("granted");
    expect(world.consent("billing", "email").decision).toBe("revoked");
  });

  it("does not happen because a scanner opens the address: a button asks first", async () => {
    const world = await aWorldWithEmails();

    const page = await world.unsubscribe("GET", world.link.token);
    const empty = await world.unsubscribe("POST", world.link.token);

    expect(page.body).toContain('name="List-Unsubscribe" value="One-Click"');
    expect(page.body).not.toContain(world.link.token);
    expect(empty.body).toBe(page.body);
    expect(world.consent("portal", "email").decision).toBe("granted");
  });

  it("speaks the browser's language", async () => {
    const world = await aWorldWithEmails();

    const { body } = await world.unsubscribe("GET", world.link.token, {
      headers: { "accept-language": "es-MX,es" },
    });

    expect(body).toContain("No recibir más correos");
  });

  it("fails visibly where it cannot be recorded, so that a mail client tries again", async () => {
    const world = await aWorldWithEmails();
    world.state.auditFails = true;

    const answer = await world.unsubscribe("POST", world.link.token, ONE_CLICK);

    expect(answer.statusCode).toBe(503);
    expect(world.consent("portal", "email").decision).toBe("granted");
  });
});

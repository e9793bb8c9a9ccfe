import { beforeEach, describe, expect, it } from "vitest";
import type { ConsentRecord } from "#shared/consent/records.ts";
import { aWorld, BIRTH_DATE, cookiesOf, type Fields, PATIENT, type World } from "./world.ts";

const TICKED = { unsecuredText: "yes", numberConfirmed: "yes", optOutAnytime: "yes" };
const ACKNOWLEDGED = { unsecuredText: true, numberConfirmed: true, optOutAnytime: true };
const AFTER_LINK = "2026-11-04T16:30:00.000Z";

/** An open session of a patient who agreed to texts of two purposes for the number that the link went to. */
async function anOpenWorld() {
  const world = await aWorld();
  world.addConsent("portal", "sms", { consentId: "con_1" });
  world.addConsent("scheduling", "sms");
  const cookies = cookiesOf(await world.post(world.token, { birthDate: BIRTH_DATE }));
  return { ...world, cookies };
}

describe("the page of preferences", () => {
  let world: World & { readonly cookies: readonly string[] };
  const change = (fields: Fields) => world.preferences(world.token, fields, { cookies: world.cookies });
  const page = async () => (await world.showPreferences(world.token, { cookies: world.cookies })).body;
  const savedIn = (part: string) => ({
    statusCode: 303,
    headers: { Location: expect.stringMatching(`/preferences#saved-${part}$`) },
  });
  const written = () =>
    world.entries.filter(({ action }) => !/^(?:proof|session|preferences\.read)/.test(action));
  const wishes = () => world.items.get(`${PATIENT}|preferences`);

  beforeEach(async () => {
    world = await anOpenWorld();
  });

  it("shows what holds, and its reading is on record first", async () => {
    const body = await page();

    expect(body).toContain('name="had" value="portal.sms"');
    expect(body).not.toContain('name="had" value="billing.sms"');
    expect(world.entries.at(-1)).toMatchObject({ action: "preferences.read", actor: `patient:${PATIENT}` });
  });

  it("shows nothing where the reading cannot be recorded", async () => {
    world.state.auditFails = true;

    expect(await world.showPreferences(world.token, { cookies: world.cookies })).toMatchObject({
      statusCode: 503,
    });
  });

  it.each([
    ["without a session", () => []],
    ["with a session of nobody's", () => [`__Host-session=${"A".repeat(43)}`]],
  ])("is not shown and changes nothing %s", async (_name, cookies) => {
    const [shown, changed] = [
      await world.showPreferences(world.token, { cookies: cookies() }),
      await world.preferences(world.token, { change: "language", language: "es" }, { cookies: cookies() }),
    ];

    for (const answer of [shown, changed]) {
      expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${world.token}` } });
    }
    expect(written()).toEqual([]);
  });

  it("asks for a proof where the link alone opened the session, and keeps it", async () => {
    const plain = await aWorld({ tier: 1 });
    const cookies = cookiesOf(await plain.post(plain.token));

    const answers = [
      await plain.showPreferences(plain.token, { cookies }),
      await plain.preferences(plain.token, { change: "language", language: "es" }, { cookies }),
      await plain.preferences(plain.token, { change: "pin", pin: "835201", pinAgain: "835201" }, { cookies }),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${plain.token}` } });
      expect(answer.multiValueHeaders).toBeUndefined();
    }
    expect(plain.items.get(`${PATIENT}|preferences`)).toBeUndefined();
    expect(plain.items.get(`${PATIENT}|pin`)).toBeUndefined();
  });

  it("takes no word from another site", async () => {
    const answer = await world.preferences(
      world.token,
      { change: "language", language: "es" },
      { cookies: world.cookies, headers: { "sec-fetch-site": "cross-site" } },
    );

    expect(answer.statusCode).toBe(403);
    expect(wishes()).toBeUndefined();
  });

  it("has a place in every part that says what was saved, seen only by who comes from there", async () => {
    const body = await page();

    for (const part of ["consents", "quiet-hours", "language", "pin", "devices"]) {
      expect(body).toMatch(
        new RegExp(`class="notice good tried" role="status" id="saved-${part}" tabindex="-1"`),
      );
      // Of no device nothing can be changed.
      expect(body.includes(`#saved-${part}"`)).toBe(part !== "devices");
    }
  });

  it("says nothing of having saved a change that it does not know", async () => {
    const answer = await change({ change: "everything" });

    expect(answer).toMatchObject({ statusCode: 303, headers: { Location: `/m/${world.token}/preferences` } });
    expect(written()).toEqual([]);
  });

  describe("purposes and channels", () => {
    it("end one by one, for good, with one entry however often it is posted", async () => {
      const form = { change: "consents", had: ["portal.sms", "scheduling.sms"], want: "portal.sms" };

      expect(await change(form)).toMatchObject(savedIn("consents"));
      expect(await change(form)).toMatchObject(savedIn("consents"));

      expect(world.consent("scheduling", "sms")).toMatchObject({
        decision: "revoked",
        method: "portal",
        ended: null,
        contactId: "num_1",
      });
      expect(world.consent("portal", "sms").decision).toBe("granted");
      expect(written()).toMatchObject([
        { action: "consent.revoked", role: "patient", details: { channel: "sms", purposes: ["scheduling"] } },
      ]);
    });

    it("are granted with the three acknowledgements, for the number that the link went to", async () => {
      const form = { change: "consents", had: "portal.sms", want: ["portal.sms", "billing.sms"], ...TICKED };

      expect(await change(form)).toMatchObject(savedIn("consents"));
      expect(await change(form)).toMatchObject(savedIn("consents"));

      expect(world.consent("billing", "sms")).toMatchObject({
        decision: "granted",
        method: "portal",
        wording: "portal-2026-11",
        contactId: "num_1",
        acknowledgements: ACKNOWLEDGED,
        recordedBy: `patient:${PATIENT}`,
      } satisfies Partial<ConsentRecord>);
      expect(written()).toMatchObject([
        { action: "consent.granted", details: { channel: "sms", contactId: "num_1", purposes: ["billing"] } },
      ]);
    });

    it.each(Object.keys(TICKED))(
      "are not granted without %s, and what ends in the same form ends",
      async (name) => {
        const { [name]: _left, ...rest } = { ...TICKED } as Record<string, string>;

        const answer = await change({
          change: "consents",
          had: "scheduling.sms",
          want: "billing.sms",
          ...rest,
        });

        expect(answer.statusCode).toBe(200);
        expect(answer.body).toContain("check all three boxes");
        expect(world.consent("billing", "sms")).toBeUndefined();
        expect(world.consent("scheduling", "sms").decision).toBe("revoked");
      },
    );

    it("keep what was ticked when they are not granted", async () => {
      const { body } = await change({ change: "consents", want: "billing.sms", unsecuredText: "yes" });

      const ticked = [...body.matchAll(/<input[^>]* checked>/g)].map(([input]) => input);
      expect(ticked.filter((input) => input.includes('value="billing.sms"'))).toHaveLength(1);
      expect(ticked.filter((input) => input.includes('name="unsecuredText"'))).toHaveLength(1);
      expect(ticked.filter((input) => input.includes('name="numberConfirmed"'))).toEqual([]);
      // Nothing was granted: the next form must ask for it once more.
      expect(body).not.toContain('name="had" value="billing.sms"');
    });

    it("are not said to be saved when only the three boxes were ticked", async () => {
      const held = ["portal.sms", "scheduling.sms"];
      const answers = [
        await change({ change: "consents", ...TICKED }),
        await change({ change: "consents", had: held, want: held, unsecuredText: "yes" }),
      ];

      for (const { statusCode, body } of answers) {
        expect(statusCode).toBe(200);
        expect(body).toContain("Nothing was turned on: choose what for.");
        expect(body).not.toContain('id="saved-');
      }
      expect(written()).toEqual([]);
    });

    it("leave alone what was decided after the page was made", async () => {
      // The page was open in two tabs: the other one has ended `scheduling`.
      await change({ change: "consents", had: "scheduling.sms" });

      await change({
        change: "consents",
        had: ["portal.sms", "scheduling.sms"],
        want: ["portal.sms", "scheduling.sms", "billing.sms"],
        ...TICKED,
      });

      expect(world.consent("scheduling", "sms").decision).toBe("revoked");
      expect(world.consent("billing", "sms").decision).toBe("granted");
    });

    it.each<[string, (open: World) => void, string]>([
      ["nothing is known of", () => undefined, "billing.email"],
      [
        "somebody said is not the patient's",
        (open) =>
          open.items.set(`${PATIENT}|preferences`, {
            language: null,
            quietHours: null,
            disowned: { sms: "num_1", email: null },
            version: 1,
          }),
        "billing.sms",
      ],
      [
        "a STOP by text ended",
        (open) => open.addConsent("scheduling", "sms", { decision: "revoked", ended: "con_0" }),
        "billing.sms",
      ],
    ])("are not granted for a contact that %s", async (_name, arrange, want) => {
      arrange(world);

      const answer = await change({ change: "consents", want, ...TICKED });

      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain("Please call us");
      expect(written()).toEqual([]);
    });

    it("are granted for the address that the ledger last knew", async () => {
      world.addConsent("portal", "email", { decision: "revoked", contactId: "num_old" });
      world.addConsent("survey", "email", { decision: "revoked", contactId: "num_mail", since: AFTER_LINK });

      await change({ change: "consents", want: "portal.email", ...TICKED });

      expect(world.consent("portal", "email")).toMatchObject({ decision: "granted", contactId: "num_mail" });
    });

    it("shows a grant for an older number as not given, and takes a new one", async () => {
      world.addConsent("billing", "sms", { contactId: "num_old" });

      expect(await page()).not.toContain('name="had" value="billing.sms"');
      await change({ change: "consents", want: "billing.sms", ...TICKED });

      expect(world.consent("billing", "sms")).toMatchObject({ decision: "granted", contactId: "num_1" });
    });
  });

  describe("quiet hours", () => {
    it("are kept once, shown, and taken away again", async () => {
      const form = { change: "quiet-hours", from: "20:30", to: "10:00" };

      expect(await change(form)).toMatchObject(savedIn("quiet-hours"));
      expect(await change(form)).toMatchObject(savedIn("quiet-hours"));
      expect(wishes()).toMatchObject({ quietHours: { from: "20:30", to: "10:00" }, version: 1 });
      expect(await page()).toContain('value="20:30"');
      expect(await change({ change: "quiet-hours" })).toMatchObject(savedIn("quiet-hours"));

      expect(wishes()).toMatchObject({ quietHours: null, version: 2 });
      expect(written()).toMatchObject([
        { action: "preferences.changed", details: { fields: ["quietHours"], quietHours: "20:30-10:00" } },
        { action: "preferences.changed", details: { fields: ["quietHours"], quietHours: null } },
      ]);
    });

    it.each([
      ["leave less than two hours of the practice's day", { from: "09:59", to: "08:00" }],
      ["are the whole day", { from: "08:00", to: "08:00" }],
      ["are no times", { from: "25:00", to: "08:00" }],
      ["lack their end", { from: "21:00" }],
    ])("are refused where they %s", async (_name, times) => {
      const answer = await change({ change: "quiet-hours", ...times });

      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('id="problem"');
      expect(wishes()).toBeUndefined();
    });

    it("stay as they were entered when they are refused, where they are times", async () => {
      const refused = await change({ change: "quiet-hours", from: "08:00", to: "08:00" });
      expect(refused.body).toMatch(/name="from"[^>]*value="08:00"/);
      expect(refused.body).toMatch(/name="to"[^>]*value="08:00"/);

      const odd = await change({ change: "quiet-hours", from: "25:00", to: "07:15" });
      expect(odd.body).toMatch(/name="from"[^>]*value=""/);
      expect(odd.body).toMatch(/name="to"[^>]*value="07:15"/);
      expect(odd.body).not.toContain("25:00");
    });

    it("may leave just two hours", async () => {
      expect(await change({ change: "quiet-hours", from: "10:00", to: "08:00" })).toMatchObject(
        savedIn("quiet-hours"),
      );
    });
  });

  describe("the language", () => {
    it("is that of the next page, whatever the address asks for", async () => {
      const answer = await world.preferences(
        world.token,
        { change: "language", language: "es" },
        { cookies: world.cookies, query: { lang: "en" } },
      );

      expect(answer).toMatchObject({
        statusCode: 303,
        headers: { Location: `/m/${world.token}/preferences#saved-language` },
      });
      expect(await page()).toContain('<html lang="es">');
      expect((await world.thread(world.token, { cookies: world.cookies })).body).toContain(
        '<html lang="es">',
      );
    });
  });

  it("ends all texts, and says so here", async () => {
    expect(await change({ change: "stop-texts" })).toMatchObject(savedIn("consents"));

    expect(world.consent("portal", "sms").decision).toBe("revoked");
  });

  it("sets and removes a PIN, and keeps none that was typed differently twice", async () => {
    const pin = () => world.items.get(`${PATIENT}|pin`);

    const differing = await change({ change: "pin", pin: "835201", pinAgain: "835202" });
    expect(differing.body).toContain("not the same");
    expect((await change({ change: "pin", pin: "12345", pinAgain: "12345" })).body).toContain(
      "6 to 8 digits",
    );
    expect(pin()).toBeUndefined();

    expect(await change({ change: "pin", pin: "835201", pinAgain: "835201" })).toMatchObject(savedIn("pin"));
    expect(pin()).toMatchObject({ removedAt: null });
    expect((await change({ change: "remove-pin" })).body).toContain("not the PIN that you have now");
    expect(pin()).toMatchObject({ removedAt: null });
    expect(await change({ change: "remove-pin", presentPin: "835201" })).toMatchObject(savedIn("pin"));
    expect(pin()).toMatchObject({ removedAt: expect.any(String) });
  });

  it("forgets a device, and all of them", async () => {
    const device = (hash: string) => ({ hash, createdAt: AFTER_LINK, lastUsedAt: AFTER_LINK });
    world.items.set(`${PATIENT}|devices`, {
      devices: [device("one"), device("two"), device("three")],
      version: 1,
    });
    const left = () => {
      const { devices } = world.items.get(`${PATIENT}|devices`) as unknown as { devices: { hash: string }[] };
      return devices.map(({ hash }) => hash);
    };

    expect(await page()).toContain('name="device" value="two"');
    expect(await change({ change: "forget-device", device: "two" })).toMatchObject(savedIn("devices"));
    expect(left()).toEqual(["one", "three"]);
    expect(await change({ change: "forget-devices" })).toMatchObject(savedIn("devices"));
    expect(left()).toEqual([]);
  });
});

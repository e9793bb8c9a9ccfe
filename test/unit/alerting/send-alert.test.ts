import { describe, expect, it } from "vitest";
import type { SendResult } from "#shared/alerting/ports.ts";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import { directoryVersion } from "#shared/audit/directory-version.ts";
import { countParts } from "#shared/domain/alerts/gsm7.ts";
import { classify } from "#shared/domain/classification/classify.ts";
import { linkLookup, parseToken } from "#shared/domain/link-token.ts";
import { anAlert } from "#test/support/builders.ts";
import { aWorldWithAlert, NEW_PATIENT, type World, type WorldChoices } from "#test/support/core-world.ts";

const TOKEN = /[A-Za-z0-9_-]{44}/;

/** A world whose provider answers the same to every text. */
function aWorldWhere(result: SendResult) {
  return aWorldWithAlert({ provider: () => result });
}

/** Turns the sending switch. */
async function turn(world: World, sending: boolean) {
  await world.call("PUT /practice/switches", { roles: "admin", body: { sending, portal: true } });
}

describe("sending an alert", () => {
  it("sends one text to the patient's number, with a link and the alert's id", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();

    const outcome = await world.sendAlert(patientId, alertId);

    expect(outcome).toEqual({ batchItemFailures: [] });
    expect(world.texts).toEqual([
      {
        to: NEW_PATIENT.mobilePhone,
        body: expect.stringMatching(/https:\/\/p\.example\/m\/[A-Za-z0-9_-]{44} /),
        alertId,
        timeToLiveSeconds: 259_200,
      },
    ]);
  });

  it("claims before it sends and records what was sent", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();

    await world.sendAlert(patientId, alertId);

    expect(world.actions(patientId).slice(-2)).toEqual(["alert.claimed", "alert.sent"]);
    expect(await alert()).toMatchObject({
      status: "sent",
      reason: null,
      providerMessageId: "provider-1",
      sentAt: world.clock.iso(),
      dueAt: world.clock.iso(24 * 3600),
    });
  });

  it("makes a link whose record can be found from the text alone", async () => {
    const { world, patientId, messageId, alertId } = await aWorldWithAlert();
    const expiresAt = world.clock.iso(259_200);
    await world.sendAlert(patientId, alertId);
    const token = parseToken(TOKEN.exec(world.texts[0]?.body ?? "")?.[0] ?? "");
    if (token === undefined) throw new Error("no token in the text");

    const [link] = await world.read(
      world.messages.link(linkLookup(await world.linkMac("link", token.message))),
    );

    expect(link).toMatchObject({ patientId, messageId, alertId, misses: 0, diedAt: null, codeMac: null });
    expect(link?.expiresAt).toBe(token.expiresAt.toISOString());
    expect(link?.expiresAt).toBe(expiresAt);
  });

  it("keeps the token nowhere: the audit entry holds the text with its token masked", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();

    await world.sendAlert(patientId, alertId);

    const sent = world.texts[0]?.body ?? "";
    const token = TOKEN.exec(sent)?.[0] ?? "none";
    const kept = JSON.stringify([world.store.items("Messages"), world.store.items("Audit"), world.log.lines]);
    const masked = sent.replace(token, "******");
    expect(world.entries(patientId).slice(-2)).toMatchObject([
      {
        action: "alert.claimed",
        details: {
          text: masked,
          template: "message@1",
          language: "en",
          slots: {
            practice: "Riverside Clinic",
            phone: "206-555-0100",
            link: expect.stringMatching(/\/\*{6}$/),
          },
          directory: directoryVersion({ practice: "Riverside Clinic", phone: "206-555-0100" }),
          segments: 1,
        },
      },
      { action: "alert.sent", details: { text: masked, providerMessageId: "provider-1" } },
    ]);
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(token.slice(10, 31));
  });

  it("lets the provider try no longer than the message lives", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert({}, { expiresAt: "2026-11-04T17:30:00Z" });

    await world.sendAlert(patientId, alertId);

    expect(world.texts[0]?.timeToLiveSeconds).toBe(1800);
  });

  it("speaks Spanish to who prefers it", async () => {
    const { world } = await aWorldWithAlert();
    const patientId = await world.prepare({ externalId: "MRN-2", language: "es" });
    const { body } = await world.send(patientId, {}, "key-2");

    await world.sendAlert(patientId, String((body["alert"] as { id: string }).id));

    expect(world.texts[0]?.body).toContain("mensaje");
  });
});

describe("a text is never sent twice", () => {
  it("for a repeated request", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();

    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
    expect(world.actions(patientId).filter((action) => action === "alert.sent")).toHaveLength(1);
  });

  it("for requests at the same time", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();

    await Promise.all(Array.from({ length: 4 }, () => world.sendAlert(patientId, alertId)));

    expect(world.texts).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "sent" });
  });

  it("when nobody knows whether the provider took it", async () => {
    const { world, patientId, alertId, alert } = await aWorldWhere({ kind: "unknown" });

    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, alertId);
    world.clock.advance(24 * 3600);
    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "unknown", reason: "no_answer", dueAt: null });
    expect(await world.remind()).toMatchObject({ due: 0, requested: 0 });
  });

  it("when the run dies in the middle: the alert comes back and ends as unknown", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert({
      provider: () => {
        throw new Error("the function died");
      },
    });
    const lookAgainAt = world.clock.iso(150);
    const died = await world.sendAlert(patientId, alertId);
    const again = await world.sendAlert(patientId, alertId);
    const between = await alert();
    world.clock.advance(150);
    const swept = await world.remind();
    await world.sendAlert(patientId, alertId);
    const settled = await alert();
    world.clock.advance(30 * 60);
    await world.sendAlert(patientId, alertId);

    expect(died.batchItemFailures).toHaveLength(1);
    expect(again.batchItemFailures).toEqual([]);
    expect(between).toMatchObject({ status: "sending", dueAt: lookAgainAt });
    expect(swept).toMatchObject({ due: 1, requested: 1 });
    expect(settled).toMatchObject({ status: "unknown", taskId: null });
    expect(await alert()).toMatchObject({ status: "unknown", dueAt: null, taskId: expect.any(String) });
    expect(world.texts).toHaveLength(1);
  });

  it("when the end of the send could not be written", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems" && world.texts.length > 0) throw new Error("out of reach");
    });
    await world.sendAlert(patientId, alertId);
    world.store.setIntercept(undefined);

    await world.sendAlert(patientId, alertId);
    await world.report({ eventType: "TEXT_DELIVERED", messageId: "provider-1", context: { alertId } });

    expect(world.texts).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "delivered", providerMessageId: "provider-1" });
  });

  it("when sending was off in the eyes of a slow run and on in those of a fast one", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    await turn(world, false);
    let isFirstRead = true;
    const slow = createSendAlert({
      ...world.alerting,
      read: async (...lookups) => {
        const answer = await world.alerting.read(...lookups);
        if (!isFirstRead) return answer;
        isFirstRead = false;
        await turn(world, true);
        let finished: Promise<unknown> | undefined;
        const fast = createSendAlert({
          ...world.alerting,
          sendText: async (text) => {
            // The slow run goes on while the fast one waits for the provider.
            finished = new Promise((resolve) => setTimeout(resolve, 30));
            await finished;
            return world.alerting.sendText(text);
          },
        });
        const running = fast({ patientId, alertId }, "request-fast");
        while (finished === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
        runs.push(running);
        return answer;
      },
    });
    const runs: Promise<unknown>[] = [];

    await slow({ patientId, alertId }, "request-slow");
    await Promise.all(runs);
    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
    expect(await alert()).toMatchObject({ status: "sent" });
  });
});

describe("an answer of the provider", () => {
  it("that it is too busy defers the alert by a minute", async () => {
    const { world, patientId, alertId, alert } = await aWorldWhere({
      kind: "busy",
      reason: "throttlingexception",
      retryAfterSeconds: 60,
    });

    await world.sendAlert(patientId, alertId);

    expect(await alert()).toMatchObject({
      status: "deferred",
      reason: "throttlingexception",
      claimedAt: null,
      dueAt: world.clock.iso(60),
    });
    expect(world.actions(patientId).at(-1)).toBe("alert.deferred");
  });

  it("that it is too busy is followed by another try with another link", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert({
      provider: (_text, count) =>
        count === 1
          ? { kind: "busy", reason: "busy", retryAfterSeconds: 60 }
          : { kind: "accepted", providerMessageId: "provider-2" },
    });
    await world.sendAlert(patientId, alertId);
    world.clock.advance(60);
    const swept = await world.remind();

    await world.sendAlert(patientId, alertId);

    expect(swept.requested).toBe(1);
    expect(await alert()).toMatchObject({ status: "sent", providerMessageId: "provider-2" });
    expect(world.texts[0]?.body).not.toBe(world.texts[1]?.body);
  });

  it("that it refuses is final, with its reason", async () => {
    const { world, patientId, alertId, alert } = await aWorldWhere({
      kind: "refused",
      reason: "unreachable",
    });

    await world.sendAlert(patientId, alertId);
    const refused = await alert();
    const recorded = world.entries(patientId).at(-1);
    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, alertId);

    expect(refused).toMatchObject({ status: "failed", reason: "unreachable", taskId: null });
    expect(recorded).toMatchObject({ action: "alert.failed", details: { reason: "unreachable" } });
    expect(world.requests.at(-1)).toEqual({ queue: "bulk", alertId, delaySeconds: 0 });
    expect(await alert()).toMatchObject({ status: "failed", dueAt: null, taskId: expect.any(String) });
    expect(world.actions(patientId).slice(-2)).toEqual(["alert.failed", "call.asked"]);
    expect(world.texts).toHaveLength(1);
  });

  it("that comes after the carrier's report does not undo it, and the text is still on record", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert({
      provider: async () => {
        await reported();
        return { kind: "accepted", providerMessageId: "provider-1" };
      },
    });
    const reported = () =>
      world.report({ eventType: "TEXT_DELIVERED", messageId: "provider-1", context: { alertId } });

    await world.sendAlert(patientId, alertId);

    expect(await alert()).toMatchObject({ status: "delivered" });
    expect(world.actions(patientId).slice(-3)).toEqual(["alert.claimed", "alert.delivered", "alert.sent"]);
    expect(world.entries(patientId).at(-1)?.details).toHaveProperty("text");
  });
});

describe("an alert is judged again just before it is sent", () => {
  it("and blocked when consent was revoked since", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    await world.grant(patientId, { decision: "revoked" });

    await world.sendAlert(patientId, alertId);

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked", dueAt: null });
    expect(world.actions(patientId).at(-1)).toBe("alert.blocked");
    expect(world.texts).toEqual([]);
  });

  it.each([
    ["its agreement ended", { baaSignedOn: "2026-01-15", baaEndsOn: "2026-11-03" }, "vendor_without_baa"],
    ["its agreement is gone", { baaSignedOn: null }, "vendor_without_baa"],
  ])("and blocked when the vendor is no longer allowed: %s", async (_name, vendor, reason) => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    await world.signVendor(vendor);

    await world.sendAlert(patientId, alertId);

    expect(await alert()).toMatchObject({ status: "blocked", reason });
  });

  it("and waits while sending is off", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    await turn(world, false);
    await world.sendAlert(patientId, alertId);
    const held = await alert();
    await turn(world, true);
    world.clock.advance(15 * 60);
    await world.remind();
    await world.sendAlert(patientId, alertId);

    expect(held).toMatchObject({ status: "deferred", reason: "sending_off" });
    expect(await alert()).toMatchObject({ status: "sent" });
  });

  it.each([
    [
      "consent is revoked",
      (world: World, id: string) => world.grant(id, { decision: "revoked" }),
      { status: "blocked", reason: "consent_revoked" },
    ],
    [
      "sending is turned off",
      (world: World) => turn(world, false),
      { status: "deferred", reason: "sending_off" },
    ],
  ] as const)("and not sent when %s between look and claim", async (_name, act, state) => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    let isFirst = true;
    const sendAlert = createSendAlert({
      ...world.alerting,
      waitUntil: async () => {
        if (isFirst) await act(world, patientId);
        isFirst = false;
      },
    });

    await sendAlert({ patientId, alertId }, "request-1").catch(() => world.sendAlert(patientId, alertId));

    expect(world.texts).toEqual([]);
    expect(await alert()).toMatchObject(state);
  });

  it("and blocked when its message was revoked, also where a newer alert exists", async () => {
    const { world, patientId, messageId, alertId, alert } = await aWorldWithAlert();
    world.clock.advance(1);
    const again = await world.call("POST /messages/{id}/alerts", { path: { id: messageId } });
    await world.call("POST /messages/{id}/revocation", {
      path: { id: messageId },
      body: { reason: "wrong" },
    });

    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, String((again.body["alert"] as { id: string }).id));

    expect(world.texts).toEqual([]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "superseded" });
    const newer = String((again.body["alert"] as { id: string }).id);
    expect(await world.alert(patientId, newer)).toMatchObject({ status: "blocked", reason: "revoked" });
  });

  it.each([
    ["its message is revoked", "revoked"],
    ["the patient's record changes", undefined],
    ["the vendor's agreement ends", "vendor_without_baa"],
  ])("once more when %s between look and claim", async (change, reason) => {
    const { world, patientId, messageId, alertId, alert } = await aWorldWithAlert();
    const { alerting, clock, messages, call } = world;
    const changes = {
      "its message is revoked": () => world.put(...messages.revokeMessage(patientId, messageId, clock.iso())),
      "the patient's record changes": () =>
        call("PATCH /patients/{id}", { path: { id: patientId }, body: { mobilePhone: "+12065550188" } }),
      "the vendor's agreement ends": () =>
        call("PUT /vendors/{id}", { roles: "compliance", path: { id: "aws" }, body: { baaSignedOn: null } }),
    };
    let changed = false;
    const sendAlert = createSendAlert({
      ...alerting,
      mobilePhoneOf: async (patient) => {
        if (!changed) await changes[change as keyof typeof changes]();
        changed = true;
        return alerting.mobilePhoneOf(patient);
      },
    });

    await sendAlert({ patientId, alertId }, "request-1");

    expect(world.texts).toEqual([]);
    // A new number has no consent of its own.
    expect(await alert()).toMatchObject({ status: "blocked", reason: reason ?? "consent_required" });
  });

  it("and blocked when the patient has no number any more", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    const sendAlert = createSendAlert({ ...world.alerting, mobilePhoneOf: async () => null });

    const outcome = await sendAlert({ patientId, alertId }, "request-1");

    expect(outcome).toEqual({ kind: "blocked", reason: "consent_required" });
    expect(await alert()).toMatchObject({ status: "blocked" });
  });

  it("and left alone when there is no such alert", async () => {
    const { world, patientId } = await aWorldWithAlert();

    const answer = await world.sendAlert(patientId, "alr_01KAEV0000000000000000NEW1");

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(world.texts).toEqual([]);
  });
});

describe("the found-phone test over the rendered text", () => {
  async function aBlocked(choices: WorldChoices) {
    const { world, patientId, alertId, alert } = await aWorldWithAlert(choices);
    await world.sendAlert(patientId, alertId);
    return { world, alert: await alert(), action: world.actions(patientId).at(-1) };
  }

  it.each([
    ["tells something clinical", { name: "Oncology & Chemotherapy Ctr" }, "found_phone_test"],
    [
      "tells something clinical in its host",
      { portalBaseUrl: "https://hiv-clinic.example/m" },
      "found_phone_test",
    ],
    ["is not GSM-7", { name: "Clínica" }, "text_not_gsm7"],
    ["is longer than its parts", { portalBaseUrl: `https://${"p".repeat(60)}.example/m` }, "text_too_long"],
  ])("blocks a text that %s", async (_name, identity, reason) => {
    const { world, alert, action } = await aBlocked({ identity, classify });

    expect(alert).toMatchObject({ status: "blocked", reason, dueAt: null });
    expect(action).toBe("alert.blocked");
    expect(world.texts).toEqual([]);
  });

  it("blocks nothing in what the templates say", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert({ classify });

    await world.sendAlert(patientId, alertId);

    expect(world.texts).toHaveLength(1);
  });
});

describe("waiting for a slot", () => {
  it("puts the request back when the next slot is too far ahead, and changes nothing", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    const before = await alert();
    const sendAlert = createSendAlert({ ...world.alerting, takeSlot: async () => undefined });

    const outcome = await sendAlert({ patientId, alertId }, "request-1");

    expect(outcome).toEqual({ kind: "deferred", reason: "pace" });
    expect(world.requests.at(-1)).toEqual({ queue: "bulk", alertId, delaySeconds: 5 });
    expect(await alert()).toEqual(before);
  });
});

describe("a claim that takes longer than its turn lasts", () => {
  /** Takes a second for the claim; `turns` are handed out one after the other, milliseconds from now. */
  async function aSlowClaim(turns: readonly (number | undefined)[]) {
    const leftAt: number[] = [];
    const { world, patientId, alertId, alert } = await aWorldWithAlert({
      provider: () => {
        leftAt.push(world.clock.now().getTime());
        return { kind: "accepted", providerMessageId: "provider-1" };
      },
    });
    const startMs = world.clock.now().getTime();
    const asked: unknown[][] = [];
    const sendAlert = createSendAlert({
      ...world.alerting,
      takeSlot: async (...wanted) => {
        asked.push(wanted);
        const aheadMs = turns[asked.length - 1];
        if (aheadMs === undefined) return undefined;
        return { claimAtMs: startMs + aheadMs, sendAtMs: startMs + aheadMs + 150, graceMs: 100 };
      },
    });
    let isClaim = true;
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems" && isClaim) world.clock.advance(1);
      if (action === "TransactWriteItems") isClaim = false;
    });
    const outcome = await sendAlert({ patientId, alertId }, "request-1");
    return { world, patientId, alertId, alert, outcome, asked, leftAt: leftAt.map((at) => at - startMs) };
  }

  it("takes the next turn, before all that wait", async () => {
    const { outcome, asked, leftAt } = await aSlowClaim([0, 1500]);

    expect(outcome).toEqual({ kind: "sent" });
    expect(leftAt).toEqual([1650]);
    expect(asked.map((wanted) => wanted.slice(0, 2))).toEqual([
      [undefined, "bulk"],
      [undefined, "urgent"],
    ]);
  });

  it("takes another one where even that is missed", async () => {
    const { outcome, leftAt } = await aSlowClaim([0, 500, 2000]);

    expect(outcome).toEqual({ kind: "sent" });
    expect(leftAt).toEqual([2150]);
  });

  it("gives the text back unsent where there is no turn, and sends it later", async () => {
    const { world, patientId, alertId, alert, outcome, leftAt } = await aSlowClaim([0]);
    const given = await alert();
    const counted = await world.read(world.messages.sentTexts(patientId, "visits"));
    world.store.setIntercept(undefined);
    world.clock.advance(5);
    const swept = await world.remind();
    await world.sendAlert(patientId, alertId);

    expect(outcome).toEqual({ kind: "deferred", reason: "pace" });
    expect(leftAt).toEqual([]);
    expect(given).toMatchObject({ status: "deferred", reason: "pace", claimedAt: null });
    expect(counted).toMatchObject([{ texts: [] }]);
    expect(swept.requested).toBe(1);
    expect(await alert()).toMatchObject({ status: "sent" });
    expect(world.texts).toHaveLength(1);
  });
});

describe("an alert with a code", () => {
  async function aCodeAlert() {
    const { world, patientId, messageId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    const first = await world.alert(patientId, alertId);
    const lookup = String(first.linkLookup);
    const alert = anAlert({
      ...first,
      id: "alr_01KAEV0000000000000000CDE1",
      kind: "code",
      status: "queued",
      queue: "urgent",
      template: "code@1",
      claimedAt: null,
      sentAt: null,
      providerMessageId: null,
    });
    await world.put(...world.messages.addAlert(alert));
    world.clock.advance(1);
    return { world, patientId, messageId, alert, lookup };
  }

  it("sends six digits and keeps only their keyed hash, for ten minutes", async () => {
    const { world, patientId, alert, lookup } = await aCodeAlert();
    const codeExpiresAt = world.clock.iso(600);

    await world.sendAlert(patientId, alert.id);

    const [link] = await world.read(world.messages.link(lookup));
    expect(world.texts[1]).toMatchObject({ body: expect.stringContaining("000042"), timeToLiveSeconds: 600 });
    expect(Buffer.from(link?.codeMac ?? [])).toEqual(
      Buffer.from(await world.linkMac("code", lookup, "000042")),
    );
    expect(link?.codeExpiresAt).toBe(codeExpiresAt);
    expect(JSON.stringify(world.store.items("Audit"))).not.toContain("000042");
    expect(JSON.stringify(world.entries(patientId).at(-1))).toContain("your code is ******");
  });

  it("sends nothing for a link that died", async () => {
    const { world, patientId, alert, lookup } = await aCodeAlert();
    await world.put(
      world.messages.changeLink(
        lookup,
        { diedAt: world.clock.iso() },
        { expression: "attribute_exists(pk)" },
      ),
    );

    await world.sendAlert(patientId, alert.id);

    expect(world.texts).toHaveLength(1);
  });
});

describe("requests on an alert queue", () => {
  const known = { version: 1, patientId: anAlert().patientId, alertId: anAlert().id };

  it.each([
    ["of another version", { ...known, version: 2 }],
    ["with more in them than ids", { ...known, body: "canary" }],
    ["with an id of another form", { ...known, alertId: "canary" }],
    ["without a patient", { version: 1, alertId: known.alertId }],
  ])("%s go back to the queue and are not repeated in the log", async (_name, body) => {
    const { world } = await aWorldWithAlert();

    const answer = await world.sendAlerts({
      Records: [world.aRecord(body, "bad"), world.aRecord(known, "good")],
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(world.log.lines.join()).not.toContain("canary");
  });
});

describe("the turn that a text takes", () => {
  it.each([
    ["https://p.example/m", 1],
    ["https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/portal/m", 2],
  ])("is as long as the parts that it will have (%s)", async (portalBaseUrl, parts) => {
    const { world, patientId, alertId } = await aWorldWithAlert({
      identity: { portalBaseUrl, textPartsMax: 2 },
    });
    const taken: number[] = [];
    const sendAlert = createSendAlert({
      ...world.alerting,
      takeSlot: (known, queue, wanted) => {
        taken.push(wanted);
        return world.alerting.takeSlot(known, queue, wanted);
      },
    });

    await sendAlert({ patientId, alertId }, "request-1");

    expect(taken).toEqual([parts]);
    expect(countParts(world.texts[0]?.body ?? "").segments).toBe(parts);
  });
});

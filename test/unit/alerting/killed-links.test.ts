import { describe, expect, it } from "vitest";
import { composeText } from "#shared/alerting/compose.ts";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import { practiceValues } from "#shared/domain/alerts/slot-value.ts";
import { templateFor } from "#shared/domain/alerts/templates.ts";
import { parseToken } from "#shared/domain/link-token.ts";
import { ALL_LINKS } from "#shared/messaging/records.ts";
import { isSuperseded } from "#shared/portal/link-state.ts";
import { anAlert } from "#test/support/builders.ts";
import { aWorldWithAlert, type World } from "#test/support/core-world.ts";
import { accept, alertsOf, aWorldAt, HOUR, tasksOf } from "./days.ts";

const MORNING = "2026-11-04T18:00:00.000Z";
const DAY = 24 * HOUR;
const TOKEN = /[A-Za-z0-9_-]{44}/;

/** What kills links, by who asks for it. */
const KILLS: readonly (readonly [string, (world: World, patientId: string) => Promise<void>])[] = [
  ["of its sender", (world) => world.put(world.messages.setLinksMark("staff_1", world.clock.iso()))],
  ["of the practice", (world) => world.put(world.messages.setLinksMark(ALL_LINKS, world.clock.iso()))],
];

/** The calls that staff are asked to make. */
const callsOf = (world: World) => tasksOf(world).filter(({ kind }) => kind === "call");

describe.each(KILLS)("when the links %s are killed", (_name, kill) => {
  it("an alert that has not left is blocked, and a person is asked to call", async () => {
    const { world, patientId, alertId, messageId, alert } = await aWorldWithAlert();
    await kill(world, patientId);

    await world.sendAlert(patientId, alertId);

    expect(world.texts).toEqual([]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "links_revoked" });
    expect(callsOf(world)).toMatchObject([{ messageId, patientId, reason: "links_revoked" }]);
  });

  it("just before the claim, the text does not leave either", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    let isJudged = false;
    world.store.setIntercept(async ({ action }) => {
      if (action !== "GenerateMac" || isJudged) return;
      isJudged = true;
      await kill(world, patientId);
    });

    await world.sendAlert(patientId, alertId);

    expect(isJudged).toBe(true);
    expect(world.texts).toEqual([]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "links_revoked" });
  });

  it("an alert that is asked for afterwards leaves", async () => {
    const { world, patientId, messageId } = await aWorldWithAlert();
    await kill(world, patientId);
    world.clock.advance(1);
    const { body } = await world.call("POST /messages/{id}/alerts", { path: { id: messageId } });

    await world.sendAlert(patientId, (body["alert"] as { readonly id: string }).id);

    expect(world.texts).toHaveLength(1);
  });

  it("what was sent before is not repeated: after four days a person calls", async () => {
    const { world, patientId, pass, workOff } = await aWorldAt(MORNING);
    const { messageId } = await accept(world, patientId);
    await workOff();
    const { alertId } = world.texts[0] ?? {};
    await world.report({ eventType: "TEXT_DELIVERED", messageId: "provider-1", context: { alertId } });
    world.clock.advance(60);
    await kill(world, patientId);

    await pass(5 * DAY);

    expect(world.texts).toHaveLength(1);
    expect((await alertsOf(world, patientId)).map(({ kind }) => kind)).toEqual(["message"]);
    expect(callsOf(world)).toMatchObject([{ messageId, reason: "unread" }]);
  });
});

describe("when a patient's links are killed", () => {
  it("what was sent before is not repeated, for the phone may be lost", async () => {
    const { world, patientId, pass, workOff } = await aWorldAt(MORNING);
    await accept(world, patientId);
    await workOff();
    world.clock.advance(60);
    await world.put(world.messages.revokePatientLinks(patientId, world.clock.iso()));

    await pass(2 * DAY);

    expect(world.texts).toHaveLength(1);
  });

  it("just before the claim, the text does not leave", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    let isJudged = false;
    world.store.setIntercept(async ({ action }) => {
      if (action !== "GenerateMac" || isJudged) return;
      isJudged = true;
      await world.put(world.messages.revokePatientLinks(patientId, world.clock.iso()));
    });

    await world.sendAlert(patientId, alertId);

    expect(world.texts).toEqual([]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "revoked" });
  });

  it("whether the patient is erased stays as it was", async () => {
    const { world, patientId } = await aWorldWithAlert();
    const marks = async () => (await world.read(world.messages.marks(patientId)))[0];
    await world.put(world.messages.revokePatientLinks(patientId, "2026-11-04T16:00:00.000Z"));
    expect(await marks()).toEqual({ linksRevokedBefore: "2026-11-04T16:00:00.000Z", erasedAt: null });

    await world.put(world.messages.revokePatientLinks(patientId, "2026-11-05T16:00:00.000Z"));

    expect(await marks()).toEqual({ linksRevokedBefore: "2026-11-05T16:00:00.000Z", erasedAt: null });
  });
});

/** The link that a text carries, and what is stored of it. */
async function linkOf(world: World, patientId: string, alertId: string) {
  const { linkLookup } = await world.alert(patientId, alertId);
  const [link] = await world.read(world.messages.link(linkLookup ?? "none"));
  if (link === undefined) throw new Error("no link was minted");
  return link;
}

describe("a link", () => {
  it("is the newest of its thread from the claim on, and ends what was the newest before", async () => {
    const { world, patientId, alertId, messageId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    const first = await linkOf(world, patientId, alertId);
    const newest = async () => (await world.read(world.messages.newestLink(patientId, first.threadId)))[0];
    expect(await newest()).toEqual({ lookup: first.lookup, createdAt: first.createdAt });

    world.clock.advance(60);
    const { body } = await world.call("POST /messages/{id}/alerts", { path: { id: messageId } });
    const { id } = body["alert"] as { readonly id: string };
    await world.sendAlert(patientId, id);

    const second = await linkOf(world, patientId, id);
    expect(await newest()).toEqual({ lookup: second.lookup, createdAt: second.createdAt });
  });

  it("of a nudge supersedes nothing: the first text is as good as the reminder", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    const first = await linkOf(world, patientId, alertId);
    const nudge = { ...(await world.alert(patientId, alertId)), id: "alr_nudge", kind: "nudge" as const };
    world.clock.advance(60);

    const unsent = { ...nudge, status: "queued" as const, linkLookup: null, claimedAt: null };
    const { lookup, writes } = await composeText(world.alerting, unsent, undefined, {
      template: templateFor("nudge", "en"),
      name: "nudge@1",
      slots: practiceValues({ name: "Riverside Clinic", phone: "206-555-0100" }),
      vocabulary: null,
    });
    await world.put(...writes);

    const [newest, added] = await world.read(
      world.messages.newestLink(patientId, first.threadId),
      world.messages.link(lookup ?? "none"),
    );
    expect(newest?.lookup).toBe(first.lookup);
    expect(added?.alertId).toBe("alr_nudge");
    expect(added !== undefined && isSuperseded(added, newest)).toBe(false);
  });

  it("that a later one was minted before does not become the newest", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    const link = await linkOf(world, patientId, alertId);
    const older = {
      ...link,
      lookup: "older",
      createdAt: new Date(Date.parse(link.createdAt) - 1).toISOString(),
    };

    await world.put(world.messages.addLink(older), world.messages.supersedeLinks(older));

    const [added, newest] = await world.read(
      world.messages.link("older"),
      world.messages.newestLink(patientId, link.threadId),
    );
    expect(added).toBeUndefined();
    expect(newest?.lookup).toBe(link.lookup);
  });

  it("knows its sender and its key, and outlives its end by thirty days", async () => {
    const { world, patientId, alertId } = await aWorldWithAlert();

    await world.sendAlert(patientId, alertId);

    expect(await linkOf(world, patientId, alertId)).toMatchObject({ sender: "staff_1", keyId: 1 });
    const item = world.store.items("Messages").find(({ sk }) => sk === "link");
    const expiresAt = Date.parse(String(item?.["expiresAt"])) / 1000;
    expect(item?.["expiresAtSeconds"]).toBe(expiresAt + 30 * DAY);
  });
});

describe("while the key of links is changed", () => {
  const keyOf = (world: World, id: number) => ({
    id,
    mac: (...fields: readonly (string | Uint8Array)[]) => world.linkMac(`key ${id}`, ...fields),
  });

  /** A message's text sent under key 1, and an alert for a code of its link. */
  async function aCodeAlert() {
    const { world, patientId, alertId } = await aWorldWithAlert();
    const keys = { first: keyOf(world, 1), second: keyOf(world, 2) };
    const under = (current: keyof typeof keys, previous: keyof typeof keys | null) =>
      createSendAlert({
        ...world.alerting,
        linkKeys: { current: keys[current], previous: previous === null ? null : keys[previous] },
      });
    await under("first", null)({ patientId, alertId }, "request-1");
    const sent = await world.alert(patientId, alertId);
    const code = anAlert({
      ...sent,
      id: "alr_01KAEV0000000000000000CDE1",
      kind: "code",
      status: "queued",
      queue: "urgent",
      template: "code@1",
      claimedAt: null,
      sentAt: null,
      providerMessageId: null,
    });
    await world.put(...world.messages.addAlert(code));
    world.clock.advance(1);
    return { world, patientId, messageId: sent.messageId, alertId, code, keys, under };
  }

  it("new links are signed by the current key", async () => {
    const { world, patientId, messageId, under } = await aCodeAlert();
    const { body } = await world.call("POST /messages/{id}/alerts", { path: { id: messageId ?? "" } });
    const { id } = body["alert"] as { readonly id: string };

    await under("second", "first")({ patientId, alertId: id }, "request-2");

    const [before, after] = world.texts.map((text) => parseToken(TOKEN.exec(text.body)?.[0] ?? ""));
    expect([before?.keyId, after?.keyId]).toEqual([1, 2]);
    expect(await linkOf(world, patientId, id)).toMatchObject({ keyId: 2 });
  });

  it("a code of an older link is minted under that link's key", async () => {
    const { world, patientId, alertId, code, keys, under } = await aCodeAlert();

    await under("second", "first")({ patientId, alertId: code.id }, "request-2");

    const { lookup, codeMac } = await linkOf(world, patientId, alertId);
    expect(world.texts[1]?.body).toContain("000042");
    expect(Buffer.from(codeMac ?? [])).toEqual(Buffer.from(await keys.first.mac("code", lookup, "000042")));
  });

  it("no code leaves for a link whose key is gone", async () => {
    const { world, patientId, code, under } = await aCodeAlert();

    const outcome = await under("second", null)({ patientId, alertId: code.id }, "request-2");

    expect(outcome).toEqual({ kind: "blocked", reason: "revoked" });
    expect(world.texts).toHaveLength(1);
  });
});

import { describe, expect, it } from "vitest";
import type { WorldChoices } from "#test/support/core-world.ts";
import { accept, alertsOf, aWorldAt, HOUR, tasksOf } from "./days.ts";

const MORNING = "2026-11-04T18:00:00.000Z";
const EMAIL = "patient-canary@example.com";
const REFUSED: WorldChoices = { provider: () => ({ kind: "refused", reason: "unreachable" }) };
const DAY = 24 * HOUR;

/** A world whose provider refuses the text, with a patient who may have an e-mail address and agreed to it. */
async function aRefused(
  { agrees, address = true }: { readonly agrees: boolean; readonly address?: boolean },
  choices: WorldChoices = REFUSED,
) {
  const days = await aWorldAt(MORNING, choices, address ? { email: EMAIL } : {});
  const { world, patientId, workOff } = days;
  if (agrees) await world.grant(patientId, { channel: "email" });
  const accepted = await accept(world, patientId);
  await workOff();
  const email = async () => {
    const [found] = (await alertsOf(world, patientId)).filter(({ channel }) => channel === "email");
    if (found === undefined) throw new Error("no e-mail");
    return found;
  };
  return { ...days, ...accepted, email };
}

describe("a text that failed", () => {
  it("is replaced by an e-mail to who agreed to e-mails for that purpose", async () => {
    const { world, alert, email, messageId, patientId } = await aRefused({ agrees: true });

    const replaced = await alert();
    expect(world.emails).toHaveLength(1);
    expect(world.emails[0]).toMatchObject({ to: EMAIL, alertId: replaced.fallbackId });
    expect(await email()).toMatchObject({
      id: replaced.fallbackId,
      kind: "message",
      status: "sent",
      messageId,
    });
    expect(replaced).toMatchObject({ status: "failed", taskId: null, dueAt: null });
    expect(tasksOf(world)).toEqual([]);
    // The message speaks of the e-mail from now on.
    const [message] = await world.read(world.messages.message(patientId, messageId));
    expect(message?.alertId).toBe(replaced.fallbackId);
  });

  it.each([
    ["has no consent to e-mails", { agrees: false }],
    ["has no address", { agrees: false, address: false }],
  ])("becomes a call where the patient %s", async (_name, choices) => {
    const { world, alert, patientId, messageId, alertId } = await aRefused(choices);

    expect(world.emails).toEqual([]);
    expect(tasksOf(world)).toMatchObject([
      { kind: "call", reason: "unreachable", patientId, messageId, alertId },
    ]);
    expect(await alert()).toMatchObject({
      status: "failed",
      taskId: tasksOf(world)[0]?.id,
      fallbackId: null,
    });
  });

  it("becomes a call where the consent to e-mails is for another purpose", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING, REFUSED, { email: EMAIL });
    await world.grant(patientId, { channel: "email", purpose: "billing" });
    await accept(world, patientId);

    await workOff();

    expect(world.emails).toEqual([]);
    expect(tasksOf(world)).toMatchObject([{ kind: "call" }]);
  });

  it("becomes a call where the address changed since the patient agreed", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING, REFUSED, { email: EMAIL });
    await world.grant(patientId, { channel: "email" });
    await accept(world, patientId);
    await world.call("PATCH /patients/{id}", {
      path: { id: patientId },
      body: { email: "other-canary@example.com" },
    });

    await workOff();

    expect(world.emails).toEqual([]);
    expect(tasksOf(world)).toMatchObject([{ kind: "call" }]);
  });

  it("is replaced once, however often that is asked for", async () => {
    const { world, patientId, pass } = await aWorldAt(MORNING, REFUSED, { email: EMAIL });
    await world.grant(patientId, { channel: "email" });
    const { alertId } = await accept(world, patientId);
    await world.sendAlert(patientId, alertId);

    await Promise.all(Array.from({ length: 3 }, () => world.sendAlert(patientId, alertId)));
    await pass(2 * DAY);

    expect(world.emails).toHaveLength(1);
    expect(world.texts).toHaveLength(1);
  });

  it("is replaced by nothing once its message was revoked", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING);
    const { messageId, alertId } = await accept(world, patientId);
    await workOff();
    await world.call("POST /messages/{id}/revocation", {
      path: { id: messageId },
      body: { reason: "wrong" },
    });
    await world.report({ eventType: "TEXT_UNREACHABLE", messageId: "provider-1", context: { alertId } });

    await pass(5 * DAY);

    expect(tasksOf(world)).toEqual([]);
  });

  it("is replaced by nothing where the patient has read the thread since", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING);
    const { threadId, alertId } = await accept(world, patientId);
    await workOff();
    await world.put(world.messages.markRead(patientId, threadId, world.clock.iso(1)));
    await world.report({ eventType: "TEXT_UNREACHABLE", messageId: "provider-1", context: { alertId } });

    await pass(5 * DAY);

    expect(tasksOf(world)).toEqual([]);
  });

  it("becomes a call when the carrier says so later", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING);
    const { alertId } = await accept(world, patientId);
    await workOff();
    await world.report({ eventType: "TEXT_UNREACHABLE", messageId: "provider-1", context: { alertId } });

    await workOff();

    expect(tasksOf(world)).toMatchObject([{ kind: "call", reason: "unreachable", alertId }]);
  });
});

describe("a number that the carrier has on its list though it never stopped here", () => {
  it("counts as stopped: consent ends, no text is tried again, a person calls", async () => {
    const { world, patientId, alert, pass } = await aRefused(
      { agrees: false },
      { provider: () => ({ kind: "refused", reason: "destination_phone_number_opted_out" }) },
    );
    const second = await world.send(patientId, {}, "key-2");
    await pass(5 * DAY);

    expect(await alert()).toMatchObject({ status: "failed", reason: "destination_phone_number_opted_out" });
    expect(second.body).toMatchObject({ code: "consent_revoked" });
    expect(world.texts).toHaveLength(1);
    expect(tasksOf(world).map(({ kind }) => kind)).toContain("call");
  });

  it("is not forgotten by a run that dies before it could write down the refusal", async () => {
    const { world, patientId, workOff, pass } = await aWorldAt(MORNING, {
      provider: () => ({ kind: "refused", reason: "destination_phone_number_opted_out" }),
    });
    const { alert } = await accept(world, patientId);
    let sinceTheText = 0;
    world.store.setIntercept(({ action }) => {
      if (action !== "TransactWriteItems" || world.texts.length === 0) return;
      sinceTheText += 1;
      // The revocation is written, the end of the send is not.
      if (sinceTheText > 1) throw new Error("out of reach");
    });
    await workOff();
    world.store.setIntercept(undefined);
    const { body } = await world.send(patientId, {}, "key-2");
    await pass(DAY);

    expect(body).toMatchObject({ code: "consent_revoked" });
    expect(await alert()).toMatchObject({ status: "unknown", taskId: expect.any(String) });
    expect(world.texts).toHaveLength(1);
  });
});

describe("an e-mail that replaces a text", () => {
  it.each([
    ["refused", { kind: "refused", reason: "email_rejected" }, "failed"],
    ["of unknown fate", { kind: "unknown" }, "unknown"],
  ] as const)("becomes a task when it is %s", async (_name, answer, status) => {
    const { world, email, pass, messageId } = await aRefused(
      { agrees: true },
      { ...REFUSED, mailer: () => answer },
    );

    await pass(HOUR);

    expect(await email()).toMatchObject({ status });
    expect(tasksOf(world)).toMatchObject([
      { kind: status === "failed" ? "call" : "unknown-send", messageId, alertId: (await email()).id },
    ]);
    expect(world.emails).toHaveLength(1);
  });

  it("becomes a call when nobody has read it for three days, without a nudge before", async () => {
    const { world, email, pass } = await aRefused({ agrees: true });
    await pass(72 * HOUR - 60);
    const before = tasksOf(world);
    await pass(HOUR);
    const { id } = await email();
    await pass(10 * DAY);

    expect(before).toEqual([]);
    expect(tasksOf(world)).toMatchObject([{ kind: "call", reason: "unread", alertId: id }]);
    expect(world.emails).toHaveLength(1);
    expect(world.texts).toHaveLength(1);
  });

  it("asks nobody once it was read", async () => {
    const { world, patientId, threadId, pass } = await aRefused({ agrees: true });
    await world.put(world.messages.markRead(patientId, threadId, world.clock.iso(60)));

    await pass(10 * DAY);

    expect(tasksOf(world)).toEqual([]);
  });

  it("becomes a call when it may not leave any more", async () => {
    const { world, patientId, workOff } = await aWorldAt(MORNING, REFUSED, { email: EMAIL });
    await world.grant(patientId, { channel: "email" });
    const { alertId } = await accept(world, patientId);
    await world.sendAlert(patientId, alertId);
    await world.sendAlert(patientId, alertId);
    await world.grant(patientId, { channel: "email", decision: "revoked" });

    await workOff();

    const [email] = (await alertsOf(world, patientId)).filter(({ channel }) => channel === "email");
    expect(email).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(tasksOf(world)).toMatchObject([{ kind: "call", reason: "consent_revoked", alertId: email?.id }]);
    expect(world.emails).toEqual([]);
  });

  it("waits for the morning as a text would", async () => {
    const { world, patientId, workOff, passTo } = await aWorldAt("2026-11-05T04:59:00.000Z", REFUSED, {
      email: EMAIL,
    });
    await world.grant(patientId, { channel: "email" });
    const { alertId } = await accept(world, patientId);
    await world.sendAlert(patientId, alertId);
    world.clock.advance(120);
    await workOff();
    const before = world.emails.length;

    await passTo("2026-11-05T16:00:00.000Z");

    expect(before).toBe(0);
    expect(world.emails).toHaveLength(1);
  });
});

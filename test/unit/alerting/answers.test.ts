import { describe, expect, it } from "vitest";
import { createSendAlert } from "#shared/alerting/send-alert.ts";
import type { AlertKind } from "#shared/domain/alerts/kinds.ts";
import { newAnswer } from "#shared/messaging/new-alert.ts";
import type { AlertRecord } from "#shared/messaging/records.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import type { NumberRecord } from "#shared/numbers/records.ts";
import { createWorld, type World, type WorldChoices } from "#test/support/core-world.ts";
import { createDays, HOUR, MINUTE, moveTo, tasksOf } from "./days.ts";

const NUMBER = "nbr_01KAEV0000000000000000NBR1";
const ALERT = "alr_01KAEV0000000000000000ANS1";
const PHONE = "+12065550177";
/** Deep in the night of the practice: answers wait for no morning. */
const NIGHT = "2026-11-05T09:00:00.000Z";

/** A world with a number that texted at night, and an answer to it. */
async function anAnswer(
  kind: AlertKind,
  fields: Partial<Pick<AlertRecord, "optOutList" | "concerns">> = {},
  number: Partial<NumberRecord> = {},
  choices: WorldChoices = {},
) {
  const world = createWorld(choices);
  moveTo(world, NIGHT);
  await world.signVendor();
  const record: NumberRecord = {
    ...newNumber(NUMBER, "k1.answered", "en"),
    phone: await world.sealPhone(NUMBER, PHONE),
    version: 1,
    ...number,
  };
  const answer = newAnswer({
    id: ALERT,
    kind,
    numberId: NUMBER,
    numberIndex: record.index,
    concerns: null,
    optOutList: null,
    language: "en",
    at: world.clock.now(),
    expiresAt: world.clock.iso(5 * MINUTE),
    ...fields,
  });
  await world.put(world.numbers.setNumber(record), ...world.messages.addAlert(answer));
  await world.alerting.requestLater(answer, 0);
  return { world, record, alert: () => world.alert(NUMBER, ALERT), ...createDays(world) };
}

const STOPPED = { stoppedAt: NIGHT };

/** Puts the number on record as taking texts again, or as stopped. */
async function change(world: World, set: Partial<NumberRecord>) {
  const [number] = await world.read(world.numbers.number("k1.answered"));
  if (number === undefined) throw new Error("no number");
  await world.put(world.numbers.setNumber({ ...number, ...set, version: number.version + 1 }));
}

describe("an answer to a number", () => {
  it("goes to the number that texted, at any hour, without a consent or a link", async () => {
    const { world, alert, workOff } = await anAnswer("help");

    await workOff();

    expect(world.texts).toMatchObject([{ to: PHONE, alertId: ALERT, timeToLiveSeconds: 5 * MINUTE }]);
    expect(world.texts[0]?.body).toContain("Riverside Clinic");
    expect(world.texts[0]?.body).not.toContain("https://");
    expect(await alert()).toMatchObject({ status: "sent", linkLookup: null });
    expect(JSON.stringify(world.store.items("Audit"))).not.toContain(PHONE);
  });

  it.each([
    ["joins the chain of the one patient who has the number", true],
    ["joins the function's own chain where nobody does", false],
  ])("%s", async (_name, concerned) => {
    const concerns = concerned ? "pat_01KAEV0000000000000000PAT1" : null;
    const { world, workOff } = await anAnswer("help", { concerns });

    await workOff();

    expect(world.actions(concerns ?? "actor#function:send-alert")).toEqual(["alert.claimed", "alert.sent"]);
    expect(world.entries(concerns ?? "actor#function:send-alert").at(-1)).toMatchObject({
      details: { alertId: ALERT, kind: "help", numberId: NUMBER },
    });
  });

  it.each(["help", "received", "received-closed", "emergency", "crisis", "ask-cancel", "started"] as const)(
    "is not sent to a number that stopped: %s",
    async (kind) => {
      const { world, alert, workOff } = await anAnswer(kind, {}, STOPPED);

      await workOff();

      expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
      expect(world.texts).toEqual([]);
    },
  );

  it("is not sent where the number stops between look and claim", async () => {
    const { world, alert, workOff } = await anAnswer("help");
    let isFirst = true;
    const sendAlert = createSendAlert({
      ...world.alerting,
      waitUntil: async () => {
        if (isFirst) await change(world, STOPPED);
        isFirst = false;
      },
    });

    await sendAlert({ patientId: NUMBER, alertId: ALERT }, "request-1");
    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason: "consent_revoked" });
    expect(world.texts).toEqual([]);
  });

  it.each([
    ["without an agreement of the vendor", "vendor_without_baa"],
    ["where the number is not kept any more", "erased"],
    ["when it comes too late", "expired"],
  ])("is not sent %s", async (_name, reason) => {
    const { world, alert, workOff } = await anAnswer("help", {}, reason === "erased" ? { phone: null } : {});
    if (reason === "vendor_without_baa") await world.signVendor({ baaSignedOn: null });
    if (reason === "expired") world.clock.advance(5 * MINUTE);

    await workOff();

    expect(await alert()).toMatchObject({ status: "blocked", reason, dueAt: null });
    expect(world.texts).toEqual([]);
    // Whoever texted hears nothing, and that is all.
    expect(tasksOf(world)).toEqual([]);
  });

  it("is not sent while sending is off, and not late once it is on again", async () => {
    const { world, alert, pass } = await anAnswer("help");
    const turn = (sending: boolean) =>
      world.call("PUT /practice/switches", { roles: "admin", body: { sending, portal: true } });
    await turn(false);
    await pass(MINUTE);
    await turn(true);
    await pass(HOUR);

    expect(await alert()).toMatchObject({ status: "blocked", reason: "expired" });
    expect(world.texts).toEqual([]);
  });

  it("that was tried without an answer becomes a task that names the number", async () => {
    const { world, pass } = await anAnswer("help", {}, {}, { provider: () => ({ kind: "unknown" }) });

    await pass(HOUR);

    expect(tasksOf(world)).toMatchObject([
      { kind: "unknown-send", numberId: NUMBER, alertId: ALERT, patientId: null, messageId: null },
    ]);
    expect(world.texts).toHaveLength(1);
  });

  it("that failed is not tried another way", async () => {
    const { world, alert, pass } = await anAnswer(
      "help",
      {},
      {},
      {
        provider: () => ({ kind: "refused", reason: "unreachable" }),
      },
    );

    await pass(5 * 24 * HOUR);

    expect(await alert()).toMatchObject({ status: "failed", dueAt: null });
    expect(tasksOf(world)).toEqual([]);
    expect(world.texts).toHaveLength(1);
  });
});

describe("the one confirmation of a STOP", () => {
  it.each(["stopped", "stopped-cancel"] as const)(
    "leaves although the number stopped, and only then the carrier's list learns of it: %s",
    async (kind) => {
      const listedAtSend: number[] = [];
      const { world, alert, workOff } = await anAnswer(kind, { optOutList: "list" }, STOPPED, {
        provider: (_text, count) => {
          listedAtSend.push(world.optedOut.size);
          return { kind: "accepted", providerMessageId: `provider-${count}` };
        },
      });

      await workOff();

      expect(listedAtSend).toEqual([0]);
      expect([...world.optedOut]).toEqual([PHONE]);
      expect(await alert()).toMatchObject({ status: "sent", optOutList: null });
      expect(world.actions("actor#function:send-alert")).toEqual([
        "alert.claimed",
        "alert.sent",
        "number.listed",
      ]);
    },
  );

  it("leaves once, however often it is asked for", async () => {
    const { world, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    await Promise.all(Array.from({ length: 3 }, () => world.sendAlert(NUMBER, ALERT)));

    await pass(5 * 24 * HOUR);

    expect(world.texts).toHaveLength(1);
    expect(tasksOf(world)).toEqual([]);
  });

  it.each([
    ["comes after five minutes", "expired"],
    ["has no vendor with an agreement", "vendor_without_baa"],
  ])("is not sent when it %s; the number is listed all the same", async (_name, reason) => {
    const { world, alert, workOff } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    if (reason === "expired") world.clock.advance(5 * MINUTE);
    else await world.signVendor({ baaSignedOn: null });

    await workOff();

    expect(world.texts).toEqual([]);
    expect([...world.optedOut]).toEqual([PHONE]);
    expect(await alert()).toMatchObject({ status: "blocked", reason, optOutList: null, dueAt: null });
  });

  it("is not sent while sending is off; the number is listed all the same", async () => {
    const { world, alert, workOff } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    await world.call("PUT /practice/switches", { roles: "admin", body: { sending: false, portal: true } });

    await workOff();

    expect(world.texts).toEqual([]);
    expect([...world.optedOut]).toEqual([PHONE]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "expired" });
  });

  it("is superseded when the number takes texts again, and the number is not listed", async () => {
    const { world, alert, workOff } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    await change(world, { stoppedAt: null });

    await workOff();

    expect(world.texts).toEqual([]);
    expect([...world.optedOut]).toEqual([]);
    expect(await alert()).toMatchObject({ status: "blocked", reason: "superseded", optOutList: null });
  });

  it("that left does not list a number that takes texts again by then", async () => {
    const { world, alert, workOff } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    await world.sendAlert(NUMBER, ALERT);
    await change(world, { stoppedAt: null });

    await workOff();

    expect(world.texts).toHaveLength(1);
    expect([...world.optedOut]).toEqual([]);
    expect(await alert()).toMatchObject({ status: "sent", optOutList: null });
  });

  it("counts as done where the carrier has the number on its list already", async () => {
    const { world, alert, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED, {
      provider: () => ({ kind: "refused", reason: "destination_phone_number_opted_out" }),
    });

    await pass(24 * HOUR);

    expect(world.texts).toHaveLength(1);
    expect([...world.optedOut]).toEqual([PHONE]);
    expect(await alert()).toMatchObject({ status: "failed", optOutList: null, dueAt: null });
    expect(tasksOf(world)).toEqual([]);
  });

  it("of unknown fate lists the number at once, and becomes a task after half an hour", async () => {
    const { world, alert, workOff, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED, {
      provider: () => ({ kind: "unknown" }),
    });
    await workOff();
    const listed = [...world.optedOut];
    await pass(31 * MINUTE);

    expect(listed).toEqual([PHONE]);
    expect(await alert()).toMatchObject({ status: "unknown", optOutList: null });
    expect(tasksOf(world)).toMatchObject([{ kind: "unknown-send", numberId: NUMBER }]);
    expect(world.texts).toHaveLength(1);
  });

  it("whose run died lists the number as soon as that is noticed, and becomes a task in time", async () => {
    const { world, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED, {
      provider: () => {
        throw new Error("the function died");
      },
    });
    await pass(4 * MINUTE);
    const listed = [...world.optedOut];
    await pass(28 * MINUTE);

    expect(listed).toEqual([PHONE]);
    expect(tasksOf(world)).toMatchObject([{ kind: "unknown-send", numberId: NUMBER }]);
    expect(world.texts).toHaveLength(1);
  });

  it.each([
    ["left", 0, "sent"],
    ["came too late", 5 * MINUTE, "blocked"],
  ])("that %s lists the number though the request for that got lost", async (_name, late, status) => {
    const { world, alert, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    world.clock.advance(late);
    await world.sendAlert(NUMBER, ALERT);
    world.requests.splice(0);
    const between = await alert();
    await pass(3 * MINUTE);

    expect(between).toMatchObject({ status, optOutList: "list" });
    expect(await alert()).toMatchObject({ status, optOutList: null });
    expect([...world.optedOut]).toEqual([PHONE]);
  });

  it("is listed later where the list does not answer", async () => {
    const { world, alert, pass } = await anAnswer("stopped", { optOutList: "list" }, STOPPED);
    let listing = 0;
    const sendAlert = createSendAlert({
      ...world.alerting,
      optOutList: {
        lift: async () => "refused",
        list: async () => {
          listing += 1;
          throw new Error("throttled");
        },
      },
    });
    await sendAlert({ patientId: NUMBER, alertId: ALERT }, "request-1");
    const failed = sendAlert({ patientId: NUMBER, alertId: ALERT }, "request-1");
    await expect(failed).rejects.toThrow("throttled");
    const between = await alert();
    await pass(20 * MINUTE);

    expect(listing).toBe(1);
    expect(between).toMatchObject({ status: "sent", optOutList: "list" });
    expect(Date.parse(between.dueAt ?? "") - Date.parse(between.sentAt ?? "")).toBe(2 * MINUTE * 1000);
    expect([...world.optedOut]).toEqual([PHONE]);
    expect(world.texts).toHaveLength(1);
  });
});

describe("the answer to a START", () => {
  it("takes the number off the carrier's list before it leaves", async () => {
    const listedAtSend: number[] = [];
    const { world, alert, workOff } = await anAnswer(
      "started",
      { optOutList: "lift" },
      {},
      {
        provider: (_text, count) => {
          listedAtSend.push(world.optedOut.size);
          return { kind: "accepted", providerMessageId: `provider-${count}` };
        },
      },
    );
    world.optedOut.add(PHONE);

    await workOff();

    expect(listedAtSend).toEqual([0]);
    expect(await alert()).toMatchObject({ status: "sent", optOutList: null });
    expect(tasksOf(world)).toEqual([]);
  });

  it("leaves where the number was on no list", async () => {
    const { world, workOff } = await anAnswer("started", { optOutList: "lift" });

    await workOff();

    expect(world.texts).toHaveLength(1);
  });

  it("is not sent where the carrier keeps the number: it counts as stopped, and a person is told", async () => {
    const { world, alert, pass } = await anAnswer("started", { optOutList: "lift" });
    world.optedOut.add(PHONE);
    world.state.listKeeps = true;

    await pass(24 * HOUR);

    const [number] = await world.read(world.numbers.number("k1.answered"));
    const ended = await alert();
    expect(ended).toMatchObject({ status: "blocked", reason: "number_not_lifted", dueAt: null });
    expect(tasksOf(world)).toMatchObject([
      { id: ended.taskId, kind: "number-not-lifted", numberId: NUMBER, alertId: ALERT },
    ]);
    expect(number?.stoppedAt).not.toBeNull();
    expect(world.texts).toEqual([]);
  });
});

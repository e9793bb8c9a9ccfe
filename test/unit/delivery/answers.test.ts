import { describe, expect, it } from "vitest";
import { newAnswer } from "#shared/messaging/new-alert.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import { createWorld } from "#test/support/core-world.ts";

const NUMBER = "nbr_01KAEV0000000000000000NBR1";
const ALERT = "alr_01KAEV0000000000000000ANS1";

/** An answer to a number that was sent; `concerned`: one patient has the number. */
async function anAnswer(concerned: boolean) {
  const world = createWorld();
  const patientId = concerned ? await world.register() : null;
  const number = { ...newNumber(NUMBER, "k1.answered", "en"), version: 1 };
  const alert = {
    ...newAnswer({
      id: ALERT,
      kind: "help",
      numberId: NUMBER,
      numberIndex: number.index,
      concerns: patientId,
      language: "en",
      at: world.clock.now(),
      expiresAt: world.clock.iso(600),
      optOutList: null,
    }),
    status: "sent" as const,
    providerMessageId: "provider-1",
  };
  await world.put(world.numbers.setNumber(number), ...world.messages.addAlert(alert));
  const report = (eventType: string) =>
    world.report({ eventType, messageId: "provider-1", context: { alertId: ALERT } });
  return { world, patientId, report, alert: () => world.alert(NUMBER, ALERT) };
}

describe("a report on an answer to a number", () => {
  it("joins the chain of the one patient who has the number", async () => {
    const { world, patientId, report, alert } = await anAnswer(true);

    await report("TEXT_DELIVERED");

    expect((await alert()).status).toBe("delivered");
    expect(world.entries(patientId ?? "").at(-1)).toMatchObject({
      action: "alert.delivered",
      patientId,
      details: { alertId: ALERT, numberId: NUMBER },
    });
  });

  it("joins the function's own chain where no one patient is known", async () => {
    const { world, report } = await anAnswer(false);

    await report("TEXT_DELIVERED");

    const [entry] = world.entries("actor#function:record-delivery");
    expect(entry).toMatchObject({ action: "alert.delivered", details: { numberId: NUMBER } });
    expect(entry).not.toHaveProperty("patientId");
    expect(entry).not.toHaveProperty("purpose");
  });

  it("marks the number that it went to", async () => {
    const { world, report } = await anAnswer(false);

    await report("TEXT_BLOCKED");

    const [number] = await world.read(world.numbers.number("k1.answered"));
    expect(number).toMatchObject({ id: NUMBER, undeliverable: { reason: "blocked" }, version: 2 });
  });
});

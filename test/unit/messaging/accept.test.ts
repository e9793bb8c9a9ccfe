import { describe, expect, it } from "vitest";
import { aWorldWithAlert, createWorld } from "#test/support/core-world.ts";
describe("accepting", () => {
  it("works", async () => {
    const { world, patientId, alertId, alert } = await aWorldWithAlert();
    await world.sendAlert(patientId, alertId);
    expect(await alert()).toMatchObject({ status: "sent" });
    console.log(world.texts, world.actions(), world.log.lines);
    await world.report({ eventType: "TEXT_DELIVERED", messageId: "provider-1", context: { alertId } });
    expect(await alert()).toMatchObject({ status: "delivered" });
  });
});

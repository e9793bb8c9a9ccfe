import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";

async function aPreview(fields: object = {}, patient: object = {}) {
  const world = createWorld();
  const patientId = await world.prepare(patient);
  const before = world.store.calls.length;
  const answer = await world.call("POST /messages/preview", {
    body: { patientId, purpose: "scheduling", body: "Your diabetes result.", ...fields },
  });
  return { world, patientId, answer, calls: world.store.calls.slice(before) };
}

describe("a preview", () => {
  it("shows the receipt and the exact text that would leave", async () => {
    const { answer } = await aPreview();

    expect(answer).toMatchObject({
      status: 200,
      body: {
        receipt: { tier: 3, template: "message@1", channel: "sms" },
        alert: { channel: "sms", encoding: "GSM-7", segments: 1 },
      },
    });
  });

  it("is the text that is then sent, but for the token", async () => {
    const { world, patientId, answer } = await aPreview();
    const accepted = await world.send(patientId);
    await world.sendAlert(patientId, String((accepted.body["alert"] as { id: string }).id));

    const { text } = answer.body["alert"] as { readonly text: string };

    const [sent] = world.texts;
    expect(text).toBe(sent?.body.replace(/[A-Za-z0-9_-]{44}/, "x".repeat(44)));
  });

  it("speaks the patient's language", async () => {
    const english = await aPreview();
    const spanish = await aPreview({}, { language: "es" });

    expect(spanish.answer.body["alert"]).not.toEqual(english.answer.body["alert"]);
  });

  it("reads once and neither stores nor sends nor records anything", async () => {
    const { world, calls } = await aPreview();

    expect(calls.map(({ action }) => action)).toEqual(["BatchGetItem"]);
    expect(world.store.items("Messages")).toEqual([]);
    expect(world.requests).toEqual([]);
    expect(world.texts).toEqual([]);
  });

  it("of a message that stays in the portal has no alert", async () => {
    const { answer } = await aPreview({ deliver: "portal-only", purpose: "billing" });

    expect(answer).toMatchObject({ status: 200, body: { alert: null } });
  });

  it.each([
    ["another purpose", { purpose: "billing" }, 409, { code: "consent_required" }],
    ["marketing", { purpose: "marketing" }, 409, { code: "marketing_refused" }],
    ["an unknown patient", { patientId: "pat_01KAEV0000000000000000NEW1" }, 404, { pointer: "/patientId" }],
    ["an unknown thread", { threadId: "thr_01KAEV0000000000000000NEW1" }, 404, { pointer: "/threadId" }],
    ["a time that is over", { expiresAt: "2026-11-04T16:59:59Z" }, 422, { pointer: "/expiresAt" }],
  ])("refuses what sending would refuse: %s", async (_name, fields, status, body) => {
    const { answer } = await aPreview(fields);

    expect(answer).toMatchObject({ status, body });
  });
});

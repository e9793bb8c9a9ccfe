import { describe, expect, it } from "vitest";
import { createSealContent } from "#shared/adapters/content-seal.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { aMessage, aThread, MESSAGE_ID, THREAD_ID } from "#test/support/builders.ts";
import { createWorld } from "#test/support/core-world.ts";

const NUMBER_ID = "nbr_01KAEV0000000000000000NBR1";

/** A world with a thread of somebody of whom only the number is known. */
async function aWorldWithNumber() {
  const world = createWorld();
  const { store, messages, contentKeys } = world;
  const seal = createSealContent(createNewDataKey(store.kms, store.keyArn("ContentKey")), contentKeys);
  const { content, keyWrite } = await seal(NUMBER_ID, MESSAGE_ID, {
    tier: 3,
    subject: null,
    body: "Is this the clinic?",
    reference: null,
    reasons: [],
  });
  const thread = aThread({ patientId: NUMBER_ID, threadState: "waiting", highestTier: 3 });
  const message = aMessage({ patientId: NUMBER_ID, tier: 3, sender: `number:${NUMBER_ID}`, content });
  await world.put(...messages.addThread(thread), ...messages.addMessage(message), keyWrite);
  return world;
}

const open = { roles: "clinician", path: { id: THREAD_ID } };

describe("a thread of a number", () => {
  it("is listed with the number in place of a patient", async () => {
    const world = await aWorldWithNumber();

    const { body } = await world.call("GET /threads", { roles: "clinician" });

    expect(body["items"]).toEqual([
      expect.objectContaining({ id: THREAD_ID, patientId: null, numberId: NUMBER_ID, state: "waiting" }),
    ]);
  });

  it("shows what was written from it, on record in the reader's own chain", async () => {
    const world = await aWorldWithNumber();

    const answer = await world.call("GET /threads/{id}", open);

    expect(answer).toMatchObject({
      status: 200,
      body: {
        patientId: null,
        numberId: NUMBER_ID,
        messages: [{ from: "number", sender: `number:${NUMBER_ID}`, body: "Is this the clinic?" }],
      },
    });
    expect(world.entries("actor#staff_1").at(-1)).toMatchObject({
      action: "thread.read",
      details: { threadId: THREAD_ID, numberId: NUMBER_ID, messageIds: [MESSAGE_ID] },
    });
    expect(world.actions(NUMBER_ID)).toEqual([]);
  });

  it("can be worked on, on record in the same chain", async () => {
    const world = await aWorldWithNumber();

    const changed = await world.call("PATCH /threads/{id}", { ...open, body: { state: "closed" } });
    const noted = await world.call("POST /threads/{id}/notes", {
      ...open,
      body: { text: "A wrong number." },
    });

    expect([changed.status, noted.status]).toEqual([200, 201]);
    expect(changed.body).toMatchObject({ patientId: null, numberId: NUMBER_ID, state: "closed" });
    expect(
      world.entries("actor#staff_1").map(({ action, details }) => [action, details?.["numberId"]]),
    ).toEqual([
      ["thread.changed", NUMBER_ID],
      ["note.added", NUMBER_ID],
    ]);
  });
});

describe("the messages of a patient's thread", () => {
  it("say which side wrote them", async () => {
    const world = createWorld();
    const patientId = await world.prepare();
    const { body } = await world.send(patientId);
    const threadId = String(body["threadId"]);
    const { store, messages, contentKeys } = world;
    const seal = createSealContent(createNewDataKey(store.kms, store.keyArn("ContentKey")), contentKeys);
    const words = { subject: null, body: "Thank you.", reference: null, reasons: [] };
    const { content, keyWrite } = await seal(patientId, MESSAGE_ID, { tier: 3, ...words });
    const sender = `patient:${patientId}`;
    await world.put(...messages.addMessage(aMessage({ patientId, threadId, sender, content })), keyWrite);

    const answer = await world.call("GET /threads/{id}", { roles: "clinician", path: { id: threadId } });

    expect(answer.body).toMatchObject({ patientId });
    expect(answer.body).not.toHaveProperty("numberId");
    const shown = answer.body["messages"] as readonly { readonly from: string; readonly body: string }[];
    expect(
      shown
        .map(({ from, body: text }) => [from, text])
        .toSorted(([one = ""], [other = ""]) => one.localeCompare(other)),
    ).toEqual([
      ["patient", "Thank you."],
      ["practice", "See you on Monday."],
    ]);
  });
});

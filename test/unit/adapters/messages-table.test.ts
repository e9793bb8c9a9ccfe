import { describe, expect, it } from "vitest";
import { put as putItem } from "#shared/adapters/dynamodb/items.ts";
import { BULK_DUE_SHARDS, dueShard, URGENT_DUE_SHARD } from "#shared/adapters/dynamodb/messages-table.ts";
import { RevokeLinksRequest } from "#shared/contracts/link-revocations.ts";
import { newId } from "#shared/runtime/ids.ts";
import { aMessage, anAlert, aThread, PATIENT_ID } from "#test/support/builders.ts";
import { createWorld } from "#test/support/core-world.ts";

describe("what is stored of a message", () => {
  it("comes back as it was", async () => {
    const { put, read, messages } = createWorld();
    await put(
      ...messages.addMessage(aMessage()),
      ...messages.addThread(aThread()),
      ...messages.addAlert(anAlert()),
    );

    const [message, thread, alert, owner] = await read(
      messages.message(PATIENT_ID, aMessage().id),
      messages.thread(PATIENT_ID, aThread().id),
      messages.alert(PATIENT_ID, anAlert().id),
      messages.owner(anAlert().id),
    );

    expect([message, thread, alert, owner]).toEqual([
      aMessage(),
      aThread(),
      anAlert(),
      { patientId: PATIENT_ID },
    ]);
  });

  it("is read where it is from before links had senders and keys had ids", async () => {
    const { put, read, messages } = createWorld();
    const { sender: _sender, ...alert } = anAlert();
    const link = {
      lookup: "old",
      patientId: PATIENT_ID,
      messageId: aMessage().id,
      threadId: aThread().id,
      alertId: alert.id,
      purpose: "portal",
      language: "en",
      consentId: "con_1",
      createdAt: "2026-11-04T17:00:00.000Z",
      expiresAt: "2026-11-07T17:00:00.000Z",
      misses: 0,
      diedAt: null,
      codeMac: null,
      codeExpiresAt: null,
    };
    await put(
      putItem("Messages", { pk: "link#old", sk: "link", ...link }),
      putItem("Messages", { pk: PATIENT_ID, sk: `alert#${alert.id}`, ...alert }),
    );

    const [oldLink, oldAlert] = await read(messages.link("old"), messages.alert(PATIENT_ID, alert.id));

    expect(oldLink).toEqual({ ...link, sender: "unknown", keyId: 1 });
    expect(oldAlert).toEqual({ ...alert, sender: "unknown" });
    // No mark can name that sender.
    const mark = { scope: "sender", sender: oldLink?.sender, reason: "other" };
    expect(RevokeLinksRequest.safeParse(mark).success).toBe(false);
    expect(RevokeLinksRequest.safeParse({ ...mark, sender: "staff_1" }).success).toBe(true);
  });

  it("is never overwritten by another of the same id", async () => {
    const { put, journalOf, messages } = createWorld();
    await put(...messages.addMessage(aMessage()));
    const writes = messages.addMessage(aMessage({ tier: 1 }));

    const again = await journalOf("test").commit(
      { action: "test.done", actor: "staff_1", role: "admin", requestId: "request-1" },
      writes,
    );

    expect(again).toEqual({ kind: "conflict", failed: writes.map((_, index) => index) });
  });
});

describe("an alert's due time", () => {
  it("stands in the index only while something must still happen", async () => {
    const { put, store, messages } = createWorld();
    await put(...messages.addAlert(anAlert()));
    const due = () => store.items("Messages").filter(({ dueShard: shard }) => shard !== undefined).length;
    const before = due();

    await put(messages.moveAlert(anAlert(), ["queued"], { status: "sent", dueAt: null }));

    expect([before, due()]).toEqual([1, 0]);
  });

  it("comes back into the index when the alert is deferred", async () => {
    const { put, read, messages } = createWorld();
    await put(...messages.addAlert(anAlert({ dueAt: null })));

    await put(
      messages.moveAlert(anAlert(), ["queued"], { status: "deferred", dueAt: "2026-11-04T18:00:00.000Z" }),
    );

    const [alert] = await read(messages.alert(PATIENT_ID, anAlert().id));
    expect(alert).toMatchObject({ status: "deferred", dueAt: "2026-11-04T18:00:00.000Z" });
  });

  it("lies in a shard that is found from the alert alone, an urgent one apart from the rest", () => {
    const shardsOf = (queue: "urgent" | "bulk") =>
      new Set(Array.from({ length: 200 }, () => dueShard({ id: newId("alr"), queue })));

    expect(shardsOf("bulk")).toEqual(new Set(BULK_DUE_SHARDS));
    expect(shardsOf("urgent")).toEqual(new Set([URGENT_DUE_SHARD]));
  });
});

describe("moving an alert", () => {
  it("happens only from the states it was asked to happen from", async () => {
    const { put, read, journalOf, messages } = createWorld();
    await put(...messages.addAlert(anAlert({ status: "sent" })));

    const outcome = await journalOf("test").commit(
      { action: "test.done", actor: "staff_1", role: "admin", requestId: "request-1" },
      [messages.moveAlert(anAlert(), ["queued", "deferred"], { status: "sending" })],
    );

    const [alert] = await read(messages.alert(PATIENT_ID, anAlert().id));
    expect(outcome.kind).toBe("conflict");
    expect(alert?.status).toBe("sent");
  });

  it("makes no alert that was not there", async () => {
    const { store, journalOf, messages } = createWorld();

    const outcome = await journalOf("test").commit(
      { action: "test.done", actor: "staff_1", role: "admin", requestId: "request-1" },
      [messages.moveAlert(anAlert(), ["queued"], { status: "sent" })],
    );

    expect(outcome.kind).toBe("conflict");
    expect(store.items("Messages")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createPortalReplies } from "#shared/adapters/dynamodb/portal-replies.ts";
import { createPortalSessions } from "#shared/adapters/dynamodb/portal-sessions.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import type { PortalSession } from "#shared/portal/records.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createStore } from "#test/support/store.ts";

const NOW = new Date("2026-11-04T17:00:00.000Z");
const EVENT = { action: "reply.written", actor: "patient:pat_1", role: "patient", requestId: "request-1" };

const SEEN: PortalSession = {
  hash: "hash",
  stage: "open",
  patientId: "pat_1",
  threadId: "thr_1",
  linkLookup: "lookup",
  tier: 3,
  createdAt: NOW.toISOString(),
  lastSeenAt: NOW.toISOString(),
  birthDateProven: true,
  pinSince: null,
  deviceHash: null,
  written: ["msg_1"],
  uploads: ["att_1", "att_2"],
};

/** What comes of noting a reply that was begun from {@link SEEN} where the session is `stored` by now. */
async function noting(stored: Partial<PortalSession>): Promise<string> {
  const { dynamodb } = createStore();
  const read = createReadSnapshot(dynamodb);
  const now = () => NOW;
  const journal = createJournal(dynamodb, { table: "Audit", function: "portal", read, newId, now });
  const add = createPortalSessions("Messages").addSession(
    { ...SEEN, ...stored },
    new Date(NOW.getTime() + 1),
  );
  await journal.commit(EVENT, [add]);
  const set = { written: ["msg_1", "msg_2"], uploads: ["att_2"], lastSeenAt: NOW.toISOString() };
  const { kind } = await journal.commit(EVENT, [createPortalReplies("Messages").noteReply(SEEN, set)]);
  return kind;
}

describe("noting a reply in its session", () => {
  it.each([
    ["is as it was read", {}, "committed"],
    ["has another upload in the place of one", { uploads: ["att_1", "att_3"] }, "conflict"],
    ["has one upload more", { uploads: ["att_1", "att_2", "att_3"] }, "conflict"],
    ["has one upload less", { uploads: ["att_2"] }, "conflict"],
    ["has another reply in the place of one", { written: ["msg_9"] }, "conflict"],
    ["has one reply more", { written: ["msg_1", "msg_9"] }, "conflict"],
  ])("where the session %s", async (_what, stored, outcome) => {
    expect(await noting(stored)).toBe(outcome);
  });
});

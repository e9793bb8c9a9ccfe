import { describe, expect, it } from "vitest";
import { aWorldWithAlert, type World } from "#test/support/core-world.ts";

const UNKNOWN = "pat_01KAEV0000000000000000NEW1";

const kill = (world: World, body: unknown, roles = "admin", headers: Record<string, string> = {}) =>
  world.call("POST /link-revocations", { body, roles, headers });

/** What the marks say. */
async function marksOf(world: World, patientId: string) {
  const { messages } = world;
  const [patient, sender, practice] = await world.read(
    messages.marks(patientId),
    messages.linksMark("staff_1"),
    messages.linksMark("practice"),
  );
  return { patient: patient?.linksRevokedBefore, sender: sender?.before, practice: practice?.before };
}

describe("killing links", () => {
  it.each([
    [{ scope: "patient" }, "patient"],
    [{ scope: "sender", sender: "staff_1" }, "sender"],
    [{ scope: "practice" }, "practice"],
  ] as const)("%j marks that and nothing else, with an entry that tells why", async (asked, scope) => {
    const { world, patientId } = await aWorldWithAlert();
    const body = { ...asked, ...(scope === "patient" ? { patientId } : {}), reason: "incident" };

    const { status } = await kill(world, body);

    const at = world.clock.iso();
    expect(status).toBe(204);
    expect(await marksOf(world, patientId)).toEqual({ [scope]: at });
    const chain = scope === "patient" ? patientId : "actor#staff_1";
    expect(world.entries(chain).at(-1)).toMatchObject({
      action: "links.revoked",
      role: "admin",
      details: { ...asked, reason: "incident", before: at },
    });
  });

  it.each([
    ["patient", "frontdesk", 204],
    ["patient", "clinician", 204],
    ["patient", "admin", 204],
    ["patient", "compliance", 403],
    ["patient", "auditor", 403],
    ["patient", "integration", 403],
    ["sender", "admin", 204],
    ["sender", "frontdesk", 403],
    ["sender", "clinician", 403],
    ["practice", "admin", 204],
    ["practice", "frontdesk", 403],
    ["practice", "clinician", 403],
    ["practice", "compliance", 403],
  ] as const)("of a %s by %s: %d", async (scope, role, status) => {
    const { world, patientId } = await aWorldWithAlert();
    const target = { patient: { patientId }, sender: { sender: "staff_1" }, practice: {} }[scope];

    const answer = await kill(world, { scope, ...target, reason: "other" }, role);

    expect(answer.status).toBe(status);
    const marked = Object.values(await marksOf(world, patientId)).filter((mark) => typeof mark === "string");
    expect(marked).toHaveLength(status === 204 ? 1 : 0);
  });

  it.each([
    {},
    { scope: "patient", reason: "other" },
    { scope: "patient", patientId: "MRN-1", reason: "other" },
    { scope: "sender", sender: "patient:pat_1", reason: "other" },
    { scope: "sender", sender: "practice", reason: "other" },
    { scope: "practice", sender: "staff_1", reason: "other" },
    { scope: "practice", reason: "Her phone was stolen" },
    { scope: "practice" },
    { scope: "everything", reason: "other" },
  ])("is refused as %j", async (body) => {
    const { world, patientId } = await aWorldWithAlert();

    const answer = await kill(world, body);

    expect(answer.status).toBe(400);
    expect(await marksOf(world, patientId)).toEqual({});
  });

  it.each([
    [{ scope: "patient" }, "patient"],
    [{ scope: "sender", sender: "staff_1" }, "sender"],
    [{ scope: "practice" }, "practice"],
  ] as const)("%j never moves a mark back, whichever of two comes last", async (asked, scope) => {
    const { world, patientId } = await aWorldWithAlert();
    const { messages } = world;
    const body = { ...asked, ...(scope === "patient" ? { patientId } : {}), reason: "incident" };
    const markOf = (before: string) =>
      scope === "patient"
        ? messages.revokePatientLinks(patientId, before)
        : messages.setLinksMark(scope === "sender" ? "staff_1" : "practice", before);
    const later = world.clock.iso(60);
    await world.put(markOf(later));

    expect((await kill(world, body)).status).toBe(204);

    expect(await marksOf(world, patientId)).toEqual({ [scope]: later });
    // One that was made ready before is refused, and looks again.
    const outcome = await world
      .journalOf("messages")
      .commit({ action: "links.revoked", actor: "staff_1", role: "admin", requestId: "request-1" }, [
        markOf(world.clock.iso()),
      ]);
    expect(outcome).toEqual({ kind: "conflict", failed: [0] });
    world.clock.advance(120);
    expect((await kill(world, body)).status).toBe(204);
    expect(await marksOf(world, patientId)).toEqual({ [scope]: world.clock.iso() });
  });

  it("of a patient whom nobody knows is not found", async () => {
    const { world } = await aWorldWithAlert();

    const answer = await kill(world, { scope: "patient", patientId: UNKNOWN, reason: "other" });

    expect(answer).toMatchObject({ status: 404, body: { pointer: "/patientId" } });
  });

  it("is done once for a key, and again without one", async () => {
    const { world, patientId } = await aWorldWithAlert();
    const body = { scope: "patient", patientId, reason: "device-lost" };
    const key = { "Idempotency-Key": "key-9" };
    await kill(world, body, "admin", key);
    const first = await marksOf(world, patientId);
    world.clock.advance(60);

    expect((await kill(world, body, "admin", key)).status).toBe(204);
    expect(await marksOf(world, patientId)).toEqual(first);
    const other = await kill(world, { ...body, reason: "other" }, "admin", key);
    expect(other).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect((await kill(world, body)).status).toBe(204);
    expect(await marksOf(world, patientId)).toEqual({ patient: world.clock.iso() });
  });
});

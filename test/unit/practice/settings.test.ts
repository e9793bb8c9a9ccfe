import { describe, expect, it } from "vitest";
import { createWorld } from "#test/support/core-world.ts";

const SETTINGS = {
  timeZone: "America/Chicago",
  officeHours: {
    monday: [
      { opens: "08:00", closes: "12:00" },
      { opens: "13:00", closes: "17:00" },
    ],
  },
};

describe("the practice's settings", () => {
  it("are those of the stage until somebody changes them", async () => {
    const answer = await createWorld().call("GET /practice", { roles: "auditor" });

    expect(answer).toMatchObject({
      status: 200,
      headers: { ETag: '"0"' },
      body: {
        name: "Riverside Clinic",
        phone: "206-555-0100",
        timeZone: "America/Los_Angeles",
        switches: { sending: true, portal: true },
        version: 0,
      },
    });
  });

  it("are replaced as a whole, on record", async () => {
    const world = createWorld();

    const answer = await world.call("PUT /practice", { roles: "admin", body: SETTINGS });

    expect(answer).toMatchObject({
      status: 200,
      headers: { ETag: '"1"' },
      body: { ...SETTINGS, version: 1 },
    });
    expect(world.entries()).toEqual([
      expect.objectContaining({
        action: "practice.changed",
        chain: "actor#staff_1",
        details: { version: 1 },
      }),
    ]);
  });

  it("have reminders three days and one day ahead, and no notices, where nothing is said of them", async () => {
    const { body } = await createWorld().call("PUT /practice", { roles: "admin", body: SETTINGS });

    expect(body).toMatchObject({ reminderOffsets: [72, 24], visitNotices: [] });
  });

  it("keep reminders, the earliest first, and notices as the practice wants them", async () => {
    const world = createWorld();
    const wanted = { reminderOffsets: [2, 72, 24], visitNotices: ["moved", "cancelled"] };
    await world.call("PUT /practice", { roles: "admin", body: { ...SETTINGS, ...wanted } });

    const { body } = await world.call("GET /practice", { roles: "auditor" });

    expect(body).toMatchObject({ reminderOffsets: [72, 24, 2], visitNotices: ["moved", "cancelled"] });
  });

  it("stay as they are where a change leaves them out", async () => {
    const world = createWorld();
    const own = {
      quietHours: { from: "20:00", to: "09:00" },
      caps: { perDay: 2, perWeek: 5 },
      reminderOffsets: [48],
      visitNotices: ["cancelled"],
    };
    await world.call("PUT /practice", { roles: "admin", body: { ...SETTINGS, ...own } });

    const { body } = await world.call("PUT /practice", {
      roles: "admin",
      body: { ...SETTINGS, timeZone: "America/Denver", caps: { perDay: 1, perWeek: 5 } },
    });

    expect(body).toMatchObject({ ...own, timeZone: "America/Denver", caps: { perDay: 1, perWeek: 5 } });
  });

  it.each([{ name: "Other Office" }, { switches: { sending: false, portal: true } }, { version: 1 }])(
    "refuse what this does not change rather than ignore it: %j",
    async (more) => {
      const answer = await createWorld().call("PUT /practice", {
        roles: "admin",
        body: { ...SETTINGS, ...more },
      });

      expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    },
  );

  it.each([
    [{ reminderOffsets: [24, 24] }, "/reminderOffsets"],
    [{ reminderOffsets: [0] }, "/reminderOffsets/0"],
    [{ reminderOffsets: [337] }, "/reminderOffsets/0"],
    [{ reminderOffsets: [1.5] }, "/reminderOffsets/0"],
    [{ reminderOffsets: [1, 2, 3, 4, 5] }, "/reminderOffsets"],
    [{ visitNotices: ["forgotten"] }, "/visitNotices/0"],
  ])("are not taken with %j", async (wanted, pointer) => {
    const answer = await createWorld().call("PUT /practice", {
      roles: "admin",
      body: { ...SETTINGS, ...wanted },
    });

    expect(answer).toMatchObject({ status: 400, body: { pointer } });
  });

  it.each([
    ['"0"', 409],
    ['"1"', 200],
  ])("are replaced under If-Match %s only where it fits: %i", async (version, status) => {
    const world = createWorld();
    await world.call("PUT /practice", { roles: "admin", body: SETTINGS });

    const answer = await world.call("PUT /practice", {
      roles: "admin",
      body: SETTINGS,
      headers: { "If-Match": version },
    });

    expect(answer.status).toBe(status);
  });

  it.each([
    [{ ...SETTINGS, timeZone: "Nowhere/Town" }, "/timeZone"],
    [
      { ...SETTINGS, officeHours: { monday: [{ opens: "17:00", closes: "09:00" }] } },
      "/officeHours/monday/0",
    ],
    [
      { ...SETTINGS, officeHours: { monday: [{ opens: "24:00", closes: "25:00" }] } },
      "/officeHours/monday/0/opens",
    ],
    [{ ...SETTINGS, officeHours: { moonday: [] } }, "/officeHours"],
  ])("are refused where they make no sense (case %#)", async (body, pointer) => {
    const answer = await createWorld().call("PUT /practice", { roles: "admin", body });

    expect(answer).toMatchObject({ status: 400, body: { pointer } });
  });

  it.each(["frontdesk", "clinician", "compliance", "auditor", "integration"])(
    "are not for %s to write",
    async (roles) => {
      const world = createWorld();

      expect((await world.call("PUT /practice", { roles, body: SETTINGS })).status).toBe(403);
      expect((await world.call("PUT /practice/switches", { roles, body: {} })).status).toBe(403);
    },
  );
});

describe("the kill switches", () => {
  it("are set at once, on record with what they are now", async () => {
    const world = createWorld();

    const answer = await world.call("PUT /practice/switches", {
      roles: "admin",
      body: { sending: false, portal: true },
    });

    const practice = await world.call("GET /practice");
    expect(answer).toMatchObject({ status: 200, body: { sending: false, portal: true } });
    expect(practice.body).toMatchObject({ switches: { sending: false, portal: true } });
    expect(world.entries()).toEqual([
      expect.objectContaining({ action: "practice.switched", details: { sending: false, portal: true } }),
    ]);
  });

  it("can be turned back", async () => {
    const world = createWorld();
    await world.call("PUT /practice/switches", { roles: "admin", body: { sending: false, portal: false } });

    await world.call("PUT /practice/switches", { roles: "admin", body: { sending: true, portal: true } });

    expect((await world.call("GET /practice")).body).toMatchObject({
      switches: { sending: true, portal: true },
    });
  });

  it.each([{ sending: false }, { sending: "no", portal: true }, {}])(
    "are always set together: %j",
    async (body) => {
      expect((await createWorld().call("PUT /practice/switches", { roles: "admin", body })).status).toBe(400);
    },
  );
});

describe("a vendor's agreement", () => {
  const path = { id: "aws" };

  it("is not there until somebody records it", async () => {
    const answer = await createWorld().call("GET /vendors/{id}", { path });

    expect(answer).toMatchObject({
      status: 200,
      body: { id: "aws", baaSignedOn: null, baaEndsOn: null, inForce: false, version: 0 },
    });
  });

  it("is in force from the day it was signed, on record", async () => {
    const world = createWorld();

    const answer = await world.signVendor({ baaSignedOn: "2026-11-04" });

    expect(answer).toMatchObject({ status: 200, body: { inForce: true, version: 1 } });
    expect(world.entries()).toEqual([
      expect.objectContaining({
        action: "vendor.changed",
        role: "compliance",
        details: { vendor: "aws", baaSignedOn: "2026-11-04", baaEndsOn: null },
      }),
    ]);
  });

  it.each([
    [{ baaSignedOn: "2026-11-05" }, false],
    [{ baaSignedOn: "2026-01-01", baaEndsOn: "2026-11-04" }, true],
    [{ baaSignedOn: "2026-01-01", baaEndsOn: "2026-11-03" }, false],
    [{ baaSignedOn: null }, false],
  ])("as %j is in force: %s", async (fields, inForce) => {
    expect((await createWorld().signVendor(fields)).body).toMatchObject({ inForce });
  });

  it("is not changed under another version", async () => {
    const world = createWorld();
    await world.signVendor();

    const answer = await world.call("PUT /vendors/{id}", {
      roles: "compliance",
      path,
      body: { baaSignedOn: null },
      headers: { "If-Match": '"7"' },
    });

    expect(answer).toMatchObject({ status: 409, body: { code: "version_conflict" } });
  });

  it("of another vendor is not found", async () => {
    expect((await createWorld().call("GET /vendors/{id}", { path: { id: "other" } })).status).toBe(404);
  });

  it("is not for admins to record", async () => {
    expect((await createWorld().call("PUT /vendors/{id}", { roles: "admin", path, body: {} })).status).toBe(
      403,
    );
  });

  it.each([{ baaSignedOn: "2026-02-30" }, { baaSignedOn: "yesterday" }, {}])("is not %j", async (body) => {
    expect((await createWorld().call("PUT /vendors/{id}", { roles: "compliance", path, body })).status).toBe(
      400,
    );
  });
});

import { describe, expect, it } from "vitest";
import { createConsentLedger } from "#shared/adapters/dynamodb/consents-table.ts";
import { createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createOptOutCursor } from "#shared/adapters/dynamodb/opt-out-cursor.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createNewDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { createRecordCarrierStop } from "#shared/delivery/carrier-stop.ts";
import { createReconcileOptOuts } from "#shared/delivery/reconcile-opt-outs.ts";
import { newNumber } from "#shared/numbers/new-number.ts";
import { blindIndex } from "#shared/patients/register.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createWorld, NEW_PATIENT } from "#test/support/core-world.ts";

const PHONE: string = NEW_PATIENT.mobilePhone;
const LEARNT = { actor: "function:reconcile-opt-outs", requestId: "request-1" };
/** After what a test prepares, unless it moves the clock. */
const LISTED_AT = "2026-11-04T17:00:30.000Z";

/** A world with the carrier's list, `pageSize` numbers to a page. */
function aWorldWithList(listed: readonly string[] = [], pageSize = 100) {
  const world = createWorld();
  const { store, read, numbers } = world;
  const { now } = world.clock;
  const indexMac = createMac(store.kms, store.keyArn("IndexKey"));
  const indexOf = (number: string) => blindIndex(indexMac, "number", number);
  const journal = world.journalOf("reconcile-opt-outs");
  const recordCarrierStop = createRecordCarrierStop({
    read,
    journal,
    numbers,
    ownersOf: createOwnersOfNumber(store.dynamodb, "Patients"),
    patients: createPatientsTable("Patients"),
    consents: world.consents,
    tasks: world.tasks,
    sealEvidence: createSealEvidence(createNewDataKey(store.kms, store.keyArn("ContactKey"))),
    newId,
    now,
  });
  const asked: (string | null)[] = [];
  const failures: unknown[] = [];
  const state = { failAtPage: Number.POSITIVE_INFINITY };
  const reconcile = createReconcileOptOuts({
    read,
    journal,
    cursor: createOptOutCursor("Practice"),
    indexOf,
    numbers,
    recordCarrierStop,
    page: async (token) => {
      asked.push(token);
      if (asked.length === state.failAtPage) throw new Error("throttled");
      const start = Number(token ?? 0);
      const end = start + pageSize;
      return {
        items: listed.slice(start, end).map((number) => ({ number, since: LISTED_AT })),
        next: end < listed.length ? String(end) : null,
      };
    },
    onFailure: (error) => failures.push(error),
    pause: () => Promise.resolve(),
  });
  const statesOf = async (patientId: string) =>
    (await createConsentLedger(store.dynamodb, "Consents").states(patientId)).map(
      ({ channel, purpose, decision }) => `${channel} ${purpose} ${decision}`,
    );
  const numberOf = async (phone = PHONE) => (await read(numbers.number(await indexOf(phone))))[0];
  return { world, reconcile, recordCarrierStop, indexOf, statesOf, numberOf, asked, failures, state };
}

describe("a stop that only the carrier heard", () => {
  it("ends the texts of everybody who has the number, each in their own chain", async () => {
    const { world, recordCarrierStop, indexOf, statesOf, numberOf } = aWorldWithList();
    const one = await world.register({ email: "one@example.com" });
    const other = await world.register({ externalId: "MRN-2" });
    await world.grant(one);
    await world.grant(one, { purpose: "billing" });
    await world.grant(one, { channel: "email" });
    await world.grant(other);

    expect(await recordCarrierStop(await indexOf(PHONE), LEARNT)).toBe("recorded");

    expect(await statesOf(one)).toEqual([
      "sms scheduling revoked",
      "email scheduling granted",
      "sms billing revoked",
    ]);
    expect(await statesOf(other)).toEqual(["sms scheduling revoked"]);
    expect(await numberOf()).toMatchObject({
      stoppedAt: world.clock.iso(),
      stoppedBy: "carrier",
      version: 1,
    });
    for (const patientId of [one, other]) {
      expect(world.entries(patientId).at(-1)).toMatchObject({
        action: "number.stopped",
        actor: "function:reconcile-opt-outs",
        details: { method: "carrier", channel: "sms" },
      });
    }
  });

  it("of several patients asks staff whom it concerns, of one patient nobody", async () => {
    const { world, recordCarrierStop, indexOf, numberOf } = aWorldWithList();
    await world.grant(await world.register({ mobilePhone: "+12065550188" }));
    await world.grant(await world.register({ externalId: "MRN-2" }));
    await world.grant(await world.register({ externalId: "MRN-3" }));
    const tasks = () => world.store.items("Practice").filter(({ sk }) => sk === "task");

    await recordCarrierStop(await indexOf("+12065550188"), LEARNT);
    expect(tasks()).toEqual([]);
    await recordCarrierStop(await indexOf(PHONE), LEARNT);
    await recordCarrierStop(await indexOf(PHONE), LEARNT);

    expect(tasks()).toMatchObject([
      {
        kind: "shared-number",
        taskState: "open",
        patientId: null,
        numberId: (await numberOf())?.id,
        dueAt: world.clock.iso(86_400),
      },
    ]);
  });

  it("is known when it is learnt a second time", async () => {
    const { world, recordCarrierStop, indexOf } = aWorldWithList();
    const patientId = await world.register();
    await world.grant(patientId);
    await recordCarrierStop(await indexOf(PHONE), LEARNT);
    const before = world.entries().length;

    expect(await recordCarrierStop(await indexOf(PHONE), LEARNT)).toBe("known");
    expect(world.entries()).toHaveLength(before);
  });

  it("is finished by a second run where the first died between two owners", async () => {
    const { world, recordCarrierStop, indexOf, statesOf, numberOf } = aWorldWithList();
    const owners = [await world.register(), await world.register({ externalId: "MRN-2" })];
    for (const owner of owners) await world.grant(owner);
    let transactions = 0;
    world.store.setIntercept(({ action }) => {
      if (action !== "TransactWriteItems") return;
      transactions += 1;
      if (transactions === 2) throw new Error("out of reach");
    });
    await expect(recordCarrierStop(await indexOf(PHONE), LEARNT)).rejects.toThrow();
    expect((await numberOf())?.stoppedAt ?? null).toBeNull();
    world.store.setIntercept(undefined);

    expect(await recordCarrierStop(await indexOf(PHONE), LEARNT)).toBe("recorded");

    for (const owner of owners) expect(await statesOf(owner)).toEqual(["sms scheduling revoked"]);
    expect((await numberOf())?.stoppedAt).not.toBeNull();
    expect(world.store.items("Practice").filter(({ kind }) => kind === "shared-number")).toHaveLength(1);
  });

  it("is recorded once by two who learn it at the same moment", async () => {
    const { world, recordCarrierStop, indexOf } = aWorldWithList();
    const patientId = await world.register();
    await world.grant(patientId);
    const index = await indexOf(PHONE);

    const results = await Promise.all([recordCarrierStop(index, LEARNT), recordCarrierStop(index, LEARNT)]);

    expect(results.toSorted()).toEqual(["known", "recorded"]);
    expect(world.actions(patientId).filter((action) => action === "number.stopped")).toHaveLength(1);
  });

  it("of a number that only texted stops that number, in the function's chain", async () => {
    const { world, recordCarrierStop, indexOf, numberOf } = aWorldWithList();
    const index = await indexOf("+12065550199");
    const id = "nbr_01KAEV0000000000000000NBR1";
    await world.put(world.numbers.setNumber({ ...newNumber(id, index, "es"), version: 1 }));

    expect(await recordCarrierStop(index, LEARNT)).toBe("recorded");

    expect(await numberOf("+12065550199")).toMatchObject({ id, stoppedAt: world.clock.iso(), version: 2 });
    expect(world.entries("actor#function:reconcile-opt-outs")).toMatchObject([
      { action: "number.stopped", details: { numberId: id } },
    ]);
  });

  it("of a number of nobody leaves no trace", async () => {
    const { world, recordCarrierStop, indexOf } = aWorldWithList();

    expect(await recordCarrierStop(await indexOf("+12065550199"), LEARNT)).toBe("nobody");
    expect(world.store.items("Patients")).toEqual([]);
    expect(world.entries()).toEqual([]);
  });
});

describe("comparing the carrier's list with ours", () => {
  const STRANGERS = Array.from({ length: 10 }, (_, index) => `+1206555${String(2000 + index)}`);

  it("records what we did not know, skips what we know, and leaves strangers alone", async () => {
    const { world, reconcile, statesOf } = aWorldWithList([PHONE, "+12065550177", "+12065550199"]);
    const patientId = await world.register();
    await world.grant(patientId);
    const known = await world.register({ externalId: "MRN-2", mobilePhone: "+12065550177" });
    await world.grant(known);

    const first = await reconcile("request-1");
    const second = await reconcile("request-2");

    expect(first).toEqual({ looked: 3, recorded: 2, known: 0, nobody: 1, failed: 0, finished: true });
    expect(second).toEqual({ looked: 3, recorded: 0, known: 2, nobody: 1, failed: 0, finished: true });
    expect(await statesOf(patientId)).toEqual(["sms scheduling revoked"]);
    expect(world.entries("actor#function:reconcile-opt-outs").at(-1)).toMatchObject({
      action: "opt-outs.reconciled",
      details: second,
    });
  });

  it("leaves alone what a patient agreed to after the number was listed", async () => {
    const { world, reconcile, statesOf } = aWorldWithList([PHONE]);
    const patientId = await world.register();
    await world.grant(patientId);
    await reconcile("request-1");
    world.clock.advance(60);
    await world.grant(patientId);

    await reconcile("request-2");

    expect(await statesOf(patientId)).toEqual(["sms scheduling granted"]);
  });

  it.each([
    ["after it was listed is on its way off the list", "2026-11-04T17:00:45.000Z", "granted"],
    ["before it was listed stopped again", "2026-11-04T17:00:15.000Z", "revoked"],
  ])("a number whose START came %s", async (_name, startedAt, decision) => {
    const { world, reconcile, indexOf, statesOf } = aWorldWithList([PHONE]);
    const patientId = await world.register();
    await world.grant(patientId);
    const id = "nbr_01KAEV0000000000000000NBR1";
    await world.put(
      world.numbers.setNumber({ ...newNumber(id, await indexOf(PHONE), "en"), startedAt, version: 1 }),
    );

    await reconcile("request-1");

    expect(await statesOf(patientId)).toEqual([`sms scheduling ${decision}`]);
  });

  it("goes through every page, and begins anew the next day", async () => {
    const { reconcile, asked } = aWorldWithList(STRANGERS, 4);

    expect(await reconcile("request-1")).toMatchObject({ looked: 10, nobody: 10, finished: true });
    expect(asked).toEqual([null, "4", "8"]);
    await reconcile("request-2");
    expect(asked.slice(3)).toEqual([null, "4", "8"]);
  });

  it("leaves the rest of a long list to the next run", async () => {
    const listed = Array.from({ length: 150 }, (_, index) => `+1206555${String(3000 + index)}`);
    const { reconcile, asked } = aWorldWithList(listed, 1);

    expect(await reconcile("request-1")).toMatchObject({ looked: 100, finished: false });
    expect(await reconcile("request-2")).toMatchObject({ looked: 50, finished: true });
    expect(asked).toEqual([null, ...Array.from({ length: 149 }, (_, index) => String(index + 1))]);
  });

  it("tells of a number that failed, and goes on with the others", async () => {
    const { world, reconcile, failures, statesOf } = aWorldWithList([PHONE, ...STRANGERS]);
    const patientId = await world.register();
    await world.grant(patientId);
    world.store.setIntercept(({ action, input }) => {
      if (action === "TransactWriteItems" && JSON.stringify(input).includes("number.stopped")) {
        throw new Error("out of reach");
      }
    });

    expect(await reconcile("request-1")).toMatchObject({ looked: 11, nobody: 10, failed: 1 });
    expect(failures).toHaveLength(1);
    world.store.setIntercept(undefined);
    expect(await reconcile("request-2")).toMatchObject({ recorded: 1, failed: 0 });
    expect(await statesOf(patientId)).toEqual(["sms scheduling revoked"]);
  });

  it("fails where the list cannot be read, so that somebody is called", async () => {
    const { reconcile, state } = aWorldWithList(STRANGERS, 4);
    state.failAtPage = 2;

    await expect(reconcile("request-1")).rejects.toThrow("throttled");
  });

  it("keeps no number anywhere", async () => {
    const { world, reconcile } = aWorldWithList([PHONE]);
    await world.grant(await world.register());

    await reconcile("request-1");

    const kept = JSON.stringify(
      (["Patients", "Consents", "Practice", "Audit"] as const).map((table) => world.store.items(table)),
    );
    expect(kept).not.toContain(PHONE.slice(2));
  });
});

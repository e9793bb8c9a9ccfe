import { describe, expect, it } from "vitest";
import { createHandler, createRoutes } from "#functions/export-audit/handler.ts";
import { createApi } from "#functions/http/api.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createChainEnd } from "#shared/adapters/dynamodb/chain-end.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { storedMemory } from "#shared/audit/anchor-memory.ts";
import type { ExportOrder } from "#shared/audit/export-windows.ts";
import { createRequestExports, type ExportState, type StartOutcome } from "#shared/audit/request-exports.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createTestClock } from "#test/support/clock.ts";
import { aRequest, createCaller, createTestLog, type RequestParts } from "#test/support/proxy-event.ts";
import { createStore } from "#test/support/store.ts";

const ROUTE = "POST /audit/exports";
const DAY_SECONDS = 24 * 60 * 60;

interface Started {
  readonly order: ExportOrder;
  readonly prefix: string;
  readonly token: string;
}

/** The function over real tables; `refuse` says which orders AWS does not take. */
function aWorld() {
  const store = createStore();
  const clock = createTestClock();
  const log = createTestLog();
  const { now } = clock;
  const read = createReadSnapshot(store.dynamodb);
  const journal = createJournal(store.dynamodb, {
    table: "Audit",
    function: "export-audit",
    read,
    newId,
    now,
  });
  const started: Started[] = [];
  const state: {
    refuse: (order: ExportOrder) => string | undefined;
    stateOf: (exportArn: string) => ExportState;
    lay: () => Promise<void>;
  } = { refuse: () => undefined, stateOf: () => ({ kind: "completed" }), lay: async () => undefined };
  let laid = 0;
  let requests = 0;
  const ports = {
    read,
    journal,
    memory: createRequestMemory("Practice", now),
    indexMac: createMac(store.kms, store.keyArn("IndexKey")),
    chainEnd: createChainEnd({ read, journal }, "Audit"),
    startExport: async (order: ExportOrder, prefix: string, token: string): Promise<StartOutcome> => {
      const reason = state.refuse(order);
      if (reason !== undefined) return { kind: "refused", reason, error: new Error("quoted input") };
      started.push({ order, prefix, token });
      return { kind: "started", exportArn: `arn:export/${token.slice(0, 8)}`, at: now().toISOString() };
    },
    stateOf: async (exportArn: string) => state.stateOf(exportArn),
    laySafeguards: async () => {
      await state.lay();
      laid += 1;
    },
    onFailure: (table: string, error: unknown) => log.error("EXPORT_FAILED", error, { table }),
    now,
  };
  const routes = createRoutes(ports);
  const call = createCaller(routes, log);
  return {
    store,
    clock,
    log,
    journal,
    started,
    state,
    laid: () => laid,
    ask: (body: unknown, parts: RequestParts = {}) => {
      requests += 1;
      return call(ROUTE, { roles: "auditor", body, requestId: `request-${requests}`, ...parts });
    },
    run: (requestId = "run-1") => createRequestExports(ports).scheduled(requestId),
    handler: createHandler(createApi(routes, log), createRequestExports(ports).scheduled, log),
    entries: (actor: string) =>
      store
        .items("Audit")
        .filter(({ pk, sk }) => pk === `actor#${actor}` && sk !== "head")
        .map(({ action, details }) => ({ action, details: details as Record<string, unknown> })),
  };
}

const tablesOf = (started: readonly Started[]) => started.map(({ order }) => order.table);

describe("an export that somebody asks for", () => {
  it("is of all three tables, on record before it starts and with its names after", async () => {
    const world = aWorld();
    const answer = await world.ask({});
    expect(answer.status).toBe(202);
    expect(tablesOf(world.started)).toEqual(["Audit", "Consents", "Practice"]);
    expect(world.started.map(({ prefix }) => prefix)).toEqual([
      "tables/Audit",
      "tables/Consents",
      "tables/Practice",
    ]);
    const [requested, exported] = world.entries("staff_1");
    expect(requested).toMatchObject({ action: "audit.export-requested", details: { kind: "full" } });
    expect(exported?.action).toBe("audit.exported");
    const [entry] = world.store.items("Audit").filter(({ action }) => action === "audit.export-requested");
    expect(answer.body).toEqual({
      id: entry?.["id"],
      kind: "full",
      tables: world.started.map(({ order, token }) => ({
        table: order.table,
        exportArn: `arn:export/${token.slice(0, 8)}`,
      })),
      prefix: "tables/",
      newestAnchor: null,
    });
    expect(exported?.details["request"]).toBe(entry?.["id"]);
    expect(world.laid()).toBe(1);
  });

  it("names the newest anchor, not one that was only begun", async () => {
    const world = aWorld();
    const memory = {
      anchor: 41,
      sha256: "0".repeat(64),
      until: world.clock.iso(-3600),
      key: "0".repeat(64),
      from: world.clock.iso(-4500),
      rest: null,
    };
    await world.journal.record({
      action: "anchor.begun",
      actor: "function:anchor",
      role: "function",
      requestId: "run-0",
      details: { anchor: 42, ...storedMemory(memory) },
    });
    expect((await world.ask({ kind: "full" })).body["newestAnchor"]).toBe(41);
  });

  it("may be of one window", async () => {
    const world = aWorld();
    const window = { from: world.clock.iso(-DAY_SECONDS), to: world.clock.iso() };
    const answer = await world.ask({ kind: "incremental", ...window });
    expect(answer.status).toBe(202);
    for (const { order } of world.started) expect(order).toMatchObject({ kind: "incremental", ...window });
  });

  it("is refused where AWS would not take the window, and nothing is recorded", async () => {
    const world = aWorld();
    const window = { kind: "incremental", from: world.clock.iso(-60), to: world.clock.iso() };
    const answer = await world.ask(window);
    expect([answer.status, answer.body["code"]]).toEqual([422, "unprocessable"]);
    expect(world.store.items("Audit")).toEqual([]);
  });

  it.each([
    ["an unknown kind", { kind: "all" }],
    ["a window without its end", { kind: "incremental", from: "2026-11-04T00:00:00Z" }],
    ["a full one with a window", { kind: "full", from: "2026-11-04T00:00:00Z" }],
    ["a field that it does not have", { tables: ["Patients"] }],
  ])("is refused with %s", async (_what, body) => {
    const world = aWorld();
    expect((await world.ask(body)).status).toBe(400);
    expect(world.started).toEqual([]);
  });

  it.each(["frontdesk", "clinician", "admin", "integration"])("is not for %s", async (roles) => {
    const world = aWorld();
    expect((await world.ask({}, { roles })).status).toBe(403);
    expect(world.store.items("Audit")).toEqual([]);
  });

  it("waits a minute after the last one of the same actor", async () => {
    const world = aWorld();
    await world.ask({});
    world.clock.advance(20);
    const answer = await world.ask({});
    expect([answer.status, answer.headers?.["Retry-After"]]).toEqual([429, "40"]);
    expect((await world.ask({}, { actor: "staff_2" })).status).toBe(202);
    world.clock.advance(40);
    expect((await world.ask({})).status).toBe(202);
  });

  it("waits whatever else the actor did in the meantime, also where it did not start", async () => {
    const world = aWorld();
    const act = (action: string) =>
      world.journal.record({ action, actor: "staff_1", role: "auditor", requestId: "r" });
    world.state.refuse = () => "limit-exceeded";
    expect((await world.ask({})).status).toBe(503);
    world.state.refuse = () => undefined;
    for (let count = 0; count < 10; count += 1) await act("audit.read");
    world.clock.advance(30);
    const answer = await world.ask({});
    expect([answer.status, answer.headers?.["Retry-After"]]).toEqual([429, "30"]);
    expect(world.started).toEqual([]);
    world.clock.advance(30);
    expect((await world.ask({})).status).toBe(202);
    await act("audit.read");
    expect((await world.ask({})).status).toBe(429);
  });

  it("is one of many that are asked for at once", async () => {
    const world = aWorld();
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.ask({})));
    expect(
      answers
        .map(({ status }) => String(status))
        .sort()
        .join(),
    ).toBe("202,429,429,429,429,429");
    expect(world.started).toHaveLength(3);
    const actions = world.entries("staff_1").map(({ action }) => action);
    expect(actions.filter((action) => action === "audit.exported")).toHaveLength(1);
    // What was asked for and not started says so.
    const ended = actions.filter((action) => action === "audit.export-failed").length + 1;
    expect(actions.filter((action) => action === "audit.export-requested")).toHaveLength(ended);
  });

  it("starts nothing where what lies beside it cannot be laid, on request or on schedule", async () => {
    const world = aWorld();
    world.state.lay = async () => {
      throw new Error("denied");
    };
    expect((await world.ask({})).status).toBe(500);
    await expect(world.run()).rejects.toThrow("denied");
    expect(world.started).toEqual([]);
    expect(world.entries("staff_1").map(({ action }) => action)).toEqual(["audit.export-requested"]);
    world.state.lay = async () => undefined;
    expect(await world.run()).toEqual({ started: 3, failed: 0 });
  });

  it("of a window that DynamoDB does not hold is refused for good", async () => {
    const world = aWorld();
    world.state.refuse = ({ table }) => (table === "Practice" ? "time-out-of-reach" : undefined);
    const window = { from: world.clock.iso(-DAY_SECONDS), to: world.clock.iso() };
    const answer = await world.ask({ kind: "incremental", ...window });
    expect([answer.status, answer.body["code"], answer.body["pointer"]]).toEqual([
      422,
      "unprocessable",
      "/from",
    ]);
    expect(world.entries("staff_1").at(-1)?.action).toBe("audit.export-failed");
  });

  it("is one where it is repeated under its key, and another request under that key is refused", async () => {
    const world = aWorld();
    const keyed = { headers: { "Idempotency-Key": "audit-2026" } };
    const first = await world.ask({}, keyed);
    world.clock.advance(3600);
    const again = await world.ask({}, keyed);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(world.started).toHaveLength(3);
    const window = { kind: "incremental", from: world.clock.iso(-DAY_SECONDS), to: world.clock.iso() };
    expect((await world.ask(window, keyed)).body["code"]).toBe("idempotency_conflict");
  });

  it("is the same for AWS where its first run broke off", async () => {
    const world = aWorld();
    const keyed = { headers: { "Idempotency-Key": "audit-2026" } };
    world.store.setIntercept(({ action, input }) => {
      if (action === "TransactWriteItems" && JSON.stringify(input).includes("audit.exported")) {
        throw new Error("broken off");
      }
    });
    expect((await world.ask({}, keyed)).status).toBe(500);
    world.store.setIntercept(undefined);
    expect((await world.ask({}, keyed)).status).toBe(202);
    const tokens = world.started.map(({ token }) => token);
    expect(tokens.slice(3)).toEqual(tokens.slice(0, 3));
    expect(new Set(tokens).size).toBe(3);
  });

  it("run twice at once gives one answer", async () => {
    const world = aWorld();
    const keyed = { headers: { "Idempotency-Key": "audit-2026" } };
    const answers = await Promise.all([world.ask({}, keyed), world.ask({}, keyed)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(new Set(world.started.map(({ token }) => token)).size).toBe(3);
  });

  it("that AWS does not take is answered 503, with its reason on record and no input in the log", async () => {
    const world = aWorld();
    world.state.refuse = ({ table }) => (table === "Consents" ? "limit-exceeded" : undefined);
    const answer = await world.ask({});
    expect([answer.status, answer.body["code"]]).toEqual([503, "unavailable"]);
    const failed = world.entries("staff_1").at(-1);
    expect(failed).toMatchObject({
      action: "audit.export-failed",
      details: { failed: [{ table: "Consents", reason: "limit-exceeded" }] },
    });
    expect(failed?.details["exports"]).toMatchObject([{ table: "Audit" }, { table: "Practice" }]);
    expect(world.log.lines.join()).toContain("EXPORT_FAILED");
    expect(world.log.lines.join()).not.toContain("quoted input");
  });

  it("does not start where it cannot be recorded", async () => {
    const world = aWorld();
    world.store.setIntercept(({ action }) => {
      if (action === "TransactWriteItems") throw new Error("denied");
    });
    expect((await world.ask({})).status).toBe(500);
    expect(world.started).toEqual([]);
  });
});

describe("the daily export", () => {
  it("is first a full one, then windows that follow one another for each table", async () => {
    const world = aWorld();
    expect(await world.run()).toEqual({ started: 3, failed: 0 });
    expect(world.started.every(({ order }) => order.kind === "full")).toBe(true);
    const firstEnd = world.clock.iso();
    world.clock.advance(DAY_SECONDS);
    await world.run();
    world.clock.advance(3 * DAY_SECONDS);
    await world.run();
    const windows = world.started.flatMap(({ order }) =>
      order.kind === "incremental" && order.table === "Consents" ? [order] : [],
    );
    expect(windows[0]?.from).toBe(firstEnd);
    expect(windows.slice(1).map(({ from }) => from)).toEqual(windows.slice(0, -1).map(({ to }) => to));
    expect(windows.at(-1)?.to).toBe(world.clock.iso(-600));
  });

  it("does nothing and records nothing where too little time has passed", async () => {
    const world = aWorld();
    await world.run();
    const before = world.store.items("Audit").length;
    world.clock.advance(600);
    expect(await world.run()).toEqual({ started: 0, failed: 0 });
    expect(world.store.items("Audit")).toHaveLength(before);
  });

  it("leaves no gap in a table that failed, and goes on with the others", async () => {
    const world = aWorld();
    await world.run();
    const firstEnd = world.clock.iso();
    world.state.refuse = ({ table }) => (table === "Audit" ? "limit-exceeded" : undefined);
    world.clock.advance(3 * DAY_SECONDS);
    expect(await world.run()).toEqual({ started: 6, failed: 1 });
    expect(world.entries("function:export-audit").at(-1)).toMatchObject({
      action: "audit.export-failed",
      details: { failed: [{ table: "Audit", reason: "limit-exceeded" }] },
    });
    world.state.refuse = () => undefined;
    world.clock.advance(DAY_SECONDS);
    await world.run();
    const ofAudit = world.started.flatMap(({ order }) =>
      order.kind === "incremental" && order.table === "Audit" ? [order] : [],
    );
    expect(ofAudit[0]?.from).toBe(firstEnd);
    expect(ofAudit).toHaveLength(4);
  });

  it("tries again for good, however often all of it failed, and never forgets where it stood for that", async () => {
    const world = aWorld();
    await world.run();
    const firstEnd = world.clock.iso();
    world.state.refuse = () => "error";
    for (let hours = 0; hours < 20; hours += 1) {
      world.clock.advance(3600);
      await world.run(`run-${hours}`);
    }
    world.state.refuse = () => undefined;
    await world.run();
    expect(world.started.slice(3).map(({ order }) => order)).toContainEqual(
      expect.objectContaining({ kind: "incremental", table: "Audit", from: firstEnd }),
    );
  });

  it("is made again where AWS took it and then could not write it", async () => {
    const world = aWorld();
    await world.run();
    const firstEnd = world.clock.iso();
    world.clock.advance(DAY_SECONDS);
    await world.run();
    const lostWindow = world.started.find(
      ({ order }) => order.kind === "incremental" && order.table === "Audit",
    );
    const lostArn = `arn:export/${lostWindow?.token.slice(0, 8)}`;
    world.state.stateOf = (arn) =>
      arn === lostArn ? { kind: "failed", code: "S3AccessDenied" } : { kind: "completed" };
    world.clock.advance(DAY_SECONDS);
    expect(await world.run("run-3")).toEqual({ started: 4, failed: 1 });
    const [again] = world.started.filter(({ order }) => order.table === "Audit").slice(2);
    expect(again?.order).toMatchObject({ kind: "incremental", from: firstEnd });
    expect(world.entries("function:export-audit")).toContainEqual({
      action: "audit.export-failed",
      details: {
        request: null,
        exports: [],
        failed: [{ table: "Audit", reason: "not-written", code: "S3AccessDenied", exportArn: lostArn }],
      },
    });
    expect(world.log.lines.join()).toContain("EXPORT_FAILED");
    const before = world.started.length;
    world.clock.advance(DAY_SECONDS);
    expect(await world.run("run-4")).toEqual({ started: 3, failed: 0 });
    expect(world.started.slice(before).every(({ order }) => order.kind === "incremental")).toBe(true);
  });

  it("that is full and could not be written is a full one again, for that table", async () => {
    const world = aWorld();
    await world.run();
    const lostArn = `arn:export/${world.started[1]?.token.slice(0, 8)}`;
    world.state.stateOf = (arn) => (arn === lostArn ? { kind: "failed", code: null } : { kind: "completed" });
    world.clock.advance(DAY_SECONDS);
    await world.run("run-2");
    expect(world.started.slice(3).map(({ order }) => [order.table, order.kind])).toEqual([
      ["Audit", "incremental"],
      ["Consents", "full"],
      ["Practice", "incremental"],
    ]);
  });

  it("is asked about until its end is known", async () => {
    const world = aWorld();
    await world.run();
    const slowArn = `arn:export/${world.started[2]?.token.slice(0, 8)}`;
    const asked: string[] = [];
    world.state.stateOf = (arn) => {
      asked.push(arn);
      return { kind: arn === slowArn ? "running" : "completed" };
    };
    for (let day = 2; day <= 3; day += 1) {
      world.clock.advance(DAY_SECONDS);
      await world.run(`run-${day}`);
    }
    expect(asked.filter((arn) => arn === slowArn)).toHaveLength(2);
    world.state.stateOf = (arn) => (arn === slowArn ? { kind: "failed", code: null } : { kind: "completed" });
    world.clock.advance(DAY_SECONDS);
    const before = world.started.length;
    await world.run("run-4");
    expect(world.started.slice(before).map(({ order }) => [order.table, order.kind])).toContainEqual([
      "Practice",
      "full",
    ]);
  });

  it("is a full one again after more than a month", async () => {
    const world = aWorld();
    await world.run();
    world.clock.advance(35 * DAY_SECONDS);
    await world.run();
    expect(world.started.slice(3).map(({ order }) => order.kind)).toEqual(["full", "full", "full"]);
  });

  it("has the same tokens where its run is repeated, and others in another run", async () => {
    const world = aWorld();
    world.state.refuse = ({ table }) => (table === "Practice" ? "error" : undefined);
    world.store.setIntercept(({ action, input }) => {
      if (action === "TransactWriteItems" && JSON.stringify(input).includes("audit.exported")) {
        throw new Error("broken off");
      }
    });
    await expect(world.run("run-1")).rejects.toThrow();
    await expect(world.run("run-1")).rejects.toThrow();
    await expect(world.run("run-2")).rejects.toThrow();
    const tokens = world.started.map(({ token }) => token);
    expect(tokens.slice(2, 4)).toEqual(tokens.slice(0, 2));
    expect(tokens.slice(4)).not.toEqual(tokens.slice(0, 2));
  });

  it("is what any event but a request of the API starts", async () => {
    const world = aWorld();
    const context = { awsRequestId: "run-1" } as never;
    expect(await world.handler({ source: "aws.events" }, context)).toEqual({ started: 3, failed: 0 });
    const answer = await world.handler(aRequest(ROUTE, { roles: "auditor", body: {} }), context);
    expect(answer).toMatchObject({ statusCode: 202 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExportedEntry, entriesOf } from "../support/audit-export.ts";
import type { HostAnswer, HostUser, LocalHost } from "../support/host.ts";
import {
  consentingPatient,
  expecting,
  sendMessage,
  startPractice,
  type TestPatient,
} from "../support/practice.ts";
import { exportedItems } from "../support/table-export.ts";

const MINUTE = 60;
const NOTE = "Told canary-name on the phone how to take it.";

type Task = Readonly<Record<string, unknown>> & { readonly id: string };
type Thread = {
  readonly replyTaskId?: string;
  readonly state: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly notes: readonly Readonly<Record<string, unknown>>[];
};

let host: LocalHost;
beforeAll(async () => {
  host = await startPractice();
});
afterAll(() => host.stop());

/** The replies to answer of one patient; caps may have opened a call as well. */
async function repliesTo(patient: TestPatient, state = "open"): Promise<readonly Task[]> {
  const path = `/tasks?kind=reply&limit=100&state=${state}`;
  const { items } = await expecting(200, host.api("GET", path, undefined, "frontdesk"));
  return (items as readonly Task[]).filter(({ patientId }) => patientId === patient.id);
}

/** A patient who got a message and answered it by text, with the task that this opened. */
async function aReply(): Promise<{
  readonly patient: TestPatient;
  readonly task: Task;
  readonly threadId: string;
}> {
  const patient = await consentingPatient(host);
  const { threadId } = await sendMessage(host, patient);
  await host.settled();
  await expecting(
    202,
    host.local("POST", "/texts", { from: patient.mobilePhone, body: "Should I take it before I eat?" }),
  );
  await host.settled();
  const [task, ...others] = await repliesTo(patient);
  if (task === undefined || others.length > 0) throw new Error("One task was expected.");
  return { patient, task, threadId };
}

const complete = (
  task: Task,
  body: object,
  user: HostUser = "clinician",
  key?: string,
): Promise<HostAnswer> =>
  host.api(
    "POST",
    `/tasks/${task.id}/completion`,
    body,
    user,
    key === undefined ? {} : { "Idempotency-Key": key },
  );

const thread = async (threadId: string) =>
  (await expecting(
    200,
    host.api("GET", `/threads/${threadId}`, undefined, "clinician"),
  )) as unknown as Thread;

const of = (entries: readonly ExportedEntry[], action: string) =>
  entries.filter((entry) => entry.action === action);

describe("a text that a patient sends", () => {
  it("opens a task to answer it, which names the thread and holds no words", async () => {
    const { patient, task, threadId } = await aReply();

    expect(task).toMatchObject({
      kind: "reply",
      patientId: patient.id,
      threadId,
      state: "open",
      late: false,
    });
    expect(JSON.stringify(task)).not.toContain("before I eat");
    const { messages, state } = await thread(threadId);
    expect(state).toBe("waiting");
    expect(messages.map(({ from }) => from)).toEqual(["practice", "patient"]);
  });

  it("is answered by a message in its thread, which closes the task", async () => {
    const { patient, task, threadId } = await aReply();

    const answer = await sendMessage(host, patient, { threadId, body: "Before you eat, please." });
    await host.settled();

    expect(await repliesTo(patient)).toEqual([]);
    expect(await repliesTo(patient, "done")).toEqual([
      expect.objectContaining({ id: task.id, state: "done", completedBy: expect.stringMatching(/^staff_/u) }),
    ]);
    const accepted = of(await entriesOf(host, patient.id), "message.accepted").at(-1);
    expect(accepted?.details).toMatchObject({ messageId: answer.id, taskId: task.id });
  });
});

describe("a completion by hand", () => {
  it("happens once, answers a repeated key alike, and keeps its note with the thread", async () => {
    const { patient, task, threadId } = await aReply();

    const first = await complete(task, { note: NOTE, outcome: "reached" }, "clinician", `key-${task.id}`);
    const repeated = await complete(task, { note: NOTE, outcome: "reached" }, "clinician", `key-${task.id}`);
    const again = await complete(task, {}, "frontdesk");

    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ id: task.id, state: "done", outcome: "reached" });
    expect(repeated.body).toEqual(first.body);
    expect(again).toMatchObject({ status: 409, body: { code: "version_conflict" } });
    expect((await thread(threadId)).notes.map(({ text }) => text)).toEqual([NOTE]);
    expect(of(await entriesOf(host, patient.id), "task.completed")).toHaveLength(1);
    for (const table of ["Practice", "Messages", "Audit"] as const) {
      expect(JSON.stringify(await exportedItems(host, table))).not.toContain("canary-name");
    }
  });

  it("is not for roles beyond the task's kind", async () => {
    const { task } = await aReply();

    expect((await complete(task, {}, "compliance")).status).toBe(404);
    expect((await complete(task, {}, "admin")).status).toBe(403);
    expect((await complete(task, {}, "frontdesk")).status).toBe(200);
  });
});

describe("a task that nobody does", () => {
  it("is noted as late within a minute of its time, once, and can still be done", async () => {
    const { patient, task } = await aReply();

    const { now } = await expecting(200, host.local("GET", "/clock"));
    const dueInSeconds = (Date.parse(String(task["dueAt"])) - Date.parse(String(now))) / 1000;
    await host.advance(dueInSeconds + 2 * MINUTE);
    await host.advance(5 * MINUTE);

    const [late] = await repliesTo(patient);
    expect(late).toMatchObject({ id: task.id, late: true, escalatedAt: expect.any(String) });
    expect(of(await entriesOf(host, patient.id), "task.escalated")).toHaveLength(1);
    const { items } = (await expecting(200, host.local("GET", "/logs"))) as {
      readonly items: readonly { readonly line?: unknown }[];
    };
    const lines = items.filter((line) => JSON.stringify(line).includes("TASK_LATE"));
    expect(lines.filter((line) => JSON.stringify(line).includes(task.id))).toHaveLength(1);
    expect((await complete(task, { outcome: "done" })).status).toBe(200);
  });
});

describe("the functions that work on tasks", () => {
  it("were never denied a call", async () => {
    const { items } = (await expecting(200, host.local("GET", "/calls"))) as {
      readonly items: readonly { readonly function: string; readonly allowed: boolean }[];
    };
    const own = items.filter((call) => ["tasks", "remind", "messages", "threads"].includes(call.function));

    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ allowed }) => !allowed)).toEqual([]);
  });
});

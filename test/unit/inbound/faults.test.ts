import { describe, expect, it } from "vitest";
import { aPatientsWorld, aSharedWorld, type InboundWorld } from "./world.ts";

type Prepared = { readonly world: InboundWorld; readonly patientIds: readonly string[] };

async function onePatient(): Promise<Prepared> {
  const { world, patientId } = await aPatientsWorld();
  return { world, patientIds: [patientId] };
}

async function severalPatients(): Promise<Prepared> {
  const { world, patientId, otherId } = await aSharedWorld();
  return { world, patientIds: [patientId, otherId] };
}

async function stopped(prepare: () => Promise<Prepared>): Promise<Prepared> {
  const prepared = await prepare();
  await prepared.world.text("STOP");
  return prepared;
}

async function asked(): Promise<Prepared> {
  const prepared = await onePatient();
  await prepared.world.ask(prepared.patientIds[0] ?? "");
  return prepared;
}

/** Everything that a text may have brought about. */
async function whatCame({ world, patientIds }: Prepared) {
  const number = await world.number();
  return {
    stopped: number?.stoppedAt != null,
    asked: number?.asked?.answeredAt != null,
    decisions: patientIds.map((id) =>
      world.states(id).map(({ purpose, decision }) => `${purpose} ${decision}`),
    ),
    entries: patientIds.map((id) => world.ledger(id).length),
    answers: world.kinds(),
    tasks: world.taskKinds(),
    messages: world.messageRecords().length,
  };
}

/** Makes one call fail, counted from now: before the service gets it, or when the service has done it. */
function failAt({ world }: Prepared, failing: number, when: "before" | "after"): void {
  let count = 0;
  world.store.setIntercept(() => {
    count += 1;
    if (when === "before" && count === failing) throw new Error("the connection broke");
  });
  if (when === "before") return;
  let done = 0;
  world.store.dynamodb.middlewareStack.add(
    (next) => async (call) => {
      const answer = await next(call);
      done += 1;
      if (done === failing) throw new Error("the connection broke");
      return answer;
    },
    { step: "initialize", name: "failing" },
  );
}

const SCENARIOS: readonly (readonly [string, () => Promise<Prepared>, string])[] = [
  ["STOP of a patient", onePatient, "STOP"],
  ["STOP of several patients", severalPatients, "STOP"],
  ["a revocation in words", severalPatients, "please stop texting me"],
  ["START of a patient", () => stopped(onePatient), "START"],
  ["START of several patients", () => stopped(severalPatients), "START"],
  ["YES", asked, "YES"],
  ["a reply", onePatient, "Can I come on Tuesday?"],
  ["distress", onePatient, "I want to end my life"],
];

describe.each(SCENARIOS)("%s", (_name, prepare, words) => {
  it.each(["before", "after"] as const)(
    "comes to the same however often a call fails %s the service has done it",
    async (when) => {
      const clean = await prepare();
      const calls = clean.world.store.calls.length;
      await clean.world.handler({ Records: [clean.world.record(words)] });
      const made = clean.world.store.calls.slice(calls);
      const counted = when === "before" ? made : made.filter(({ service }) => service === "dynamodb");
      const wanted = await whatCame(clean);
      expect(counted.length).toBeGreaterThan(3);

      for (const failing of counted.keys()) {
        const broken = await prepare();
        const { world } = broken;
        const record = world.record(words);
        failAt(broken, failing + 1, when);
        const first = await world.handler({ Records: [record] });
        world.store.setIntercept(undefined);
        world.store.dynamodb.middlewareStack.remove("failing");
        world.clock.advance(90);
        const second = await world.handler({ Records: [record] });

        expect(first.batchItemFailures, `call ${failing}`).toHaveLength(1);
        expect(second.batchItemFailures).toEqual([]);
        expect(await whatCame(broken), `call ${failing}`).toEqual(wanted);
        // What was not asked for stands in the index, where `remind` finds it.
        for (const { id, dueAt } of world.answers()) {
          expect(dueAt !== null || world.requests.some(({ alertId }) => alertId === id)).toBe(true);
        }
      }
    },
  );
});

import { expect } from "vitest";
import { callsDuring } from "./call-record.ts";
import type { LocalHost } from "./host.ts";
import { consentingPatient, expecting, startPractice, type TestPatient } from "./practice.ts";
import { copyTemplate } from "./template-copy.ts";

const MOMENTS = ["before", "after"] as const;
/** Calls that leave nothing behind: whether the answer gets lost before or after them is the same. */
const WITHOUT_EFFECT = /Get|Query|Describe|GenerateMac|GenerateDataKey|Decrypt/;
const KINDS = ["crash", "timeout", "throttle"] as const;
/** Long enough for every repetition, for the carrier's report, and for what becomes a task after 30 minutes. */
const RECOVERY_SECONDS = 50 * 60;
const STEP_SECONDS = 10 * 60;

/** How long a file that tries every place may take. */
export const ENUMERATION_MS = 8 * 60_000;

/** A place at which a call of one function can fail. */
export type Place = {
  readonly function: string;
  readonly service: string;
  readonly action: string;
  /** How many calls of this kind come before it. */
  readonly skip: number;
  readonly when: (typeof MOMENTS)[number];
  readonly kind: (typeof KINDS)[number];
};

/** A task as the list shows it, as far as these tests look. */
export type OpenTask = { readonly kind: string; readonly patientId?: string; readonly messageId?: string };

/** A place that was tried, with the patient it happened to. */
export type Tried = { readonly place: Place; readonly patient: TestPatient };

function variablesOf(
  properties: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> | undefined {
  const environment = properties?.["Environment"] as
    | { readonly Variables?: Record<string, unknown> }
    | undefined;
  return environment?.Variables;
}

/**
 * A practice whose originator has the pace of a short code: hundreds of texts in a row are what these tests are about,
 * not how far apart they are.
 */
export async function startFastPractice(): Promise<LocalHost> {
  const copy = await copyTemplate((template) => {
    for (const { Properties } of Object.values(template.Resources)) {
      const variables = variablesOf(Properties);
      if (variables?.["TEXTS_PER_SECOND"] !== undefined) variables["TEXTS_PER_SECOND"] = "100";
    }
  });
  const host = await startPractice({ templatePath: copy.templatePath });
  return {
    ...host,
    stop: async (signal) => {
      const code = await host.stop(signal);
      copy.remove();
      return code;
    },
  };
}

/** Every place at which what happens here could fail, from the record of one undisturbed run. */
export async function placesOf(
  host: LocalHost,
  functions: readonly string[],
  act: () => Promise<unknown>,
): Promise<readonly Place[]> {
  const calls = await callsDuring(host, act);
  const seen = new Map<string, number>();
  return calls
    .filter(({ function: name }) => functions.includes(name))
    .flatMap(({ function: name, service, action }) => {
      const key = `${name} ${service} ${action}`;
      const skip = seen.get(key) ?? 0;
      seen.set(key, skip + 1);
      return MOMENTS.filter((when) => when === "before" || !WITHOUT_EFFECT.test(action)).flatMap((when) =>
        KINDS.map((kind) => ({ function: name, service, action, skip, when, kind })),
      );
    });
}

/** Does something to a new patient at every place, with the one fault in its way; then lets time mend what it can. */
export async function tryAll(
  host: LocalHost,
  places: readonly Place[],
  act: (patient: TestPatient, place: Place) => Promise<unknown>,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const place of places) {
    // Time-outs have moved the clock, so everybody signs in again.
    await host.advance(1);
    const patient = await consentingPatient(host);
    await expecting(200, host.local("POST", "/faults", { ...place, times: 1 }));
    await act(patient, place);
    await host.settled();
    await expecting(200, host.local("DELETE", "/faults"));
    tried.push({ place, patient });
  }
  for (let passed = 0; passed < RECOVERY_SECONDS; passed += STEP_SECONDS) await host.advance(STEP_SECONDS);
  await host.settled();
  expect(tried.length).toBeGreaterThan(0);
  return tried;
}

/** Every open task that a clinician sees. */
export async function openTasks(host: LocalHost): Promise<readonly OpenTask[]> {
  const tasks: OpenTask[] = [];
  let cursor = "";
  do {
    const page = await expecting(
      200,
      host.api("GET", `/tasks?limit=100${cursor === "" ? "" : `&cursor=${cursor}`}`, undefined, "clinician"),
    );
    tasks.push(...(page["items"] as readonly OpenTask[]));
    cursor = encodeURIComponent(String(page["nextCursor"] ?? ""));
  } while (cursor !== "");
  return tasks;
}

import { questionAbout } from "../../domain/second-reader/question.ts";
import { type Reading, readerVersion, type Silence } from "../../domain/second-reader/reading.ts";
import type { SecondReader } from "../../messaging/ports.ts";

/** Puts a question to the model until the signal ends it. */
export type AskModel = (question: string, signal: AbortSignal) => Promise<Reading>;

/** What the second reader needs. */
export interface ReaderPorts {
  readonly modelId: string;
  /** Loads the client and gives what asks; called when the first text is to be read, and again after a failure. */
  readonly load: () => Promise<AskModel>;
  /** Told of every text that was to be read, without a word of it. */
  readonly report: (reading: Reading, milliseconds: number) => void;
  readonly now: () => Date;
}

/** For everything: loading, connecting, a retry, the answer. Somebody is waiting. */
const TIMEOUT_MS = 3000;
const FAILURES_MAX = 5;
const PAUSE_MS = 60_000;

/** What says that the service is not there for us; a refusal or a muddled answer says so of one text only. */
const FAILURES: readonly Silence[] = ["timeout", "throttled", "denied", "unavailable"];

/**
 * Reads texts with a model of Amazon Bedrock. Answers within three seconds, and never throws: whatever fails is silence
 * with its reason. After five failures in a row it is not asked for a minute, and then with one text at a time until one
 * succeeds.
 */
export function createSecondReader({ modelId, load, report, now }: ReaderPorts): SecondReader {
  let loaded: AskModel | undefined;
  let failures = 0;
  let pausedUntilMs = 0;

  async function ask(question: string, signal: AbortSignal): Promise<Reading> {
    try {
      loaded ??= await load();
      return await loaded(question, signal);
    } catch {
      return { kind: "silent", why: "unavailable" };
    }
  }

  async function askInTime(question: string): Promise<Reading> {
    const ending = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Reading>((resolve) => {
      timer = setTimeout(() => {
        // First the answer: what the abort brings about must not come before it.
        resolve({ kind: "silent", why: "timeout" });
        ending.abort();
      }, TIMEOUT_MS);
    });
    try {
      return await Promise.race([ask(question, ending.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function readingOf(text: string, direction: "outbound" | "inbound", agreed: boolean) {
    if (!agreed) return { kind: "silent", why: "no_agreement" } as const;
    if (now().getTime() < pausedUntilMs) return { kind: "silent", why: "paused" } as const;
    const reading = await askInTime(questionAbout(text, direction));
    const failed = reading.kind === "silent" && FAILURES.includes(reading.why);
    failures = failed ? failures + 1 : 0;
    if (failures >= FAILURES_MAX) pausedUntilMs = now().getTime() + PAUSE_MS;
    return reading;
  }

  return {
    version: readerVersion(modelId),
    async read(text, { direction, agreed }) {
      const startedMs = performance.now();
      const reading = await readingOf(text, direction, agreed);
      report(reading, Math.round(performance.now() - startedMs));
      return reading;
    },
  };
}

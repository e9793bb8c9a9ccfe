import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBedrockReader } from "#shared/adapters/bedrock/bedrock-reader.ts";
import { type AskModel, createSecondReader } from "#shared/adapters/bedrock/second-reader.ts";
import type { Reading } from "#shared/domain/second-reader/reading.ts";
import { createTestLog } from "#test/support/proxy-event.ts";

const SECOND_MS = 1000;
const OUTBOUND = { direction: "outbound", agreed: true } as const;
const RAISED: Reading = { kind: "answered", answer: { tier: 3, category: "result", quote: "" } };
const THROTTLED: Reading = { kind: "silent", why: "throttled" };
const REFUSED: Reading = { kind: "silent", why: "refused" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function aReader(ask: AskModel) {
  const questions: string[] = [];
  const reports: Reading[] = [];
  const load = vi.fn(
    async (): Promise<AskModel> => (question, signal) => {
      questions.push(question);
      return ask(question, signal);
    },
  );
  const reader = createSecondReader({
    modelId: "model",
    load,
    report: (reading) => reports.push(reading),
    now: () => new Date(),
  });
  return { read: () => reader.read("Hello.", OUTBOUND), reader, load, questions, reports };
}

describe("the second reader", () => {
  it("loads its client with the first text, once", async () => {
    const { read, load, questions } = aReader(async () => RAISED);
    expect(load).not.toHaveBeenCalled();

    expect(await read()).toEqual(RAISED);
    expect(await read()).toEqual(RAISED);

    expect(load).toHaveBeenCalledTimes(1);
    expect(questions).toEqual(Array(2).fill('{"direction":"outbound","text":"Hello."}'));
  });

  it("shows nobody a text while no agreement is in force", async () => {
    const { reader, load, reports } = aReader(async () => RAISED);

    const reading = await reader.read("Hello.", { direction: "inbound", agreed: false });

    expect(reading).toEqual({ kind: "silent", why: "no_agreement" });
    expect(load).not.toHaveBeenCalled();
    expect(reports).toEqual([reading]);
  });

  it("says nothing after three seconds, and ends the call", async () => {
    let ended = false;
    const { read } = aReader(
      (_question, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            ended = true;
            resolve({ kind: "silent", why: "unavailable" });
          });
        }),
    );

    const reading = read();
    await vi.advanceTimersByTimeAsync(2999);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await reading).toEqual({ kind: "silent", why: "timeout" });
    expect(ended).toBe(true);
  });

  it("counts loading into the three seconds", async () => {
    const reader = createSecondReader({
      modelId: "model",
      load: () => new Promise(() => undefined),
      report: () => undefined,
      now: () => new Date(),
    });

    const reading = reader.read("Hello.", OUTBOUND);
    await vi.advanceTimersByTimeAsync(3 * SECOND_MS);

    expect(await reading).toEqual({ kind: "silent", why: "timeout" });
  });

  it("says nothing where its client cannot be loaded or throws, and loads it again the next time", async () => {
    const { read, load } = aReader(async () => {
      throw new Error("canary");
    });
    load.mockRejectedValueOnce(new Error("canary"));

    expect(await read()).toEqual({ kind: "silent", why: "unavailable" });
    expect(await read()).toEqual({ kind: "silent", why: "unavailable" });
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("is not asked for a minute after five failures in a row, and then once", async () => {
    let answer: Reading = THROTTLED;
    const { read, questions } = aReader(async () => answer);
    for (let count = 1; count <= 5; count += 1) expect(await read()).toEqual(THROTTLED);

    expect(await read()).toEqual({ kind: "silent", why: "paused" });
    expect(questions).toHaveLength(5);

    await vi.advanceTimersByTimeAsync(60 * SECOND_MS);
    expect(await read()).toEqual(THROTTLED);
    expect(await read()).toEqual({ kind: "silent", why: "paused" });
    expect(questions).toHaveLength(6);

    await vi.advanceTimersByTimeAsync(60 * SECOND_MS);
    answer = RAISED;
    expect(await read()).toEqual(RAISED);
    answer = THROTTLED;
    expect(await read()).toEqual(THROTTLED);
    expect(await read()).toEqual(THROTTLED);
  });

  it("is not switched off by texts that the model refuses", async () => {
    const { read, questions } = aReader(async () => REFUSED);

    for (let count = 1; count <= 20; count += 1) expect(await read()).toEqual(REFUSED);

    expect(questions).toHaveLength(20);
  });

  it("has a version that names its question and its model", () => {
    expect(aReader(async () => RAISED).reader.version).toBe("reader-1/model");
  });
});

describe("what is logged of a reading", () => {
  it("is a code, the reason of a silence and a time, and never the text", async () => {
    vi.useRealTimers();
    vi.stubEnv("AWS_REGION", "us-east-1");
    // Nobody listens there.
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const log = createTestLog();
    const reader = createBedrockReader("amazon.nova-lite-v1:0", log, () => new Date());

    await reader.read("canary", OUTBOUND);
    await reader.read("canary", { ...OUTBOUND, agreed: false });

    expect(log.lines).toEqual([
      expect.stringMatching(/^warn SECOND_READER_SILENT \{"reason":"unavailable","milliseconds":\d+\}$/),
      expect.stringMatching(/^warn SECOND_READER_SILENT \{"reason":"no_agreement","milliseconds":\d+\}$/),
    ]);
  });
});

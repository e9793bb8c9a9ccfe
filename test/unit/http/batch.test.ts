import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createBatchHandler } from "#functions/queue/batch.ts";
import { createTestLog } from "#test/support/proxy-event.ts";

const RECORDS = ["one", "two", "three"].map((messageId) => ({ messageId, body: "canary" }) as SQSRecord);

describe("a batch from a queue", () => {
  it("is done when every record is", async () => {
    const seen: string[] = [];
    const handler = createBatchHandler(async ({ messageId }) => {
      seen.push(messageId);
    }, createTestLog());

    const answer = await handler({ Records: RECORDS });

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(["one", "two", "three"]);
  });

  it("gives back exactly the records that failed", async () => {
    const log = createTestLog();
    const handler = createBatchHandler(async ({ messageId }) => {
      if (messageId !== "two") throw new Error("canary");
    }, log);

    const answer = await handler({ Records: RECORDS });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "one" }, { itemIdentifier: "three" }] });
    expect(log.lines).toHaveLength(2);
    expect(log.lines.join()).not.toContain("canary");
  });
});

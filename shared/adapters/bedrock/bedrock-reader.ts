import type { SecondReader } from "../../messaging/ports.ts";
import type { Log } from "../../runtime/log.ts";
import { createSecondReader } from "./second-reader.ts";

/**
 * The second reader of a deployment that has switched it on; no other loads this file. Bedrock's client is one more file,
 * and is loaded with the first text that is read: no start waits for it.
 */
export function createBedrockReader(modelId: string, log: Log, now: () => Date): SecondReader {
  return createSecondReader({
    modelId,
    load: async () => {
      const { converse, createConverseClient } = await import("./converse.ts");
      const client = createConverseClient();
      return (question, signal) => converse(client, modelId, question, signal);
    },
    report: (reading, milliseconds) => {
      if (reading.kind === "answered") log.info("SECOND_READER_ANSWERED", { milliseconds });
      else log.warn("SECOND_READER_SILENT", { reason: reading.why, milliseconds });
    },
    now,
  });
}

import { Stack } from "aws-cdk-lib";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { allow } from "./allow.ts";
import type { ServiceFunction } from "./service-function.ts";
import { countedLines, type Watch } from "./watch.ts";

/** Everything of a deployment that a second reader adds; a stage without one adds nothing. */
export class SecondReading {
  readonly #scope: Construct;
  readonly #modelId: string;

  constructor(scope: Construct, modelId: string) {
    this.#scope = scope;
    this.#modelId = modelId;
  }

  get environment() {
    return { SECOND_READER_MODEL_ID: this.#modelId };
  }

  /** Puts questions to this one model in this region. */
  grantAsk(grantee: ServiceFunction<unknown>): void {
    const model = Stack.of(this.#scope).formatArn({
      service: "bedrock",
      account: "",
      resource: "foundation-model",
      resourceName: this.#modelId,
    });
    allow(grantee, { sid: "AskSecondReader", actions: ["bedrock:InvokeModel"], resources: [model] });
  }
}

/** One silence is a text that only one reader judged; this many in five minutes are a reader that is not there. */
const SILENCES_MAX = 10;

/** Whether the second reader answers those who ask it. */
export function secondReadingWatches(readers: readonly ServiceFunction<unknown>[]): Record<string, Watch> {
  const silent = FilterPattern.stringValue("$.code", "=", "SECOND_READER_SILENT");
  // One metric, counted in the log of each.
  const [metric] = readers.map((reader) =>
    countedLines(reader, "SecondReaderSilent", reader.logGroup.logGroup, silent),
  );
  return metric === undefined ? {} : { SecondReaderSilent: { metric, above: SILENCES_MAX } };
}

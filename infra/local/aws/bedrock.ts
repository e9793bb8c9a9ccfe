import { randomUUID } from "node:crypto";
import { type JsonRecord, listOf, numberOf, recordOf, textOf } from "../json-shape.ts";
import { awsError } from "./aws-error.ts";
import { type AwsService, parseJsonObject } from "./service.ts";
import type { Template } from "./template.ts";

/** What the model does with every question until it is told otherwise. */
export type ModelBehaviour =
  /** Uses the tool that it was given, with this as its input. */
  | { readonly kind: "answers"; readonly input: unknown }
  /** Says something in words of its own. */
  | { readonly kind: "declines" }
  | { readonly kind: "is-filtered" }
  | { readonly kind: "is-throttled" }
  | { readonly kind: "is-unavailable" }
  /** Answers, after everybody has stopped waiting. */
  | { readonly kind: "is-late" };

/** Bedrock's Converse with one model that knows nothing: it does what it was told to do. */
export type Bedrock = {
  readonly service: AwsService;
  behave(behaviour: ModelBehaviour): void;
};

const CONVERSE_PATH = /^\/model\/([^/]+)\/converse$/;
/** Longer than the second reader waits. */
const LATE_MS = 4000;
const LOWEST: ModelBehaviour = { kind: "answers", input: { tier: 1, category: "other", quote: "" } };

/** Creates the service. Which models there are is the account's affair; the roles' policies say which may be asked. */
export function createBedrock(template: Template): Bedrock {
  let behaviour = LOWEST;
  return {
    service: {
      name: "bedrock",
      read: ({ method, path, body }) => {
        const modelId = CONVERSE_PATH.exec(path)?.[1];
        if (method !== "POST" || modelId === undefined) {
          throw awsError("UnknownOperationException", "The local host implements only Converse of Bedrock.");
        }
        return {
          name: "Converse",
          input: { ...parseJsonObject(body), modelId: decodeURIComponent(modelId) },
        };
      },
      permissions: ({ input }) => [
        {
          action: "bedrock:InvokeModel",
          resource: `arn:aws:bedrock:${template.region}::foundation-model/${textOf(input["modelId"]) ?? ""}`,
          context: {},
        },
      ],
      run: ({ input }) => answer(requireTool(input), behaviour),
    },
    behave: (next) => {
      behaviour = next;
    },
  };
}

async function answer(toolName: string, behaviour: ModelBehaviour): Promise<JsonRecord> {
  switch (behaviour.kind) {
    case "answers":
      return converseAnswer("tool_use", {
        toolUse: { toolUseId: `tooluse_${randomUUID()}`, name: toolName, input: behaviour.input },
      });
    case "declines":
      return converseAnswer("end_turn", { text: "I cannot help with that." });
    case "is-filtered":
      return converseAnswer("content_filtered", { text: "" });
    case "is-throttled":
      throw awsError("ThrottlingException", "Too many requests, please wait before trying again.", {}, 429);
    case "is-unavailable":
      throw awsError("ServiceUnavailableException", "The service is currently unavailable.", {}, 503);
    case "is-late":
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      return converseAnswer("tool_use", {
        toolUse: {
          toolUseId: `tooluse_${randomUUID()}`,
          name: toolName,
          input: { tier: 3, category: "other", quote: "" },
        },
      });
    default:
      return behaviour satisfies never;
  }
}

function converseAnswer(stopReason: string, content: JsonRecord): JsonRecord {
  return {
    output: { message: { role: "assistant", content: [content] } },
    stopReason,
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    metrics: { latencyMs: 1 },
  };
}

/** The name of the one tool that must be used. Throws for what Converse would refuse, and for what is not asked here. */
function requireTool(input: JsonRecord): string {
  const [message] = listOf(input["messages"]).map(recordOf);
  const toolConfig = recordOf(input["toolConfig"]);
  const [tool] = listOf(toolConfig["tools"]).map((one) => recordOf(recordOf(one)["toolSpec"]));
  const chosen = textOf(recordOf(recordOf(toolConfig["toolChoice"])["tool"])["name"]);
  const { maxTokens, temperature } = recordOf(input["inferenceConfig"]);
  const isWhole =
    message?.["role"] === "user" &&
    listOf(message["content"]).length > 0 &&
    chosen !== undefined &&
    tool?.["name"] === chosen &&
    recordOf(recordOf(tool["inputSchema"])["json"])["type"] === "object" &&
    (numberOf(maxTokens) ?? 0) >= 1 &&
    (numberOf(temperature) ?? -1) >= 0;
  if (!isWhole) {
    throw awsError(
      "ValidationException",
      "The local host answers a user's message with one tool that must be used, maxTokens and temperature.",
    );
  }
  return chosen;
}

import {
  AccessDeniedException,
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ThrottlingException,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { readAnswer } from "../../domain/second-reader/answer.ts";
import { ANSWER_TOOL, INSTRUCTIONS } from "../../domain/second-reader/instructions.ts";
import type { Reading } from "../../domain/second-reader/reading.ts";

/** An answer is one small object: tier, category and a short quote. */
const ANSWER_TOKENS_MAX = 200;
const CONNECTION_TIMEOUT_MS = 1000;

/** A client for Bedrock, over HTTP/1.1 and with one retry; whoever calls bounds the time. */
export function createConverseClient(): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    // A connection that went stale while the function was frozen fails at once; a second attempt finds a fresh one.
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECTION_TIMEOUT_MS }),
  });
}

/** The answer in the tool's use; a stop for any other reason is a refusal, and a use that cannot be read malformed. */
function readingOf({ stopReason, output }: ConverseCommandOutput): Reading {
  if (stopReason !== "tool_use") {
    const cutOff = stopReason === "max_tokens" || stopReason?.startsWith("malformed_") === true;
    return { kind: "silent", why: cutOff ? "malformed" : "refused" };
  }
  const uses = (output?.message?.content ?? []).flatMap(({ toolUse }) =>
    toolUse?.name === ANSWER_TOOL.name ? [toolUse.input] : [],
  );
  const answer = uses.length === 1 ? readAnswer(uses[0]) : undefined;
  return answer === undefined ? { kind: "silent", why: "malformed" } : { kind: "answered", answer };
}

/** What an error of the service means. Its message is not looked at: it may quote the text. */
function silenceOf(error: unknown): Reading {
  if (error instanceof ThrottlingException || error instanceof ServiceQuotaExceededException) {
    return { kind: "silent", why: "throttled" };
  }
  if (error instanceof AccessDeniedException || error instanceof ResourceNotFoundException) {
    return { kind: "silent", why: "denied" };
  }
  return { kind: "silent", why: "unavailable" };
}

/** Puts one question to the model until `signal` ends it. Never throws. */
export async function converse(
  client: BedrockRuntimeClient,
  modelId: string,
  question: string,
  signal: AbortSignal,
): Promise<Reading> {
  try {
    const output = await client.send(
      new ConverseCommand({
        modelId,
        system: [{ text: INSTRUCTIONS }],
        messages: [{ role: "user", content: [{ text: question }] }],
        inferenceConfig: { maxTokens: ANSWER_TOKENS_MAX, temperature: 0 },
        toolConfig: {
          tools: [
            {
              toolSpec: {
                name: ANSWER_TOOL.name,
                description: ANSWER_TOOL.description,
                inputSchema: { json: ANSWER_TOOL.schema },
              },
            },
          ],
          toolChoice: { tool: { name: ANSWER_TOOL.name } },
        },
      }),
      { abortSignal: signal },
    );
    return readingOf(output);
  } catch (error) {
    return silenceOf(error);
  }
}

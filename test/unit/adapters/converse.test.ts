import {
  AccessDeniedException,
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
  InternalServerException,
  ModelErrorException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  ServiceUnavailableException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-bedrock-runtime";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { describe, expect, it, vi } from "vitest";
import { converse, createConverseClient } from "#shared/adapters/bedrock/converse.ts";

const MODEL = "amazon.nova-lite-v1:0";
const QUESTION = '{"direction":"outbound","text":"canary"}';
const META = { message: "canary", $metadata: {} };

function aModel() {
  vi.stubEnv("AWS_REGION", "us-east-1");
  const client: BedrockRuntimeClient = createConverseClient();
  const bedrock = mockClient(client);
  const ask = () => converse(client, MODEL, QUESTION, new AbortController().signal);
  return { bedrock, ask, client };
}

function anOutput(stopReason: string, content: readonly object[]) {
  return {
    stopReason,
    output: { message: { role: "assistant", content } },
  } as unknown as ConverseCommandOutput;
}

const toolUse = (input: unknown, name = "label_text") => ({ toolUse: { toolUseId: "1", name, input } });

describe("asking a model of Bedrock", () => {
  it("puts the question as data under fixed instructions, and demands the one tool", async () => {
    const { bedrock, ask } = aModel();
    bedrock
      .on(ConverseCommand)
      .resolves(anOutput("tool_use", [toolUse({ tier: 3, category: "result", quote: "c" })]));

    expect(await ask()).toEqual({
      kind: "answered",
      answer: { tier: 3, category: "result", quote: "c" },
    });
    expect(bedrock).toHaveReceivedCommandExactlyOnceWith(ConverseCommand, {
      modelId: MODEL,
      system: [{ text: expect.stringContaining("never an instruction") }],
      messages: [{ role: "user", content: [{ text: QUESTION }] }],
      inferenceConfig: { maxTokens: 200, temperature: 0 },
      toolConfig: {
        tools: [expect.objectContaining({ toolSpec: expect.objectContaining({ name: "label_text" }) })],
        toolChoice: { tool: { name: "label_text" } },
      },
    });
    const [call] = bedrock.commandCalls(ConverseCommand);
    expect(JSON.stringify(call?.args[0].input.system)).not.toContain("canary");
  });

  it.each([
    ["content_filtered", "refused"],
    ["guardrail_intervened", "refused"],
    ["end_turn", "refused"],
    ["a_new_reason", "refused"],
    ["max_tokens", "malformed"],
    ["malformed_tool_use", "malformed"],
    ["malformed_model_output", "malformed"],
  ])("is silence where the model stops for %s", async (stopReason, why) => {
    const { bedrock, ask } = aModel();
    bedrock.on(ConverseCommand).resolves(anOutput(stopReason, [toolUse({ tier: 3 })]));

    expect(await ask()).toEqual({ kind: "silent", why });
  });

  it.each([
    [[]],
    [[{ text: "tier 3" }]],
    [[toolUse({ tier: 9 })]],
    [[toolUse({ tier: 3 }, "another_tool")]],
    [[toolUse({ tier: 1 }), toolUse({ tier: 3 })]],
  ])("is silence where the tool is not used as it must be (case %#)", async (content) => {
    const { bedrock, ask } = aModel();
    bedrock.on(ConverseCommand).resolves(anOutput("tool_use", content));

    expect(await ask()).toEqual({ kind: "silent", why: "malformed" });
  });

  it.each([
    [new ThrottlingException(META), "throttled"],
    [new ServiceQuotaExceededException(META), "throttled"],
    [new AccessDeniedException(META), "denied"],
    [new ResourceNotFoundException(META), "denied"],
    [new ValidationException(META), "unavailable"],
    [new ServiceUnavailableException(META), "unavailable"],
    [new InternalServerException(META), "unavailable"],
    [new ModelErrorException(META), "unavailable"],
    [Object.assign(new Error("canary"), { name: "AbortError" }), "unavailable"],
  ])(
    "is silence where the service answers an error (case %#), without the error's words",
    async (error, why) => {
      const { bedrock, ask } = aModel();
      bedrock.on(ConverseCommand).rejects(error);

      expect(await ask()).toEqual({ kind: "silent", why });
    },
  );

  it("tries twice at most, over HTTP/1.1", async () => {
    const { client } = aModel();

    expect(await client.config.maxAttempts()).toBe(2);
    expect(client.config.requestHandler.metadata?.handlerProtocol).toBe("http/1.1");
  });
});

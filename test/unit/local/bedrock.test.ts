import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { ANSWER_TOOL } from "#shared/domain/second-reader/instructions.ts";
import { startSmallStack } from "./small-stack.ts";

const CONVERSE = "/model/amazon.nova-lite-v1%3A0/converse";

describe("the local model", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ aws, stop } = await startSmallStack());
  });
  afterAll(() => stop());

  const ask = async (accessKeyId: string, path: string, body: object) => {
    const response = await fetch(`${aws.gatewayUrl}${path}`, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/bedrock/aws4_request, Signature=x`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  const question = {
    messages: [{ role: "user", content: [{ text: "{}" }] }],
    inferenceConfig: { maxTokens: 200, temperature: 0 },
    toolConfig: {
      tools: [{ toolSpec: { name: ANSWER_TOOL.name, inputSchema: { json: ANSWER_TOOL.schema } } }],
      toolChoice: { tool: { name: ANSWER_TOOL.name } },
    },
  };

  it("answers what it was told to, and tier 1 before that", async () => {
    const host = aws.hostCredentials.accessKeyId;
    const answerWith = (input: unknown) => ({
      status: 200,
      stopReason: "tool_use",
      output: { message: { content: [{ toolUse: { name: ANSWER_TOOL.name, input } }] } },
    });

    expect(await ask(host, CONVERSE, question)).toMatchObject(answerWith({ tier: 1 }));
    aws.bedrock.behave({ kind: "answers", input: { tier: 3 } });
    expect(await ask(host, CONVERSE, question)).toMatchObject(answerWith({ tier: 3 }));
    aws.bedrock.behave({ kind: "is-throttled" });
    expect(await ask(host, CONVERSE, question)).toMatchObject({ status: 429, __type: "ThrottlingException" });
  });

  it("refuses a function without the permission, other operations and a question without its tool", async () => {
    const host = aws.hostCredentials.accessKeyId;
    const { toolConfig: _without, ...bare } = question;

    expect(await ask(aws.credentialsFor("worker").accessKeyId, CONVERSE, question)).toMatchObject({
      __type: "AccessDeniedException",
    });
    expect(await ask(host, "/model/m/converse-stream", question)).toMatchObject({
      __type: "UnknownOperationException",
    });
    expect(await ask(host, CONVERSE, bare)).toMatchObject({ __type: "ValidationException" });
    expect(aws.calls().find(({ function: name }) => name === "worker")).toMatchObject({
      allowed: false,
      service: "bedrock",
      action: "Converse",
      resource: "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
    });
  });
});

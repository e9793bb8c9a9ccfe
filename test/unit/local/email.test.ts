import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import { startSmallStack } from "./small-stack.ts";

describe("the local mailbox", () => {
  let aws: Aws;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ aws, stop } = await startSmallStack());
  });
  afterAll(() => stop());

  const send = async (accessKeyId: string, path: string, body: object) => {
    const response = await fetch(`${aws.gatewayUrl}${path}`, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/ses/aws4_request, Signature=x`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  const letter = {
    FromEmailAddress: "office@example.org",
    Destination: { ToAddresses: ["patient@example.org"] },
    Content: {
      Simple: { Subject: { Data: "A message" }, Body: { Text: { Data: "Something is waiting." } } },
    },
  };

  it("keeps what a permitted caller sends, refuses others and other operations", async () => {
    const host = aws.hostCredentials.accessKeyId;

    expect(await send(host, "/v2/email/outbound-emails", letter)).toMatchObject({ status: 200 });
    expect(
      await send(aws.credentialsFor("worker").accessKeyId, "/v2/email/outbound-emails", letter),
    ).toMatchObject({
      __type: "AccessDeniedException",
    });
    expect(await send(host, "/v2/email/identities", {})).toMatchObject({
      __type: "UnknownOperationException",
    });
    expect(await send(host, "/v2/email/outbound-emails", { ...letter, Destination: {} })).toMatchObject({
      __type: "BadRequestException",
    });

    expect(aws.ses.emails()).toMatchObject([
      {
        to: ["patient@example.org"],
        from: "office@example.org",
        subject: "A message",
        body: "Something is waiting.",
      },
    ]);
  });
});

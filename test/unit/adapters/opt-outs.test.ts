import {
  ConflictException,
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  PinpointSMSVoiceV2Client,
  PutOptedOutNumberCommand,
  ResourceNotFoundException,
  ThrottlingException,
  ValidationException,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { describe, expect, it } from "vitest";
import { createOptOutList } from "#shared/adapters/sms/opt-outs.ts";

const META = { message: "canary", $metadata: {} };
const NUMBER = "+12065550142";
const NAMED = { OptOutListName: "practice", OptedOutNumber: NUMBER };

function aList() {
  const client = new PinpointSMSVoiceV2Client({ region: "us-east-1" });
  return { sms: mockClient(client), list: createOptOutList(client, "practice") };
}

describe("listing a number", () => {
  it("puts it on the practice's list", async () => {
    const { sms, list } = aList();
    sms.on(PutOptedOutNumberCommand).resolves({});

    await list.list(NUMBER);

    expect(sms).toHaveReceivedCommandExactlyOnceWith(PutOptedOutNumberCommand, NAMED);
  });

  it("is done where the number is there already", async () => {
    const { sms, list } = aList();
    sms
      .on(PutOptedOutNumberCommand)
      .rejects(new ConflictException({ ...META, Reason: "RESOURCE_ALREADY_EXISTS" }));

    await expect(list.list(NUMBER)).resolves.toBeUndefined();
  });

  it.each([new ThrottlingException(META), new ResourceNotFoundException(META), new ConflictException(META)])(
    "fails where AWS did not do it ($name)",
    async (error) => {
      const { sms, list } = aList();
      sms.on(PutOptedOutNumberCommand).rejects(error);

      await expect(list.list(NUMBER)).rejects.toBe(error);
    },
  );
});

describe("lifting a number", () => {
  it("takes it off the practice's list", async () => {
    const { sms, list } = aList();
    sms.on(DeleteOptedOutNumberCommand).resolves({});

    expect(await list.lift(NUMBER)).toBe("lifted");
    expect(sms).toHaveReceivedCommandExactlyOnceWith(DeleteOptedOutNumberCommand, NAMED);
  });

  it.each([
    [new ResourceNotFoundException({ ...META, ResourceType: "opted-out-number" }), "not-listed"],
    [new ResourceNotFoundException(META), "not-listed"],
    [new ValidationException({ ...META, Reason: "PHONE_NUMBER_CANNOT_BE_OPTED_IN" }), "refused"],
    [new ConflictException({ ...META, Reason: "RESOURCE_DELETION_NOT_ALLOWED" }), "refused"],
  ])("tells what AWS said (case %#)", async (error, result) => {
    const { sms, list } = aList();
    sms.on(DeleteOptedOutNumberCommand).rejects(error);

    expect(await list.lift(NUMBER)).toBe(result);
  });

  it.each([
    ["a throttle", new ThrottlingException(META)],
    ["a bad number", new ValidationException({ ...META, Reason: "INVALID_PARAMETER" })],
    ["a request at the same time", new ConflictException(META)],
    ["a list that is not there", new ResourceNotFoundException({ ...META, ResourceType: "opt-out-list" })],
    ["a broken connection", new Error("socket hang up")],
  ])("fails after %s", async (_name, error) => {
    const { sms, list } = aList();
    sms.on(DeleteOptedOutNumberCommand).rejects(error);

    await expect(list.lift(NUMBER)).rejects.toBe(error);
  });
});

describe("a page of the list", () => {
  const old = new ValidationException({ ...META, Reason: "INVALID_NEXT_TOKEN" });

  it("is the first again where AWS no longer takes the token", async () => {
    const { sms, list } = aList();
    sms
      .on(DescribeOptedOutNumbersCommand)
      .resolves({ OptedOutNumbers: [] })
      .on(DescribeOptedOutNumbersCommand, { NextToken: "old" })
      .rejects(old);

    expect(await list.page("old")).toEqual({ items: [], next: null });
  });

  it.each([
    ["a throttle", new ThrottlingException(META), "more"],
    ["a complaint about a token that was not sent", old, null],
  ])("fails after %s", async (_name, error, token) => {
    const { sms, list } = aList();
    sms.on(DescribeOptedOutNumbersCommand).rejects(error);

    await expect(list.page(token)).rejects.toBe(error);
  });

  it("holds numbers, whose doing each is, and where the next begins", async () => {
    const { sms, list } = aList();
    sms.on(DescribeOptedOutNumbersCommand).resolves({
      OptedOutNumbers: [
        {
          OptedOutNumber: NUMBER,
          OptedOutTimestamp: new Date("2026-11-01T10:00:00Z"),
          EndUserOptedOut: true,
        },
        { OptedOutNumber: "+12065550143", OptedOutTimestamp: undefined, EndUserOptedOut: false },
      ],
      NextToken: "more",
    });

    const page = await list.page(null);

    expect(page).toEqual({
      items: [
        { number: NUMBER, endUserOptedOut: true, since: "2026-11-01T10:00:00.000Z" },
        { number: "+12065550143", endUserOptedOut: false, since: null },
      ],
      next: "more",
    });
    expect(sms).toHaveReceivedCommandExactlyOnceWith(DescribeOptedOutNumbersCommand, {
      OptOutListName: "practice",
      MaxResults: 100,
    });
  });

  it("begins where the one before ended, and the last has no next", async () => {
    const { sms, list } = aList();
    sms.on(DescribeOptedOutNumbersCommand).resolves({ OptedOutNumbers: [] });

    expect(await list.page("more")).toEqual({ items: [], next: null });
    expect(sms).toHaveReceivedCommandWith(DescribeOptedOutNumbersCommand, { NextToken: "more" });
  });
});

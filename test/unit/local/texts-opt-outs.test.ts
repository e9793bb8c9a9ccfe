import {
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  type DescribeOptedOutNumbersCommandInput,
  PinpointSMSVoiceV2Client,
  PutOptedOutNumberCommand,
  SendTextMessageCommand,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterEach, describe, expect, it } from "vitest";
import type { Aws } from "#infra/local/aws/aws.ts";
import type { Clock } from "#infra/local/aws/clock.ts";
import { clientOf, ORIGINATION_ARN, smallTemplate, startSmallStack } from "./small-stack.ts";

const TO = "+14254147755";
const OTHER = "+14254147756";
const DAY_MS = 86_400_000;

type Regime = "self-managed" | "carrier";

const templateOf = (regime: Regime) => ({
  ...smallTemplate,
  Outputs: {
    NumberSelfManagedOptOuts: { Value: String(regime === "self-managed") },
    NumberOptOutListName: { Value: { Ref: "OptOuts" } },
  },
});

let end: () => Promise<void> = () => Promise.resolve();
afterEach(() => end());

async function start(regime: Regime, template: unknown = templateOf(regime)) {
  const { aws, clock, stop } = await startSmallStack(template);
  const sms = new PinpointSMSVoiceV2Client({ ...clientOf(aws, "worker"), credentials: aws.hostCredentials });
  end = async () => {
    sms.destroy();
    await stop();
  };
  const OptOutListName = aws.template.physicalId("OptOuts");
  return {
    aws,
    clock,
    sms,
    OptOutListName,
    send: (to = TO) =>
      sms.send(
        new SendTextMessageCommand({
          DestinationPhoneNumber: to,
          OriginationIdentity: ORIGINATION_ARN,
          MessageBody: "You have a new message.",
        }),
      ),
    put: (number = TO, list = OptOutListName) =>
      sms.send(new PutOptedOutNumberCommand({ OptOutListName: list, OptedOutNumber: number })),
    lift: (number = TO) =>
      sms.send(new DeleteOptedOutNumberCommand({ OptOutListName, OptedOutNumber: number })),
    describe: (more: Partial<DescribeOptedOutNumbersCommandInput> = {}) =>
      sms.send(new DescribeOptedOutNumbersCommand({ OptOutListName, ...more })),
  };
}

const REFUSED_AS_OPTED_OUT = {
  name: "ConflictException",
  Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
};
const CANNOT_BE_OPTED_IN = { name: "ValidationException", Reason: "PHONE_NUMBER_CANNOT_BE_OPTED_IN" };
const inbound = (aws: Aws) =>
  aws.queues
    .bodiesSeen()
    .filter(({ queue }) => queue.includes("InboundTexts"))
    .map(({ body }) => {
      const { Message } = JSON.parse(body) as { readonly Message: string };
      return (JSON.parse(Message) as { readonly messageBody: string }).messageBody;
    });
const advance = (clock: Clock, ms: number) => clock.advanceTo(clock.now() + ms);

describe("the opt-out list", () => {
  it("keeps texts from a listed number until it leaves the list", async () => {
    const { send, put, lift, describe: list } = await start("self-managed");
    const { OptedOutTimestamp, EndUserOptedOut } = await put();

    await expect(send()).rejects.toMatchObject(REFUSED_AS_OPTED_OUT);
    await expect(send(OTHER)).resolves.toBeDefined();
    expect((await list()).OptedOutNumbers).toEqual([
      { OptedOutNumber: TO, OptedOutTimestamp, EndUserOptedOut: false },
    ]);
    expect(EndUserOptedOut).toBe(false);
    await lift();
    await expect(send()).resolves.toBeDefined();
  });

  it("counts only where it is the number's own", async () => {
    const { send, put } = await start("self-managed");
    await put(TO, "Default");

    await expect(send()).resolves.toBeDefined();
  });

  it("is the account's default one where nothing is said of the number", async () => {
    const { send, put, OptOutListName } = await start("carrier", smallTemplate);
    await put(TO, OptOutListName);
    await expect(send()).resolves.toBeDefined();
    await put(TO, "Default");
    await expect(send()).rejects.toMatchObject(REFUSED_AS_OPTED_OUT);
  });

  it("is that of the template's own number, where it has one", async () => {
    const { aws, send, put } = await start("carrier", {
      ...smallTemplate,
      Resources: {
        ...smallTemplate.Resources,
        Number: {
          Type: "AWS::SMSVOICE::PhoneNumber",
          Properties: { OptOutListName: { Ref: "OptOuts" }, SelfManagedOptOutsEnabled: true },
        },
      },
    });
    await put();

    expect(aws.sms.optOuts).toBe("self-managed");
    await expect(send()).rejects.toMatchObject(REFUSED_AS_OPTED_OUT);
  });

  it("takes a number twice and keeps the first time", async () => {
    const { clock, put, describe: list } = await start("self-managed");
    const first = await put();
    advance(clock, DAY_MS);

    expect((await put(TO.slice(1))).OptedOutTimestamp).toEqual(first.OptedOutTimestamp);
    expect((await list()).OptedOutNumbers).toHaveLength(1);
  });

  it("lets a number leave once in 30 days, each number for itself", async () => {
    const { clock, put, lift, describe: list } = await start("self-managed");
    await put();
    await lift();
    await put();
    await put(OTHER);

    advance(clock, 30 * DAY_MS - 60_000);
    await expect(lift()).rejects.toMatchObject(CANNOT_BE_OPTED_IN);
    await lift(OTHER);
    expect((await list()).OptedOutNumbers).toMatchObject([{ OptedOutNumber: TO }]);
    advance(clock, 120_000);
    await lift();

    expect((await list()).OptedOutNumbers).toEqual([]);
  });

  it("does not know what is not on it", async () => {
    const { put, lift, describe: list } = await start("self-managed");
    await put(OTHER);

    const notListed = { name: "ResourceNotFoundException", ResourceType: "opted-out-number" };
    await expect(lift()).rejects.toMatchObject(notListed);
    await expect(list({ OptedOutNumbers: [OTHER, TO] })).rejects.toMatchObject(notListed);
    await expect(put(TO, "None")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceType: "opt-out-list",
    });
    await expect(put("+1555")).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("is read in pages that miss nobody, also while numbers come and go", async () => {
    const { put, lift, describe: list } = await start("self-managed");
    const numbers = Array.from({ length: 5 }, (_none, index) => `+1425414775${String(index)}`);
    for (const number of numbers) await put(number);

    const one = await list({ MaxResults: 2 });
    await lift(numbers[0]);
    const two = await list({ MaxResults: 2, NextToken: one.NextToken });
    const three = await list({ MaxResults: 2, NextToken: two.NextToken });

    const pages = [one, two, three].map(({ OptedOutNumbers }) =>
      OptedOutNumbers?.map(({ OptedOutNumber }) => OptedOutNumber),
    );
    expect(pages).toEqual([numbers.slice(0, 2), numbers.slice(2, 4), numbers.slice(4)]);
    expect(three.NextToken).toBeUndefined();
    expect((await list({ OptedOutNumbers: [numbers[3] ?? ""] })).OptedOutNumbers).toHaveLength(1);
  });

  it.each([{ MaxResults: 0 }, { MaxResults: 101 }, { NextToken: "other" }] as const)(
    "refuses %o",
    async (more) => {
      const { describe: list } = await start("self-managed");
      await expect(list(more)).rejects.toMatchObject({ name: "ValidationException" });
    },
  );
});

describe("a self-managed number", () => {
  it.each(["STOP", "HELP", "START"])("leaves %s to the practice", async (body) => {
    const { aws, send } = await start("self-managed");
    aws.sms.receive({ from: TO, body });

    expect(inbound(aws)).toEqual([body]);
    expect(aws.sms.texts()).toEqual([]);
    await expect(send()).resolves.toBeDefined();
  });
});

describe("a carrier's number", () => {
  it.each(["STOP", " stop\n"])("is blocked by %j, which the network answers and passes on", async (body) => {
    const { aws, send, describe: list } = await start("carrier");
    aws.sms.receive({ from: TO, body });

    expect(inbound(aws)).toEqual([body]);
    expect(aws.sms.texts()).toMatchObject([
      { to: TO, from: aws.sms.phoneNumber, status: "NETWORK", context: {} },
    ]);
    await expect(send()).rejects.toMatchObject(REFUSED_AS_OPTED_OUT);
    expect((await list()).OptedOutNumbers).toMatchObject([{ OptedOutNumber: TO, EndUserOptedOut: true }]);
    const [answer] = aws.sms.texts();
    expect(() => aws.sms.emitEvent(answer?.id ?? "", "TEXT_DELIVERED")).toThrow(RangeError);
  });

  it.each(["HELP", "STOP please", "STOP.", "QUIT", "UNSTOP"])(
    "passes %j on and does nothing",
    async (body) => {
      const { aws, send } = await start("carrier");
      aws.sms.receive({ from: TO, body });

      expect(inbound(aws)).toEqual([body]);
      expect(aws.sms.texts()).toEqual([]);
      await expect(send()).resolves.toBeDefined();
    },
  );

  it.each(["UNSTOP", "start"])(
    "is free again after %s, however often, and never by the API",
    async (body) => {
      const { aws, send, lift } = await start("carrier");
      for (let time = 1; time <= 2; time += 1) {
        aws.sms.receive({ from: TO, body: "STOP" });
        await expect(lift()).rejects.toMatchObject(CANNOT_BE_OPTED_IN);
        aws.sms.receive({ from: TO, body });
        await expect(send()).resolves.toBeDefined();
      }

      expect(inbound(aws)).toEqual(["STOP", body, "STOP", body]);
      const texts = aws.sms.texts().map(({ status }) => status);
      expect(texts).toEqual(["NETWORK", "NETWORK", "ACCEPTED", "NETWORK", "NETWORK", "ACCEPTED"]);
    },
  );

  it("answers a STOP once, and does nothing about the same text published twice", async () => {
    const { aws } = await start("carrier");
    const inboundMessageId = aws.sms.receive({ from: TO, body: "STOP" });
    aws.sms.receive({ from: TO, body: "stop" });
    expect(aws.sms.texts()).toHaveLength(1);

    aws.sms.receive({ from: TO, body: "START" });
    aws.sms.receive({ from: TO, body: "STOP", inboundMessageId });
    expect(aws.sms.texts()).toHaveLength(2);
    expect(inbound(aws)).toHaveLength(4);
  });

  it("tells the API's opt-outs from the patients' own", async () => {
    const { aws, put, describe: list } = await start("carrier");
    await put();
    aws.sms.receive({ from: OTHER, body: "STOP" });
    const byEndUser = async (...values: string[]) =>
      (await list({ Filters: [{ Name: "end-user-opted-out", Values: values }] })).OptedOutNumbers?.map(
        ({ OptedOutNumber }) => OptedOutNumber,
      );

    expect(await byEndUser("true")).toEqual([OTHER]);
    expect(await byEndUser("false")).toEqual([TO]);
    expect(await byEndUser("true", "false")).toEqual([TO, OTHER]);
    await expect(byEndUser("perhaps")).rejects.toMatchObject({ Reason: "INVALID_FILTER_VALUES" });
  });

  it("keeps on the list what the practice put there, whatever the network lifts", async () => {
    const { aws, put, send } = await start("carrier");
    await put();
    aws.sms.receive({ from: TO, body: "START" });

    expect(aws.sms.texts()).toEqual([]);
    await expect(send()).rejects.toMatchObject(REFUSED_AS_OPTED_OUT);
  });
});

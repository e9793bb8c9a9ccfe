import { readFileSync } from "node:fs";
import * as z from "zod";

const NAMES = [
  "dynamodb-write-unit",
  "dynamodb-read-unit",
  "cloudtrail-data-event",
  "kms-request",
  "kms-key-month",
  "lambda-arm-gb-second",
  "lambda-request",
  "sqs-request",
  "sns-publish",
  "eventbridge-service-event",
  "logs-ingested-gb",
  "xray-trace",
  "alarm-month",
  "metric-month",
  "waf-acl-month",
  "waf-rule-month",
  "waf-request",
  "api-request",
  "sms-part",
  "sms-carrier-fee",
] as const;

/** What has a price. */
export type PriceName = (typeof NAMES)[number];

/**
 * Who says so: `vendor` AWS itself, `secondary` somebody who repeats AWS, `memory` nobody that was found when the table
 * was made.
 */
const Price = z.strictObject({
  dollars: z.number().nonnegative(),
  per: z.number().positive(),
  confirmed: z.enum(["vendor", "secondary", "memory"]),
  source: z.string().min(10),
});

const PriceFile = z.strictObject({
  region: z.string(),
  currency: z.literal("USD"),
  asOf: z.iso.date(),
  prices: z.record(z.enum(NAMES), Price),
});

/** Prices of one region on one day. */
export type Prices = {
  readonly region: string;
  readonly asOf: string;
  /** Dollars for so many. */
  dollars(name: PriceName, count: number): number;
  /** Prices that AWS itself was not seen to name. */
  readonly unconfirmed: readonly PriceName[];
};

/** Reads the table of prices; throws where one is missing, or is none. */
export function readPrices(file: URL = new URL("./prices.json", import.meta.url)): Prices {
  const { region, asOf, prices } = PriceFile.parse(JSON.parse(readFileSync(file, "utf8")));
  return {
    region,
    asOf,
    dollars: (name, count) => (prices[name].dollars / prices[name].per) * count,
    unconfirmed: NAMES.filter((name) => prices[name].confirmed !== "vendor"),
  };
}

import { createHash, randomUUID } from "node:crypto";
import { type JsonRecord, listOf, recordOf, textOf } from "../../json-shape.ts";
import type { Authorizer } from "../iam.ts";
import { wildcardMatches } from "../policy-conditions.ts";
import type { QueueStore } from "../queue-store.ts";
import type { Template } from "../template.ts";
import { deliveryRefusals } from "../topics.ts";
import type { BucketSettings } from "./bucket-settings.ts";
import type { StoredObject } from "./object-store.ts";

/** A queue that is told of events of a bucket. */
export type EventTarget = {
  readonly id: string;
  /** With its service's prefix: `s3:ObjectCreated:*`. */
  readonly event: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly queueArn: string;
};

/** How an object came into being, as an event calls it. */
export type CreationEvent = "ObjectCreated:Put" | "ObjectCreated:Post";

/** Version of the message's form: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const EVENT_VERSION = "2.5";
const KNOWN_EVENT = /^s3:ObjectCreated:(?:\*|Put|Post)$/u;

/** Reads the notifications of a bucket's properties; throws for what this host could only guess about. */
export function readEventTargets(properties: JsonRecord, logicalId: string): readonly EventTarget[] {
  const configuration = recordOf(properties["NotificationConfiguration"]);
  const other = Object.keys(configuration).find((name) => name !== "QueueConfigurations");
  if (other !== undefined)
    throw new Error(`The local host does not know ${other} of a bucket (${logicalId}).`);
  return listOf(configuration["QueueConfigurations"])
    .map(recordOf)
    .map((entry, index): EventTarget => {
      const event = textOf(entry["Event"]) ?? "";
      if (!KNOWN_EVENT.test(event))
        throw new Error(`The local host does not tell of ${event} of a bucket (${logicalId}).`);
      const rules = listOf(recordOf(recordOf(entry["Filter"])["S3Key"])["Rules"]).map(recordOf);
      const ruled = (name: string): string =>
        String(rules.find((rule) => String(rule["Name"]).toLowerCase() === name)?.["Value"] ?? "");
      return {
        id: `${logicalId}-${String(index)}`,
        event,
        prefix: ruled("prefix"),
        suffix: ruled("suffix"),
        queueArn: textOf(entry["Queue"]) ?? "",
      };
    });
}

/** Puts the messages of buckets on queues. */
export type BucketEvents = {
  tell(settings: BucketSettings, object: StoredObject, event: CreationEvent, principalId: string): void;
};

/**
 * Tells queues of new objects. Throws where S3 could not deliver, because on AWS the bucket's notification would not be
 * accepted.
 */
export function createBucketEvents(
  template: Template,
  buckets: readonly BucketSettings[],
  queues: QueueStore,
  authorizer: Authorizer,
): BucketEvents {
  const queueOf = (arn: string) => queues.queues().find((queue) => queue.arn === arn);
  for (const { arn, logicalId, eventTargets } of buckets) {
    for (const { queueArn } of eventTargets) {
      const queue = queueOf(queueArn);
      if (queue === undefined) throw new Error(`${logicalId} tells a queue that the template does not have.`);
      const refusals = deliveryRefusals(template, authorizer, "s3.amazonaws.com", arn, queue);
      if (refusals.length > 0)
        throw new Error(
          `S3 could not deliver events of ${logicalId} to ${queue.name}: ${refusals.join(" ")}`,
        );
    }
  }
  let sequence = 0;
  return {
    tell(settings, object, event, principalId) {
      const told = settings.eventTargets.filter(
        (target) =>
          wildcardMatches(`s3:${event}`, target.event) &&
          object.key.startsWith(target.prefix) &&
          object.key.endsWith(target.suffix),
      );
      for (const { id, queueArn } of told) {
        const queue = queueOf(queueArn);
        sequence += 1;
        const record = eventRecord(template.region, settings, object, { id, event, principalId, sequence });
        if (queue !== undefined) queues.send(queue, JSON.stringify({ Records: [record] }));
      }
    },
  };
}

function eventRecord(
  region: string,
  { name, arn }: BucketSettings,
  { key, content, etag, versionId, lastModifiedMs }: StoredObject,
  about: {
    readonly id: string;
    readonly event: CreationEvent;
    readonly principalId: string;
    readonly sequence: number;
  },
): JsonRecord {
  return {
    eventVersion: EVENT_VERSION,
    eventSource: "aws:s3",
    awsRegion: region,
    eventTime: new Date(lastModifiedMs).toISOString(),
    eventName: about.event,
    userIdentity: { principalId: about.principalId },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: {
      "x-amz-request-id": randomUUID(),
      "x-amz-id-2": createHash("sha256").update(about.id).digest("base64"),
    },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: about.id,
      bucket: { name, ownerIdentity: { principalId: "LOCAL" }, arn },
      object: {
        key: formEncoded(key),
        size: content.length,
        eTag: etag.replaceAll('"', ""),
        ...(versionId === "null" ? {} : { versionId }),
        sequencer: about.sequence.toString(16).toUpperCase().padStart(18, "0"),
      },
    },
  };
}

/** As a form would write it, except for the slashes. */
function formEncoded(key: string): string {
  return new URLSearchParams([["", key]]).toString().slice(1).replaceAll("%2F", "/");
}

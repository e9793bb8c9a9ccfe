import { randomUUID } from "node:crypto";
import { textOf } from "../json-shape.ts";
import { keyArn } from "./dynamodb/tables.ts";
import type { Authorizer } from "./iam.ts";
import type { QueueSettings, QueueStore } from "./queue-store.ts";
import type { Template } from "./template.ts";

/** The topics of the template and their subscriptions. */
export type Topics = {
  /** Publishes as an AWS service would, to every subscribed queue. The topic is named by ARN, name, logical or construct id. */
  publish(topic: string, message: string): { readonly messageId: string };
  /** Why the service may not publish to the topic, by the topic's policy and its key's. */
  publisherRefusals(service: string, topic: string): readonly string[];
};

type Subscription = { readonly topicArn: string; readonly queue: QueueSettings; readonly raw: boolean };

/**
 * Reads topics and subscriptions; throws where SNS could not deliver to a subscribed queue, because on AWS those
 * messages would be lost without a word.
 */
export function createTopics(template: Template, queues: QueueStore, authorizer: Authorizer): Topics {
  const topics = template.byType("AWS::SNS::Topic");
  const subscriptions = template
    .byType("AWS::SNS::Subscription")
    .map(({ logicalId, properties }): Subscription => {
      const queue = queues.find(textOf(properties["Endpoint"]) ?? "");
      if (properties["Protocol"] !== "sqs" || queue === undefined)
        throw new Error(`The local host delivers topics only to queues (${logicalId}).`);
      if (properties["FilterPolicy"] !== undefined)
        throw new Error(`The local host does not know filter policies (${logicalId}).`);
      return {
        topicArn: textOf(properties["TopicArn"]) ?? "",
        queue,
        raw: properties["RawMessageDelivery"] === true,
      };
    });
  for (const { topicArn, queue } of subscriptions) {
    const refusals = deliveryRefusals(template, authorizer, "sns.amazonaws.com", topicArn, queue);
    if (refusals.length > 0) throw new Error(`SNS could not deliver to ${queue.name}: ${refusals.join(" ")}`);
  }

  const find = (reference: string): { readonly arn: string; readonly keyId: string | undefined } => {
    const named = topics.find(({ logicalId }) =>
      [
        logicalId,
        template.attribute(logicalId, "TopicArn"),
        template.attribute(logicalId, "TopicName"),
      ].includes(reference),
    );
    const topic = named ?? topics.find(({ logicalId }) => template.constructId(logicalId) === reference);
    if (topic === undefined) throw new Error("There is no such topic.");
    return {
      arn: template.attribute(topic.logicalId, "TopicArn"),
      keyId: textOf(topic.properties["KmsMasterKeyId"]),
    };
  };

  return {
    publish(topic, message) {
      const { arn } = find(topic);
      const messageId = randomUUID();
      const envelope = {
        Type: "Notification",
        MessageId: messageId,
        TopicArn: arn,
        Message: message,
        Timestamp: new Date().toISOString(),
        SignatureVersion: "1",
        Signature: "local",
        SigningCertURL: `https://sns.${template.region}.amazonaws.com/local.pem`,
        UnsubscribeURL: `https://sns.${template.region}.amazonaws.com/?Action=Unsubscribe`,
      };
      for (const { topicArn, queue, raw } of subscriptions) {
        if (topicArn === arn) queues.send(queue, raw ? message : JSON.stringify(envelope));
      }
      return { messageId };
    },
    publisherRefusals(service, topic) {
      const { arn, keyId } = find(topic);
      const checks = [
        { action: "sns:Publish", resource: arn, context: {} },
        ...(keyId === undefined
          ? []
          : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({
              action,
              resource: keyArn(template, keyId),
              context: {},
            }))),
      ];
      return checks.flatMap((check) => authorizer.refuseService(service, check) ?? []);
    },
  };
}

/** Why a service may not put messages from `source` on a queue, by the queue's policy and its key's. */
export function deliveryRefusals(
  template: Template,
  authorizer: Authorizer,
  service: string,
  source: string,
  queue: QueueSettings,
): readonly string[] {
  const context = { "aws:SourceArn": [source] };
  const { keyId } = queue;
  const checks = [
    { action: "sqs:SendMessage", resource: queue.arn, context },
    ...(keyId === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({
          action,
          resource: keyArn(template, keyId),
          context,
        }))),
  ];
  return checks.flatMap((check) => authorizer.refuseService(service, check) ?? []);
}

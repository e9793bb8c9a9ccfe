import { randomUUID } from "node:crypto";
import { isRecord, type JsonRecord, listOf, recordOf, textOf } from "../json-shape.ts";
import type { Authorizer } from "./iam.ts";
import type { QueueSettings, QueueStore } from "./queue-store.ts";
import type { Template } from "./template.ts";
import { deliveryRefusals } from "./topics.ts";

/** The account's default event bus. */
export type EventBus = {
  /** Puts an event of an AWS service on the bus; every rule that matches sends it to its queues. */
  put(event: { readonly source: string; readonly detailType: string; readonly detail: JsonRecord }): void;
};

type Rule = { readonly pattern: JsonRecord; readonly queues: readonly QueueSettings[] };

/** Reads the rules with an event pattern (schedules are not the bus's matter); throws for targets it could not deliver to. */
export function createEventBus(template: Template, queues: QueueStore, authorizer: Authorizer): EventBus {
  assertDeadLetterQueues(template, queues, authorizer);
  const rules = template.byType("AWS::Events::Rule").flatMap(({ logicalId, properties }): readonly Rule[] => {
    const pattern = properties["EventPattern"];
    if (!isRecord(pattern) || properties["State"] === "DISABLED") return [];
    assertSimplePattern(pattern);
    const targets = listOf(properties["Targets"]).map((target) => {
      const {
        Arn,
        Id: _id,
        DeadLetterConfig: _deadLetters,
        RetryPolicy: _retries,
        ...unknown
      } = recordOf(target);
      const queue = queues.find(textOf(Arn) ?? "");
      if (queue === undefined || Object.keys(unknown).length > 0)
        throw new Error(`The local host does not know a target of the rule ${logicalId}.`);
      const refusals = deliveryRefusals(
        template,
        authorizer,
        "events.amazonaws.com",
        template.attribute(logicalId, "Arn"),
        queue,
      );
      if (refusals.length > 0)
        throw new Error(`EventBridge could not deliver to ${queue.name}: ${refusals.join(" ")}`);
      return queue;
    });
    return [{ pattern, queues: targets }];
  });

  return {
    put({ source, detailType, detail }) {
      const event = {
        version: "0",
        id: randomUUID(),
        "detail-type": detailType,
        source,
        account: template.account,
        time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
        region: template.region,
        resources: [],
        detail,
      };
      for (const rule of rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
        for (const queue of rule.queues) queues.send(queue, JSON.stringify(event));
      }
    },
  };
}

/** Whether every leaf of the pattern lists the event's value there. */
function matchesPattern(pattern: JsonRecord, event: JsonRecord): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    const actual = event[key];
    return isRecord(expected)
      ? matchesPattern(expected, recordOf(actual))
      : listOf(expected).includes(actual);
  });
}

function assertSimplePattern(pattern: JsonRecord): void {
  for (const expected of Object.values(pattern)) {
    if (isRecord(expected)) assertSimplePattern(expected);
    else if (!Array.isArray(expected) || expected.some((value) => typeof value === "object")) {
      throw new Error("The local host knows only lists of exact values in event patterns.");
    }
  }
}

/** Throws where EventBridge could not put what a target never got on the queue that the rule names for it. */
function assertDeadLetterQueues(template: Template, queues: QueueStore, authorizer: Authorizer): void {
  for (const { logicalId, properties } of template.byType("AWS::Events::Rule")) {
    for (const target of listOf(properties["Targets"])) {
      const { DeadLetterConfig } = recordOf(target);
      if (DeadLetterConfig === undefined) continue;
      const queue = queues.find(textOf(recordOf(DeadLetterConfig)["Arn"]) ?? "");
      if (queue === undefined)
        throw new Error(`The rule ${logicalId} names no queue of the template for dead letters.`);
      const ruleArn = template.attribute(logicalId, "Arn");
      const refusals = deliveryRefusals(template, authorizer, "events.amazonaws.com", ruleArn, queue);
      if (refusals.length > 0)
        throw new Error(`EventBridge could not deliver to ${queue.name}: ${refusals.join(" ")}`);
    }
  }
}

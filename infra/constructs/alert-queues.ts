import { Duration } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Keys } from "./keys.ts";
import { RedrivenQueue, URGENT } from "./redriven-queue.ts";

/** Alert requests that may not wait: codes, new links, opt-in questions, and answers to what patients text. */
export class UrgentAlertQueue extends RedrivenQueue {
  get environment() {
    return { URGENT_ALERTS_QUEUE_URL: this.url };
  }

  /** Asks for an alert without delay. */
  grantRequest(grantee: IGrantable): void {
    this.grantSend(grantee);
  }
}

/** All other alert requests. */
export class BulkAlertQueue extends RedrivenQueue {
  get environment() {
    return { BULK_ALERTS_QUEUE_URL: this.url };
  }

  /** Asks for an alert when its turn comes. */
  grantRequest(grantee: IGrantable): void {
    this.grantSend(grantee);
  }
}

/** The two queues that carry ids to the alert plane. */
export interface AlertQueues {
  readonly urgent: UrgentAlertQueue;
  readonly bulk: BulkAlertQueue;
}

/** Creates the queues directly in `scope`. */
export function createAlertQueues(scope: Construct, keys: Keys): AlertQueues {
  const props = { key: keys.data, retention: Duration.days(4), deadLetterRetention: Duration.days(14) };
  return {
    urgent: new UrgentAlertQueue(scope, "UrgentAlerts", { ...props, handover: URGENT }),
    bulk: new BulkAlertQueue(scope, "BulkAlerts", props),
  };
}

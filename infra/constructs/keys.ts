import type { Construct } from "constructs";
import type { LinkKeyIds } from "../link-settings.ts";
import { AnchorKey } from "./anchor-key.ts";
import { EnvelopeKey } from "./envelope-key.ts";
import { LinkKeys } from "./link-keys.ts";
import { MacKey } from "./mac-key.ts";
import { StorageKey } from "./storage-key.ts";

/** Every key of the stack, each for one kind of secret. */
export interface Keys {
  /** Tables, alert queues and log groups. */
  readonly data: StorageKey;
  /** The audit table, its anchors and exports, the trail and its bucket. */
  readonly audit: StorageKey;
  /** Topics and queues that AWS writes patients' numbers and words to. */
  readonly events: StorageKey;
  /** Subjects and bodies of messages. */
  readonly content: EnvelopeKey;
  /** Names, birth dates and contact details. */
  readonly contact: EnvelopeKey;
  /** Links and codes. */
  readonly link: LinkKeys;
  /** Birth dates and PINs that a patient proves. */
  readonly proof: MacKey;
  /** Look-up by phone or external id, and idempotency. */
  readonly index: MacKey;
  /** Anchors of the audit chains. */
  readonly anchor: AnchorKey;
}

/** Creates the keys directly in `scope`, so that their logical ids begin with their names. */
export function createKeys(scope: Construct, linkKeyIds: LinkKeyIds): Keys {
  const data = new StorageKey(scope, "DataKey", {
    description: "Foundphone: tables, alert queues, log groups",
  });
  data.allowLogs();
  const audit = new StorageKey(scope, "AuditKey", {
    description: "Foundphone: audit table, anchors, exports and trail",
  });
  audit.allowLogs();
  const events = new StorageKey(scope, "EventsKey", {
    description: "Foundphone: delivery events and inbound texts",
  });
  events.allowDelivery("sms-voice.amazonaws.com");
  events.allowDelivery("sns.amazonaws.com");
  // For the buckets' queues.
  events.allowDelivery("s3.amazonaws.com");
  events.allowEventBridge();
  return {
    data,
    audit,
    events,
    content: new EnvelopeKey(scope, "ContentKey", { description: "Foundphone: content of messages" }),
    contact: new EnvelopeKey(scope, "ContactKey", { description: "Foundphone: contact details of patients" }),
    link: new LinkKeys(scope, linkKeyIds),
    proof: new MacKey(scope, "ProofKey", { description: "Foundphone: verifiers of birth dates and PINs" }),
    index: new MacKey(scope, "IndexKey", { description: "Foundphone: blind indexes and idempotency" }),
    anchor: new AnchorKey(scope, "AnchorKey"),
  };
}

import { json, type Routes } from "#functions/http/api.ts";
import { keyedBy } from "#functions/http/keyed.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, jsonBody, pathParameter, query } from "#functions/http/request.ts";
import { MessageId, PatientId } from "#shared/contracts/fields.ts";
import {
  ListMessagesQuery,
  MessageAccepted,
  MessageList,
  MessagePreview,
  MessageStatus,
  NewAlertRequest,
  NewAlertResponse,
  RevokeMessageRequest,
  SendMessageRequest,
} from "#shared/contracts/messages.ts";
import {
  type AcceptOutcome,
  type AcceptPorts,
  createAcceptMessage,
  type OutgoingMessage,
} from "#shared/messaging/accept.ts";
import type { Assessment } from "#shared/messaging/assess.ts";
import type { Practice } from "#shared/messaging/ports.ts";
import type { AlertRecord } from "#shared/messaging/records.ts";
import type { LinkPorts } from "#shared/messaging/revoke.ts";
import type { RevokeLinksPorts } from "#shared/messaging/revoke-links.ts";
import type { MessageState, StatusPorts } from "#shared/messaging/status.ts";

/** Everything that the operations on messages need. */
export type MessagePorts = AcceptPorts &
  LinkPorts &
  Omit<RevokeLinksPorts, "linkMarks"> &
  StatusPorts & {
    readonly practiceIdentity: Practice;
    /** Loaded with the first call that kills links. */
    readonly openLinkMarks: () => Promise<RevokeLinksPorts["linkMarks"]>;
    readonly indexMac: (...fields: readonly string[]) => Promise<Uint8Array>;
  };

const PAGE_DEFAULT = 50;

function outgoing(body: SendMessageRequest): OutgoingMessage {
  const { purpose, ...rest } = body;
  // 45 CFR 164.501, 164.508(a)(3): marketing needs an authorization that is not managed here.
  if (purpose === "marketing") throw new ApiProblem("marketing_refused", { pointer: "/purpose" });
  return { ...rest, purpose };
}

const UNUSABLE = {
  unknown: "It is not in force: unknown, not approved, or ended.",
  "other-use": "It is for other texts than a message's.",
  "other-purpose": "It is for another purpose.",
  needed: "The template needs it.",
  unused: "There is no place for it.",
} as const;

/** The problem that says why a message was not accepted, or would not be. */
function notSent(
  outcome: Exclude<AcceptOutcome, { kind: "accepted" }> | { readonly kind: "text-blocked" },
): ApiProblem {
  switch (outcome.kind) {
    case "refused":
      return new ApiProblem(outcome.reason);
    case "unknown-patient":
      return new ApiProblem("not_found", { pointer: "/patientId" });
    case "unknown-thread":
      return new ApiProblem("not_found", { pointer: "/threadId" });
    case "expired":
      return new ApiProblem("unprocessable", {
        detail: "It has expired already.",
        pointer: "/expiresAt",
      });
    case "unknown-attachment":
      return new ApiProblem("unprocessable", {
        detail: "There is no such attachment, or it is part of another message.",
        pointer: `/attachments/${outcome.index}`,
      });
    case "unusable-template":
      return new ApiProblem("unprocessable", {
        detail: UNUSABLE[outcome.why],
        pointer: `/template/${outcome.field}`,
      });
    case "text-blocked":
      return new ApiProblem("unprocessable", {
        detail: "The text would not be sent: it would tell something, or be too long.",
        pointer: "/template",
      });
    case "idempotency-conflict":
      return new ApiProblem("idempotency_conflict");
    default:
      return outcome satisfies never;
  }
}

function reasonsOf(assessment: Assessment) {
  return assessment.reasons.map(({ rule, category, start, end, explanation }) => ({
    rule,
    category,
    start,
    end,
    explanation,
  }));
}

function alertState({ id, channel, status, reason, heldUntil }: AlertRecord) {
  const until = status === "deferred" && heldUntil !== null ? { until: heldUntil } : {};
  return { id, channel, status, reason, ...until };
}

/** An alert as the first answer tells it. */
function queuedAlert(id: string) {
  return { id, channel: "sms", status: "queued", reason: null } as const;
}

function present({ message, alert }: MessageState) {
  const { id, patientId, threadId, purpose, tier, sender, createdAt, expiresAt, receipt } = message;
  return {
    id,
    patientId,
    threadId,
    purpose,
    tier,
    sender,
    createdAt,
    expiresAt,
    alert: alert === null ? null : alertState(alert),
    receipt,
  };
}

/** Loaded with the first call that revokes or sends again: few do, and every start would pay for it. */
const revoking = () => import("#shared/messaging/revoke.ts");
/** With the first one that asks what became of a message, likewise. */
const following = () => import("#shared/messaging/status.ts");

/** Sending, previewing, following and revoking messages. */
export function createRoutes(ports: MessagePorts): Routes {
  const accept = createAcceptMessage(ports);
  return {
    "POST /messages": async (event) => {
      const caller = allow(event, "message.send");
      const body = jsonBody(event, SendMessageRequest);
      const message = outgoing(body);
      const keyed = await keyedBy(event, caller, "POST /messages", body, ports.indexMac);
      if (keyed === null) {
        throw new ApiProblem("invalid_request", { detail: "The header Idempotency-Key is needed." });
      }
      const outcome = await accept(message, caller, keyed);
      if (outcome.kind !== "accepted") throw notSent(outcome);
      const { id, threadId, alertId, receipt } = outcome.accepted;
      return json(
        202,
        MessageAccepted.parse({
          id,
          threadId,
          tier: receipt.tier,
          reasons: reasonsOf(outcome.assessment),
          alert: alertId === null ? null : queuedAlert(alertId),
          receipt,
        }),
      );
    },
    "POST /messages/preview": async (event) => {
      const caller = allow(event, "message.send");
      const message = outgoing(jsonBody(event, SendMessageRequest));
      // Loaded with the first one: every start would pay for it.
      const { createPreviewMessage } = await import("#shared/messaging/preview.ts");
      const outcome = await createPreviewMessage(ports)(message, caller);
      if (outcome.kind !== "preview") throw notSent(outcome);
      return json(
        200,
        MessagePreview.parse({
          receipt: outcome.receipt,
          reasons: reasonsOf(outcome.assessment),
          alert:
            outcome.alert === null
              ? null
              : {
                  channel: "sms",
                  text: outcome.alert.text,
                  encoding: outcome.alert.parts.encoding,
                  segments: outcome.alert.parts.segments,
                },
        }),
      );
    },
    "GET /messages/{id}": async (event) => {
      allow(event, "message.status");
      const { createReadStatus } = await following();
      const state = await createReadStatus(ports)(pathParameter(event, "id", MessageId));
      if (state === undefined) throw new ApiProblem("not_found");
      return json(200, MessageStatus.parse(present(state)));
    },
    "GET /patients/{id}/messages": async (event) => {
      allow(event, "message.status");
      const patientId = pathParameter(event, "id", PatientId);
      const { limit, cursor } = query(event, ListMessagesQuery);
      const { createListStatuses } = await following();
      const page = await createListStatuses(ports)(patientId, limit ?? PAGE_DEFAULT, cursor ?? null);
      if (page === undefined) throw new ApiProblem("not_found");
      return json(200, MessageList.parse({ items: page.items.map(present), nextCursor: page.next }));
    },
    "POST /messages/{id}/revocation": async (event) => {
      const caller = allow(event, "message.revoke");
      const id = pathParameter(event, "id", MessageId);
      const { reason } = jsonBody(event, RevokeMessageRequest);
      const { createRevokeMessage } = await revoking();
      if (!(await createRevokeMessage(ports)(id, reason, caller))) throw new ApiProblem("not_found");
      return { statusCode: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    },
    "POST /link-revocations": async (event) => {
      const caller = allow(event, "link.revoke");
      const [{ RevokeLinksRequest }, { createRevokeLinks }, linkMarks] = await Promise.all([
        import("#shared/contracts/link-revocations.ts"),
        import("#shared/messaging/revoke-links.ts"),
        ports.openLinkMarks(),
      ]);
      const body = jsonBody(event, RevokeLinksRequest);
      const asking = body.scope === "patient" ? caller : allow(event, "link.revoke-many");
      const keyed = await keyedBy(event, asking, "POST /link-revocations", body, ports.indexMac);
      const outcome = await createRevokeLinks({ ...ports, linkMarks })(body, asking, keyed);
      if (outcome === "unknown-patient") throw new ApiProblem("not_found", { pointer: "/patientId" });
      if (outcome === "idempotency-conflict") throw new ApiProblem("idempotency_conflict");
      return { statusCode: 204, headers: { "Cache-Control": "no-store" }, body: "" };
    },
    "POST /messages/{id}/alerts": async (event) => {
      const caller = allow(event, "message.revoke");
      const id = pathParameter(event, "id", MessageId);
      // Nothing is asked for beyond the link: a body that says more is a mistake of the caller.
      if (event.body) jsonBody(event, NewAlertRequest);
      const keyed = await keyedBy(event, caller, `POST /messages/${id}/alerts`, {}, ports.indexMac);
      const { createAlertAgain } = await revoking();
      const outcome = await createAlertAgain(ports)(id, caller, keyed);
      switch (outcome.kind) {
        case "requested":
          return json(202, NewAlertResponse.parse({ alert: queuedAlert(outcome.alertId) }));
        case "refused":
          throw new ApiProblem(outcome.reason);
        case "idempotency-conflict":
          throw new ApiProblem("idempotency_conflict");
        case "revoked":
          throw new ApiProblem("unprocessable", { detail: "The message was revoked." });
        case "unknown":
          throw new ApiProblem("not_found");
        default:
          return outcome satisfies never;
      }
    },
  };
}

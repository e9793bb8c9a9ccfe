import type { IncomingMessage } from "node:http";
import type { ModelBehaviour } from "../aws/bedrock.ts";
import type { Denials } from "../aws/denials.ts";
import {
  BOUNCE_TYPES,
  type BounceType,
  EMAIL_EVENTS,
  type EmailEventType,
} from "../aws/emails/email-events.ts";
import type { Faults } from "../aws/faults.ts";
import type { BucketView } from "../aws/s3/bucket-views.ts";
import type { StoredObject } from "../aws/s3/object-store.ts";
import type { PatientText } from "../aws/sms.ts";
import { CARRIER_ANSWERS, type CarrierAnswers } from "../aws/texts/carrier-reports.ts";
import type { FunctionOutcome } from "../functions/function-outcome.ts";
import type { LogLine } from "../functions/log-book.ts";
import type { AccessLogLine } from "../http/access-logs.ts";
import type { HttpAnswer } from "../http/gateway-responses.ts";
import { prefersPage } from "./accepted-type.ts";
import { DENIAL_MEMBERS, readDenial } from "./denial-request.ts";
import { type CallNames, FAULT_MEMBERS, readFaultOrder } from "./fault-request.ts";
import { readJson, readJsonObject, requiredText, timeParameter } from "./json-request.ts";
import { emailsPage } from "./pages/emails-page.ts";
import { type PhoneView, phonePage } from "./pages/phone-page.ts";
import { type StartPageView, startPage } from "./pages/start-page.ts";
import { problem, RequestRefused } from "./problems.ts";

/** Who can be signed in by name. */
export const LOCAL_USERS = [
  "frontdesk",
  "clinician",
  "compliance",
  "admin",
  "auditor",
  "integration",
] as const;

/** A seeded staff role, or the machine client. */
export type LocalUser = (typeof LOCAL_USERS)[number];

/** What the host's own addresses work on. */
export type LocalPorts = {
  readonly signIn: (user: LocalUser) => Promise<string>;
  readonly startPageView: () => StartPageView;
  readonly texts: () => readonly unknown[];
  /**
   * A patient's text arrives at the practice's number; gives its inboundMessageId once the function that listens has
   * worked it off, or failed at it, or after three seconds.
   */
  readonly receiveText: (text: PatientText) => Promise<string>;
  /** False where no text has this id; undefined where the event type is not one of the SMS service. */
  readonly emitTextEvent: (textId: string, eventType: string) => Promise<boolean | undefined>;
  readonly phoneView: () => PhoneView;
  readonly carrierAnswers: () => CarrierAnswers;
  readonly setCarrierAnswers: (answers: CarrierAnswers) => void;
  /** Tells the second reader's model what to do from now on. */
  readonly modelBehaves: (behaviour: ModelBehaviour) => void;
  readonly emails: () => readonly unknown[];
  /** False where no e-mail has this id. */
  readonly emitEmailEvent: (
    emailId: string,
    eventType: EmailEventType,
    bounceType?: BounceType,
  ) => Promise<boolean>;
  readonly faults: Faults;
  readonly denials: Denials;
  /** ARN of a table by its name; undefined where the template has no such table. */
  readonly tableArn: (name: string) => string | undefined;
  /** The names that stand in call records. */
  readonly callNames: () => CallNames;
  /** Invokes a function by its folder's name and waits for it; undefined where there is none. */
  readonly invoke: (name: string, event: unknown) => Promise<FunctionOutcome | undefined>;
  /** Moves the clock to a time and fires what is due; resolves when that is done. */
  readonly moveClock: (toMs: number) => Promise<void>;
  readonly calls: (sinceMs: number) => readonly unknown[];
  readonly logs: (sinceMs: number) => readonly LogLine[];
  readonly accessLogs: (sinceMs: number) => readonly AccessLogLine[];
  readonly queueBodies: () => readonly unknown[];
  /** The table's export as a tar; undefined where the template has no such table. */
  readonly exportTable: (name: string) => Promise<Buffer | undefined>;
  readonly buckets: () => readonly BucketView[];
  /** All of a bucket as a tar; undefined where the template has no such bucket. */
  readonly bucketTar: (bucket: string) => Promise<Buffer | undefined>;
  /** The newest version of an object; undefined where there is no such bucket or object. */
  readonly object: (bucket: string, key: string) => StoredObject | undefined;
  /** Whether everything came to rest within the time that the host allows. */
  readonly settled: () => Promise<boolean>;
};

/** What the model does besides answering. */
const MODEL_BEHAVIOURS = ["declines", "is-filtered", "is-throttled", "is-unavailable", "is-late"] as const;

/** Answers a request below `/_local`; `path` is the part after it. */
export type LocalEndpoints = (request: IncomingMessage, path: string, query: string) => Promise<HttpAnswer>;

const EMAIL_EVENT_TYPES = Object.keys(EMAIL_EVENTS) as EmailEventType[];
const CLOCK_MOVE_MS_MAX = 20 * 366 * 86_400_000;
const SMS_LENGTH_MAX = 1600;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

type Reply = { readonly id: string; readonly from: string; readonly body: string; readonly sentAt: string };

/** Creates the host's own addresses. Every error is a problem document that repeats nothing of the request. */
export function createLocalEndpoints(ports: LocalPorts): LocalEndpoints {
  const replies: Reply[] = [];
  return async (request, path, query) => {
    try {
      return await answer(request, path, query);
    } catch (error) {
      if (error instanceof RequestRefused) return error.answer;
      throw error;
    }
  };

  async function answer(request: IncomingMessage, path: string, query: string): Promise<HttpAnswer> {
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    const route = `${method} ${path === "" ? "/" : path}`;
    switch (route) {
      case "GET /":
        return startPage(ports.startPageView());
      case "GET /phone":
        return phonePage(ports.phoneView());
      case "POST /tokens":
        return json(200, {
          accessToken: await ports.signIn(readUser(await readJsonObject(request, ["user"]))),
        });
      case "GET /texts":
        return json(200, { items: ports.texts() });
      case "GET /replies":
        return json(200, { items: replies });
      case "POST /texts":
        return receive(request);
      case "POST /model":
        return tellModel(request);
      case "GET /emails":
        return prefersPage(request.headers) ? emailsPage() : json(200, { items: ports.emails() });
      case "GET /carrier":
        return json(200, { answers: ports.carrierAnswers() });
      case "POST /carrier":
        return tellCarrier(request);
      case "GET /clock":
        return json(200, { now: new Date().toISOString() });
      case "POST /clock":
        return moveClock(request);
      case "GET /calls":
        return json(200, { items: ports.calls(timeParameter(query, "since")) });
      case "GET /logs":
        return json(200, { items: ports.logs(timeParameter(query, "since")) });
      case "GET /access-logs":
        return json(200, { items: ports.accessLogs(timeParameter(query, "since")) });
      case "GET /queues":
        return json(200, { items: ports.queueBodies() });
      case "POST /faults":
        return json(
          200,
          ports.faults.set(readFaultOrder(await readJsonObject(request, FAULT_MEMBERS), ports.callNames())),
        );
      case "GET /faults":
        return json(200, { items: ports.faults.list() });
      case "DELETE /faults":
        ports.faults.clear();
        return json(200, { items: [] });
      case "POST /denials":
        ports.denials.add(
          readDenial(await readJsonObject(request, DENIAL_MEMBERS), ports.callNames(), ports.tableArn),
        );
        return json(200, { items: ports.denials.list() });
      case "GET /denials":
        return json(200, { items: ports.denials.list() });
      case "DELETE /denials":
        ports.denials.clear();
        return json(200, { items: [] });
      case "GET /objects":
        return json(200, { items: ports.buckets() });
      case "GET /settled":
        return (await ports.settled())
          ? json(200, { settled: true, now: new Date().toISOString() })
          : problem("unavailable", "Work is still going on; ask again.");
      default:
        return parametrized(route, request);
    }
  }

  async function parametrized(route: string, request: IncomingMessage): Promise<HttpAnswer> {
    const textId = /^POST \/texts\/([^/]+)\/events$/u.exec(route)?.[1];
    if (textId !== undefined) return emitEvent(request, textId);
    const emailId = /^POST \/emails\/([^/]+)\/events$/u.exec(route)?.[1];
    if (emailId !== undefined) return emitEmailEvent(request, emailId);
    const functionName = /^POST \/functions\/([\w-]+)\/invocations$/u.exec(route)?.[1];
    if (functionName !== undefined) return invoke(request, functionName);
    const table = /^GET \/exports\/([\w.-]+)$/u.exec(route)?.[1];
    if (table !== undefined) {
      const tar = await ports.exportTable(table);
      return tar === undefined
        ? problem("not_found", "The template has no such table.")
        : archive(table, tar);
    }
    const bucket = /^GET \/objects\/([\w.-]+)\.tar$/u.exec(route)?.[1];
    if (bucket !== undefined) {
      const tar = await ports.bucketTar(bucket);
      return tar === undefined
        ? problem("not_found", "The template has no such bucket.")
        : archive(bucket, tar);
    }
    const [, objectBucket, objectKey] = /^GET \/objects\/([\w.-]+)\/(.+)$/su.exec(route) ?? [];
    if (objectBucket !== undefined && objectKey !== undefined) return readObject(objectBucket, objectKey);
    return problem("not_found", "The local host has nothing at this address; GET /_local lists what it has.");
  }

  function readObject(bucket: string, writtenKey: string): HttpAnswer {
    const key = decodedPath(writtenKey);
    const object = key === undefined ? undefined : ports.object(bucket, key);
    if (object === undefined) return problem("not_found", "There is no such object.");
    const headers = {
      "Content-Type": object.contentType ?? "application/octet-stream",
      "Cache-Control": "no-store",
    };
    return { status: 200, headers, body: object.content };
  }

  async function invoke(request: IncomingMessage, name: string): Promise<HttpAnswer> {
    const outcome = await ports.invoke(name, await readJson(request, {}));
    switch (outcome?.kind) {
      case undefined:
        return problem("not_found", "The template has no such function.");
      case "answered":
        return json(200, { outcome: "answered", result: JSON.parse(outcome.payload) as unknown });
      case "failed":
        return json(200, {
          outcome: "failed",
          errorType: outcome.errorType,
          errorMessage: outcome.errorMessage,
        });
      case "timedOut":
        return json(200, { outcome: "timedOut" });
      default:
        return outcome satisfies never;
    }
  }

  async function receive(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readJsonObject(request, ["from", "body", "inboundMessageId"]);
    const from = requiredText(body, "from");
    const text = requiredText(body, "body");
    const { inboundMessageId } = body;
    if (!/^\+[1-9]\d{6,14}$/u.test(from))
      throw new RequestRefused("invalid_request", "from must be a number in E.164 form.", "/from");
    if (text.length > SMS_LENGTH_MAX)
      throw new RequestRefused("invalid_request", "body is longer than a text can be.", "/body");
    if (
      inboundMessageId !== undefined &&
      !(typeof inboundMessageId === "string" && UUID.test(inboundMessageId))
    )
      throw new RequestRefused("invalid_request", "inboundMessageId must be a UUID.", "/inboundMessageId");
    // Before the network can answer it, so that the answer stands below it.
    const sentAt = new Date().toISOString();
    const id = await ports.receiveText({ from, body: text, inboundMessageId });
    // The same id again is the same text of the patient, published twice.
    if (!replies.some((reply) => reply.id === id)) replies.push({ id, from, body: text, sentAt });
    return json(202, { status: "accepted", inboundMessageId: id });
  }

  async function tellCarrier(request: IncomingMessage): Promise<HttpAnswer> {
    const { answers } = await readJsonObject(request, ["answers"]);
    const chosen = CARRIER_ANSWERS.find((each) => each === answers);
    if (chosen === undefined)
      throw new RequestRefused(
        "invalid_request",
        `answers must be one of ${CARRIER_ANSWERS.join(", ")}.`,
        "/answers",
      );
    ports.setCarrierAnswers(chosen);
    return json(200, { answers: chosen });
  }

  async function emitEmailEvent(request: IncomingMessage, emailId: string): Promise<HttpAnswer> {
    const body = await readJsonObject(request, ["eventType", "bounceType"]);
    const eventType = EMAIL_EVENT_TYPES.find((each) => each === body["eventType"]);
    if (eventType === undefined)
      throw new RequestRefused(
        "invalid_request",
        `eventType must be one of ${EMAIL_EVENT_TYPES.join(", ")}.`,
        "/eventType",
      );
    const bounceType = BOUNCE_TYPES.find((each) => each === body["bounceType"]);
    if (body["bounceType"] !== undefined && bounceType === undefined)
      throw new RequestRefused(
        "invalid_request",
        `bounceType must be one of ${BOUNCE_TYPES.join(", ")}.`,
        "/bounceType",
      );
    return (await ports.emitEmailEvent(emailId, eventType, bounceType))
      ? json(202, { status: "accepted" })
      : problem("not_found", "No e-mail has this id.");
  }

  async function emitEvent(request: IncomingMessage, textId: string): Promise<HttpAnswer> {
    const eventType = requiredText(await readJsonObject(request, ["eventType"]), "eventType");
    const emitted = await ports.emitTextEvent(textId, eventType);
    if (emitted === undefined)
      return problem("invalid_request", "eventType is not an event type of the SMS service.", "/eventType");
    return emitted ? json(202, { status: "accepted" }) : problem("not_found", "No text has this id.");
  }

  async function tellModel(request: IncomingMessage): Promise<HttpAnswer> {
    const { kind, input } = await readJsonObject(request, ["kind", "input"]);
    const other = MODEL_BEHAVIOURS.find((each) => each === kind);
    if (other !== undefined) ports.modelBehaves({ kind: other });
    else if (kind === "answers") ports.modelBehaves({ kind, input });
    else throw new RequestRefused("invalid_request", "kind is nothing that the model does.", "/kind");
    return json(200, { kind });
  }

  async function moveClock(request: IncomingMessage): Promise<HttpAnswer> {
    const body = await readJsonObject(request, ["now", "advanceSeconds"]);
    const toMs = readTarget(body);
    if (toMs < Date.now()) return problem("constraint_violation", "The clock only moves forward.");
    if (toMs - Date.now() > CLOCK_MOVE_MS_MAX)
      throw new RequestRefused("invalid_request", "The clock cannot move that far.");
    await ports.moveClock(toMs);
    return json(200, { now: new Date().toISOString() });
  }
}

function readUser(body: Readonly<Record<string, unknown>>): LocalUser {
  const user = LOCAL_USERS.find((each) => each === body["user"]);
  if (user === undefined)
    throw new RequestRefused("invalid_request", `user must be one of ${LOCAL_USERS.join(", ")}.`, "/user");
  return user;
}

function readTarget(body: Readonly<Record<string, unknown>>): number {
  const { now, advanceSeconds } = body;
  if ((now === undefined) === (advanceSeconds === undefined)) {
    throw new RequestRefused("invalid_request", "Give either now or advanceSeconds.");
  }
  if (advanceSeconds !== undefined) {
    if (typeof advanceSeconds !== "number" || !Number.isFinite(advanceSeconds)) {
      throw new RequestRefused("invalid_request", "advanceSeconds must be a number.", "/advanceSeconds");
    }
    // A step of nothing must not lose a millisecond race against the clock itself.
    return advanceSeconds < 0 ? Number.NEGATIVE_INFINITY : Date.now() + advanceSeconds * 1000 + 1;
  }
  const ms = typeof now === "string" ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(ms))
    throw new RequestRefused("invalid_request", "now must be a time in ISO 8601.", "/now");
  return ms;
}

/** The text that a path was written for; undefined where it is not written as paths are. */
function decodedPath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function archive(name: string, tar: Buffer): HttpAnswer {
  const headers = {
    "Content-Type": "application/x-tar",
    "Content-Disposition": `attachment; filename="${name}.tar"`,
  };
  return { status: 200, headers, body: tar };
}

/** A JSON answer of the host's own addresses. */
function json(status: number, value: unknown): HttpAnswer {
  return {
    status,
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
    body: JSON.stringify(value),
  };
}

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import {
  AppointmentExternalId,
  AppointmentList,
  AppointmentResponse,
  ListAppointmentsQuery,
  PutAppointmentRequest,
} from "#shared/contracts/appointments.ts";
import {
  ApprovalId,
  ApprovalList,
  ApprovalResponse,
  DecideApprovalRequest,
  ListApprovalsQuery,
  RequestApprovalRequest,
} from "#shared/contracts/approvals.ts";
import { AttachmentResponse, RequestUploadRequest, UploadAsked } from "#shared/contracts/attachments.ts";
import {
  AuditList,
  ListAuditQuery,
  ReportQuery,
  ReportResponse,
  ReviewMonth,
  SignOffRequest,
  SignOffResponse,
} from "#shared/contracts/audit.ts";
import { ExportAccepted, RequestExportRequest } from "#shared/contracts/audit-exports.ts";
import { ClassificationResponse, ClassifyRequest } from "#shared/contracts/classifications.ts";
import {
  ConsentResponse,
  ConsentsResponse,
  ListConsentsQuery,
  OptOutRequest,
  OptOutResponse,
  PreferencesResponse,
  RecordConsentRequest,
  RequestConsentRequest,
  RequestConsentResponse,
  SetPreferencesRequest,
} from "#shared/contracts/consents.ts";
import { AttachmentId, MessageId, PatientId, ThreadId } from "#shared/contracts/fields.ts";
import {
  ImportAsked,
  ImportId,
  ImportResponse,
  ReadImportQuery,
  RequestImportRequest,
} from "#shared/contracts/imports.ts";
import { RevokeLinksRequest } from "#shared/contracts/link-revocations.ts";
import {
  ListMessagesQuery,
  MessageAccepted,
  MessageList,
  MessagePreview,
  MessageStatus,
  NewAlertResponse,
  RevokeMessageRequest,
  SendMessageRequest,
} from "#shared/contracts/messages.ts";
import {
  ChangePatientRequest,
  CreatePatientRequest,
  LookupPatientRequest,
  LookupPatientResponse,
  PatientResponse,
} from "#shared/contracts/patients.ts";
import {
  ChangePracticeRequest,
  ChangeVendorRequest,
  PracticeResponse,
  SwitchesRequest,
  VendorIdField,
  VendorResponse,
} from "#shared/contracts/practice.ts";
import { Problem } from "#shared/contracts/problem-document.ts";
import {
  CompleteTaskRequest,
  ListTasksQuery,
  TaskId,
  TaskList,
  TaskResponse,
} from "#shared/contracts/tasks.ts";
import {
  DecideTemplateRequest,
  ListTemplatesQuery,
  OwnTemplateId,
  TemplateId,
  TemplateList,
  TemplateResponse,
  TemplateWritten,
  WriteTemplateRequest,
} from "#shared/contracts/templates.ts";
import {
  AddNoteRequest,
  ChangeThreadRequest,
  ListThreadsQuery,
  NoteAdded,
  ThreadList,
  ThreadResponse,
  ThreadSummary,
} from "#shared/contracts/threads.ts";
import { VocabularyDiffResponse, VocabularyQuery, VocabularyResponse } from "#shared/contracts/vocabulary.ts";

/** Where the document is kept; `service-info` serves it as it stands. */
export const OPENAPI_PATH = fileURLToPath(new URL("../shared/contracts/openapi.json", import.meta.url));

const PROBLEM = {
  description: "A problem document; see its code.",
  content: {
    "application/problem+json": { schema: Problem },
  },
} as const;

/** What a report's answer has besides JSON. */
const REPORT_FILES = {
  "text/csv": { schema: z.string().meta({ description: "The table alone." }) },
  "text/html": { schema: z.string().meta({ description: "A page to print." }) },
} as const;
const PAGE = { "text/html": { schema: z.string().meta({ description: "A page to print." }) } } as const;
const REPORT_HEADERS = z.object({
  "Report-Sha256": z.string().meta({
    description:
      "Hex SHA-256 of what the report says, the same in every form as of the same moment; the audit keeps it.",
  }),
});

interface OperationParts {
  readonly id: string;
  readonly summary: string;
  readonly status?: number;
  readonly path?: Record<string, z.ZodType>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
  /** The answer is a report, which there is in other forms too. */
  readonly report?: true;
  /** The answer is a page too. */
  readonly page?: true;
  readonly idempotency?: "required" | "optional";
  readonly conditional?: boolean;
  readonly open?: boolean;
}

const IdempotencyKey = z.string().min(1).max(255);

function operation(parts: OperationParts): ZodOpenApiOperationObject {
  const headers = {
    ...(parts.idempotency === undefined
      ? {}
      : {
          "Idempotency-Key": parts.idempotency === "required" ? IdempotencyKey : IdempotencyKey.optional(),
        }),
    ...(parts.conditional === true ? { "If-Match": z.string().optional() } : {}),
  };
  const status = parts.status ?? 200;
  const answer =
    parts.answer === undefined
      ? { description: "Done." }
      : {
          description: "Done.",
          ...(parts.report === true ? { headers: REPORT_HEADERS } : {}),
          content: {
            "application/json": { schema: parts.answer },
            ...(parts.report === true ? REPORT_FILES : {}),
            ...(parts.page === true ? PAGE : {}),
          },
        };
  return {
    operationId: parts.id,
    summary: parts.summary,
    ...(parts.open === true ? { security: [] } : {}),
    requestParams: {
      ...(parts.path === undefined ? {} : { path: z.object(parts.path) }),
      ...(parts.query === undefined ? {} : { query: parts.query }),
      ...(Object.keys(headers).length === 0 ? {} : { header: z.object(headers) }),
    },
    ...(parts.body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: parts.body } } } }),
    responses: { [String(status)]: answer, default: PROBLEM } as ZodOpenApiOperationObject["responses"],
  };
}

const paths: ZodOpenApiPathsObject = {
  "/health": {
    get: operation({
      id: "getHealth",
      summary: "Whether the service answers",
      answer: z.strictObject({ status: z.literal("ok") }),
      open: true,
    }),
  },
  "/openapi.json": {
    get: operation({
      id: "getOpenapi",
      summary: "This document",
      answer: z.looseObject({}),
      open: true,
    }),
  },
  "/classifications": {
    post: operation({
      id: "classify",
      summary: "What a text is, and why; nothing is stored",
      body: ClassifyRequest,
      answer: ClassificationResponse,
    }),
  },
  "/patients": {
    post: operation({
      id: "createPatient",
      summary: "Registers a patient",
      status: 201,
      body: CreatePatientRequest,
      answer: PatientResponse,
      idempotency: "optional",
    }),
  },
  "/patients/lookup": {
    post: operation({
      id: "lookUpPatient",
      summary: "Finds a patient by external id",
      body: LookupPatientRequest,
      answer: LookupPatientResponse,
    }),
  },
  "/patients/{id}": {
    get: operation({
      id: "getPatient",
      summary: "A patient with contact details",
      path: { id: PatientId },
      answer: PatientResponse,
    }),
    patch: operation({
      id: "changePatient",
      summary: "Changes a patient; a new number needs consent anew",
      path: { id: PatientId },
      body: ChangePatientRequest,
      answer: PatientResponse,
      conditional: true,
    }),
  },
  "/patients/{id}/pin": {
    delete: operation({
      id: "removePin",
      summary: "Takes a patient's PIN for the portal away; the date of birth opens again",
      status: 204,
      path: { id: PatientId },
    }),
  },
  "/patients/{id}/consents": {
    post: operation({
      id: "recordConsent",
      summary: "Records a patient's decision; nothing is overwritten",
      status: 201,
      path: { id: PatientId },
      body: RecordConsentRequest,
      answer: ConsentResponse,
      idempotency: "optional",
    }),
    get: operation({
      id: "getConsents",
      summary: "What holds now, and the history",
      path: { id: PatientId },
      query: ListConsentsQuery,
      answer: ConsentsResponse,
    }),
  },
  "/patients/{id}/consent-requests": {
    post: operation({
      id: "requestConsent",
      summary: "Asks by text whether texts are welcome; YES within 72 hours grants exactly this purpose",
      status: 202,
      path: { id: PatientId },
      body: RequestConsentRequest,
      answer: RequestConsentResponse,
      idempotency: "optional",
    }),
  },
  "/patients/{id}/opt-outs": {
    post: operation({
      id: "recordOptOut",
      summary: "Ends every consent of a channel, as the patient said otherwise than by text",
      status: 201,
      path: { id: PatientId },
      body: OptOutRequest,
      answer: OptOutResponse,
      idempotency: "optional",
    }),
  },
  "/patients/{id}/preferences": {
    get: operation({
      id: "getPreferences",
      summary: "A patient's language and quiet hours, as wished here or in the portal",
      path: { id: PatientId },
      answer: PreferencesResponse,
    }),
    put: operation({
      id: "setPreferences",
      summary: "Puts a patient's language and quiet hours on record",
      path: { id: PatientId },
      body: SetPreferencesRequest,
      answer: PreferencesResponse,
      conditional: true,
    }),
  },
  "/patients/{id}/messages": {
    get: operation({
      id: "listMessages",
      summary: "States of a patient's messages, without content",
      path: { id: PatientId },
      query: ListMessagesQuery,
      answer: MessageList,
    }),
  },
  "/messages": {
    post: operation({
      id: "sendMessage",
      summary: "Accepts a message: classified, checked, sealed, alerted",
      status: 202,
      body: SendMessageRequest,
      answer: MessageAccepted,
      idempotency: "required",
    }),
  },
  "/messages/preview": {
    post: operation({
      id: "previewMessage",
      summary: "What sending would do, with the exact text; nothing is stored or sent",
      body: SendMessageRequest,
      answer: MessagePreview,
    }),
  },
  "/messages/{id}": {
    get: operation({
      id: "getMessage",
      summary: "A message's state, without content",
      path: { id: MessageId },
      answer: MessageStatus,
    }),
  },
  "/messages/{id}/revocation": {
    post: operation({
      id: "revokeMessage",
      summary: "Kills every link of the message at once",
      status: 204,
      path: { id: MessageId },
      body: RevokeMessageRequest,
    }),
  },
  "/messages/{id}/alerts": {
    post: operation({
      id: "alertAgain",
      summary: "Sends a new link for the message",
      status: 202,
      path: { id: MessageId },
      answer: NewAlertResponse,
    }),
  },
  "/link-revocations": {
    post: operation({
      id: "revokeLinks",
      summary: "Kills the links of a patient, of a sender or of the practice, with what they opened, at once",
      status: 204,
      body: RevokeLinksRequest,
    }),
  },
  "/threads": {
    get: operation({
      id: "listThreads",
      summary: "Threads in a state, the longest in it first",
      query: ListThreadsQuery,
      answer: ThreadList,
    }),
  },
  "/threads/{id}": {
    get: operation({
      id: "getThread",
      summary: "A thread with its content, as far as the role may read",
      path: { id: ThreadId },
      answer: ThreadResponse,
    }),
    patch: operation({
      id: "changeThread",
      summary: "Assigns a thread or changes its state",
      path: { id: ThreadId },
      body: ChangeThreadRequest,
      answer: ThreadSummary,
      conditional: true,
    }),
  },
  "/threads/{id}/notes": {
    post: operation({
      id: "addNote",
      summary: "Adds a note that only staff see",
      status: 201,
      path: { id: ThreadId },
      body: AddNoteRequest,
      answer: NoteAdded,
    }),
  },
  "/attachments": {
    post: operation({
      id: "requestUpload",
      summary: "Gives out a form, good for a minute, that one file is posted to the bucket with",
      status: 201,
      body: RequestUploadRequest,
      answer: UploadAsked,
      idempotency: "optional",
    }),
  },
  "/attachments/{id}": {
    get: operation({
      id: "getAttachment",
      summary: "How far a file has come, and where a checked one can be fetched for a minute",
      path: { id: AttachmentId },
      answer: AttachmentResponse,
    }),
  },
  "/tasks": {
    get: operation({
      id: "listTasks",
      summary:
        "What there is to do for the caller's roles, the first due first; of what is done, the last due",
      query: ListTasksQuery,
      answer: TaskList,
    }),
  },
  "/tasks/{id}/completion": {
    post: operation({
      id: "completeTask",
      summary:
        "Completes a task, once; the note becomes one of its thread, and a task without one takes none",
      path: { id: TaskId },
      body: CompleteTaskRequest,
      answer: TaskResponse,
      idempotency: "optional",
    }),
  },
  "/appointments": {
    get: operation({
      id: "listAppointments",
      summary: "Visits of a day and how far they are confirmed, the earliest patient first",
      query: ListAppointmentsQuery,
      answer: AppointmentList,
    }),
  },
  "/appointments/{externalId}": {
    get: operation({
      id: "getAppointment",
      summary: "A visit and how far it is confirmed",
      path: { externalId: AppointmentExternalId },
      answer: AppointmentResponse,
    }),
    put: operation({
      id: "putAppointment",
      summary: "Keeps a visit and plans its day's reminders; 201 where it is new",
      path: { externalId: AppointmentExternalId },
      body: PutAppointmentRequest,
      answer: AppointmentResponse,
      conditional: true,
    }),
    delete: operation({
      id: "removeAppointment",
      summary: "Forgets a visit; its reminders are void",
      status: 204,
      path: { externalId: AppointmentExternalId },
      conditional: true,
    }),
  },
  "/imports": {
    post: operation({
      id: "requestImport",
      summary: "Gives out a form that a file with patients, consents or visits is posted to the bucket with",
      status: 202,
      body: RequestImportRequest,
      answer: ImportAsked,
      idempotency: "optional",
    }),
  },
  "/imports/{id}": {
    get: operation({
      id: "getImport",
      summary: "How far an import has come, and what was wrong with which line",
      path: { id: ImportId },
      query: ReadImportQuery,
      answer: ImportResponse,
    }),
  },
  "/practice": {
    get: operation({ id: "getPractice", summary: "The practice's settings", answer: PracticeResponse }),
    put: operation({
      id: "changePractice",
      summary: "Changes the practice's settings and directory; what is left out stays as it is",
      body: ChangePracticeRequest,
      answer: PracticeResponse,
      conditional: true,
    }),
  },
  "/practice/switches": {
    put: operation({
      id: "setSwitches",
      summary: "Turns sending or the portal off or on, for everybody and at once",
      body: SwitchesRequest,
      answer: SwitchesRequest,
    }),
  },
  "/patients/{id}/disclosures": {
    get: operation({
      id: "getDisclosures",
      summary: "Accounting of a patient's disclosures (45 CFR 164.528), as JSON, CSV or a page to print",
      path: { id: PatientId },
      query: ReportQuery,
      answer: ReportResponse,
      report: true,
    }),
  },
  "/patients/{id}/accesses": {
    get: operation({
      id: "getAccesses",
      summary: "Who saw what of a patient, as JSON, CSV or a page to print",
      path: { id: PatientId },
      query: ReportQuery,
      answer: ReportResponse,
      report: true,
    }),
  },
  "/audit": {
    get: operation({
      id: "listAudit",
      summary: "Audit entries of a patient or of an actor, the oldest first; the reading is itself recorded",
      query: ListAuditQuery,
      answer: AuditList,
    }),
  },
  "/audit/access-reviews/{month}/sign-off": {
    post: operation({
      id: "signOffAccessReview",
      summary: "Records that a month's access review was made",
      status: 201,
      path: { month: ReviewMonth },
      body: SignOffRequest,
      answer: SignOffResponse,
      idempotency: "optional",
    }),
  },
  "/audit/exports": {
    post: operation({
      id: "requestExport",
      summary: "Has AWS export the audit table and what belongs to it into the exports bucket",
      status: 202,
      body: RequestExportRequest,
      answer: ExportAccepted,
      idempotency: "optional",
    }),
  },
  "/templates": {
    get: operation({
      id: "listTemplates",
      summary: "The practice's own templates, then those that ship with the product",
      query: ListTemplatesQuery,
      answer: TemplateList,
    }),
    post: operation({
      id: "writeTemplate",
      summary: "Writes a template, or with the id of one its next version; refused with every finding",
      status: 201,
      body: WriteTemplateRequest,
      answer: TemplateWritten,
      idempotency: "optional",
      conditional: true,
    }),
  },
  "/templates/{id}": {
    get: operation({
      id: "getTemplate",
      summary: "A template in its newest version",
      path: { id: TemplateId },
      answer: TemplateResponse,
    }),
    delete: operation({
      id: "withdrawTemplate",
      summary: "Takes a template out of use for good; its writer may while none of it is in force",
      status: 204,
      path: { id: OwnTemplateId },
      conditional: true,
    }),
  },
  "/templates/{id}/approval": {
    post: operation({
      id: "decideTemplate",
      summary: "Approves or declines the newest version; not for whoever wrote it",
      path: { id: OwnTemplateId },
      body: DecideTemplateRequest,
      answer: TemplateResponse,
      conditional: true,
    }),
  },
  "/approvals": {
    get: operation({
      id: "listApprovals",
      summary: "What a second person was asked about, the newest first",
      query: ListApprovalsQuery,
      answer: ApprovalList,
    }),
    post: operation({
      id: "requestApproval",
      summary: "Asks a second person about the text names that wait; again, the same request is answered",
      status: 201,
      body: RequestApprovalRequest,
      answer: ApprovalResponse,
      idempotency: "optional",
    }),
  },
  "/approvals/{id}/decision": {
    post: operation({
      id: "decideApproval",
      summary:
        "Approves or declines, but not for whoever asked or proposed one of the names; or takes back what it approved",
      path: { id: ApprovalId },
      body: DecideApprovalRequest,
      answer: ApprovalResponse,
      conditional: true,
    }),
  },
  "/vocabulary": {
    get: operation({
      id: "getVocabulary",
      summary:
        "Everything that texts can say, as JSON or a page to print (`Accept: text/html`); how it changed",
      query: VocabularyQuery,
      answer: z.union([VocabularyResponse, VocabularyDiffResponse]),
      page: true,
    }),
  },
  "/vendors/{id}": {
    get: operation({
      id: "getVendor",
      summary: "A vendor's business associate agreement",
      path: { id: VendorIdField },
      answer: VendorResponse,
    }),
    put: operation({
      id: "changeVendor",
      summary: "Records a vendor's business associate agreement",
      path: { id: VendorIdField },
      body: ChangeVendorRequest,
      answer: VendorResponse,
      conditional: true,
    }),
  },
};

/** The OpenAPI 3.1 document of the staff API, made from the schemas that the code parses with. */
export function openapiDocument(): unknown {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Foundphone",
      version: "1",
      description:
        "Alert-only texts for medical practices. Errors are RFC 9457 problem documents with a stable code.",
    },
    servers: [{ url: "/v1" }],
    security: [{ accessToken: [] }],
    components: {
      securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
    paths,
  });
}

/** The document as it is committed. */
export function openapiText(): string {
  return `${JSON.stringify(openapiDocument(), null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(OPENAPI_PATH, openapiText());
  process.stdout.write("wrote shared/contracts/openapi.json\n");
}

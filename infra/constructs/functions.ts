import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { AnchorEnvironment } from "#functions/anchor/env.ts";
import type { AppointmentsEnvironment } from "#functions/appointments/env.ts";
import type { AttachmentsEnvironment } from "#functions/attachments/env.ts";
import type { AuditEnvironment } from "#functions/audit/env.ts";
import type { AuthorizeEnvironment } from "#functions/authorize/env.ts";
import type { CheckAttachmentEnvironment } from "#functions/check-attachment/env.ts";
import type { ClassificationsEnvironment } from "#functions/classifications/env.ts";
import type { ConsentsEnvironment } from "#functions/consents/env.ts";
import type { ExportAuditEnvironment } from "#functions/export-audit/env.ts";
import type { ImportRecordsEnvironment } from "#functions/import-records/env.ts";
import type { MessagesEnvironment } from "#functions/messages/env.ts";
import type { PatientsEnvironment } from "#functions/patients/env.ts";
import type { PortalEnvironment } from "#functions/portal/env.ts";
import type { PracticeEnvironment } from "#functions/practice/env.ts";
import type { ReceiveTextEnvironment } from "#functions/receive-text/env.ts";
import type { ReconcileOptOutsEnvironment } from "#functions/reconcile-opt-outs/env.ts";
import type { RecordDeliveryEnvironment } from "#functions/record-delivery/env.ts";
import type { RemindEnvironment } from "#functions/remind/env.ts";
import type { SendAlertEnvironment } from "#functions/send-alert/env.ts";
import type { TasksEnvironment } from "#functions/tasks/env.ts";
import type { ThreadsEnvironment } from "#functions/threads/env.ts";
import type { CheckedBrand } from "../practice-brand.ts";
import type { OptOutRegime, OptOutScope } from "../stages.ts";
import type { AlertQueues } from "./alert-queues.ts";
import type { AttachmentsBucket } from "./attachments-bucket.ts";
import type { AnchorsBucket, ExportsBucket } from "./audit-buckets.ts";
import type { DeliveryEvents } from "./delivery-events.ts";
import type { EmailSending } from "./email-sending.ts";
import type { LogSettings } from "./encrypted-log-group.ts";
import type { ImportsBucket } from "./imports-bucket.ts";
import type { InboundTexts } from "./inbound-texts.ts";
import type { Keys } from "./keys.ts";
import type { MissedInvocations } from "./missed-invocations.ts";
import type { PortalApi } from "./portal-api.ts";
import { CONSUMER_TIMEOUT } from "./redriven-queue.ts";
import type { SecondReading } from "./second-reading.ts";
import { ServiceFunction } from "./service-function.ts";
import type { StaffDirectory } from "./staff-directory.ts";
import type { Tables } from "./tables.ts";
import type { TextSending } from "./text-sending.ts";

const REQUEST_TIMEOUT = Duration.seconds(10);
/** An alert keeps one run busy for about a third of a second; a turn may be 5 seconds ahead. */
const ALERTS_PER_RUN_AND_SECOND = 3;
const BULK_CONCURRENCY_MIN = 2;
const BULK_CONCURRENCY_MAX = 40;
/**
 * A run records the reports of 10 texts or more in a second. No more runs than the pace needs: each remembers what it was
 * told, and what another was told it must read again.
 */
const REPORTED_PER_RUN_AND_SECOND = 5;
/** All that strangers write joins one audit chain: more runs at once would only wait for each other. */
const INBOUND_CONCURRENCY_MAX = 10;

/** What the functions work with. */
export interface Resources {
  readonly logs: LogSettings;
  readonly keys: Keys;
  readonly tables: Tables;
  readonly queues: AlertQueues;
  readonly deliveryEvents: DeliveryEvents;
  readonly inboundTexts: InboundTexts;
  readonly textSending: TextSending;
  /** Undefined where the stage sends no e-mails. */
  readonly emailSending: EmailSending | undefined;
  readonly staffDirectory: StaffDirectory;
  readonly portalApi: PortalApi;
  readonly anchors: AnchorsBucket;
  readonly exports: ExportsBucket;
  readonly attachments: AttachmentsBucket;
  readonly imports: ImportsBucket;
  /** Where runs of `remind` go that failed. */
  readonly missed: MissedInvocations;
  readonly practice: { readonly textName: string; readonly phone: string; readonly timeZone: string };
  /** How the patients' pages look. */
  readonly brand: CheckedBrand;
  /** Who answers STOP, and which purposes it ends. */
  readonly optOuts: { readonly regime: OptOutRegime; readonly scope: OptOutScope };
  readonly textPartsMax: 1 | 2;
  /** Empty where the practice names none. */
  readonly textNumbers: { readonly TEXT_NUMBERS?: string };
  /** How long a link can be proved. */
  readonly linkLifetimeSeconds: number;
  /** Empty where the practice has no wording of its own. */
  readonly wording: { readonly PRACTICE_WORDING?: string };
  /** Undefined where the stage has none. */
  readonly secondReading: SecondReading | undefined;
}

/** What the bundler puts beside a bundle for the second reader; see `lateFiles` in infra/bundle.ts. */
const SECOND_READER_FILES = ["bedrock-reader.*", "converse.*", "vendor-agreement.*"];

function practiceInTexts({ practice }: Resources) {
  return { PRACTICE_NAME: practice.textName, PRACTICE_PHONE: practice.phone };
}

/** So many runs as the originator's pace can keep busy. */
function bulkConcurrency({ textsPerSecond }: TextSending): number {
  const wanted = Math.ceil((textsPerSecond ?? BULK_CONCURRENCY_MAX) / ALERTS_PER_RUN_AND_SECOND);
  return Math.min(BULK_CONCURRENCY_MAX, Math.max(BULK_CONCURRENCY_MIN, wanted));
}

/** So many runs as record what a pace of texts has reported. */
function reportConcurrency({ textsPerSecond }: TextSending): number {
  const wanted = Math.ceil((textsPerSecond ?? Number.POSITIVE_INFINITY) / REPORTED_PER_RUN_AND_SECOND);
  return Math.min(BULK_CONCURRENCY_MAX, Math.max(BULK_CONCURRENCY_MIN, wanted));
}

/** Alert plane: sends texts, reads contact details, and has nothing to do with the content key. */
export function createSendAlert(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, textSending, emailSending, portalApi, textPartsMax, wording } =
    resources;
  const sendAlert = new ServiceFunction<SendAlertEnvironment>(scope, "SendAlertFunction", {
    name: "send-alert",
    logs,
    timeout: CONSUMER_TIMEOUT,
    environment: {
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.practice.environment,
      ...tables.appointments.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      ...keys.link.environment,
      ...queues.urgent.environment,
      ...queues.bulk.environment,
      ...portalApi.environment,
      ...practiceInTexts(resources),
      ...wording,
      ...textSending.environment,
      ...emailSending?.environment,
      TEXT_PARTS_MAX: String(textPartsMax),
      LINK_LIFETIME_SECONDS: String(resources.linkLifetimeSeconds),
      PRACTICE_TIME_ZONE: resources.practice.timeZone,
    },
  });
  tables.patients.grantHoldTo(sendAlert);
  tables.patients.grantKeepNumbers(sendAlert);
  tables.patients.grantFindOwners(sendAlert);
  tables.consents.grantHoldTo(sendAlert);
  tables.messages.grantClaim(sendAlert);
  tables.appointments.grantAskAbout(sendAlert);
  tables.practice.grantPace(sendAlert);
  tables.practice.grantOpenTasks(sendAlert);
  tables.audit.grantAppend(sendAlert);
  // What it records of a stop that only the carrier heard.
  tables.consents.grantAppend(sendAlert);
  keys.contact.grantSeal(sendAlert);
  // Number and address, and not the rest of what is known of a patient.
  keys.contact.grantOpen(sendAlert, ["phone", "email"]);
  keys.link.grantCompute(sendAlert);
  textSending.grantSendTexts(sendAlert);
  textSending.grantKeepOptOuts(sendAlert);
  emailSending?.grantSendEmails(sendAlert);
  queues.urgent.grantRequest(sendAlert);
  queues.bulk.grantRequest(sendAlert);
  queues.urgent.deliverTo(sendAlert);
  queues.bulk.deliverTo(sendAlert, { maxConcurrency: bulkConcurrency(resources.textSending) });
  return sendAlert;
}

/** Content plane, for patients: opens content, and can only ask for an alert. */
export function createPortal(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, attachments, portalApi, emailSending } = resources;
  const portal = new ServiceFunction<PortalEnvironment>(scope, "PortalFunction", {
    name: "portal",
    logs,
    timeout: REQUEST_TIMEOUT,
    tracing: false,
    files: resources.brand.files,
    environment: {
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.consents.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTENT_KEY_ARN: keys.content.arn,
      CONTACT_KEY_ARN: keys.contact.arn,
      ...keys.link.environment,
      PROOF_KEY_ARN: keys.proof.arn,
      ...queues.urgent.environment,
      ...practiceInTexts(resources),
      ...resources.brand.environment,
      ...resources.wording,
      PRACTICE_TIME_ZONE: resources.practice.timeZone,
      // What the public page tells of texts and e-mails; neither lets the portal send any.
      ...portalApi.environment,
      ...resources.textNumbers,
      ...emailSending?.sender,
      ...attachments.environment,
    },
  });
  tables.messages.grantServe(portal);
  tables.contentKeys.grantRead(portal);
  tables.contentKeys.grantAddForPatients(portal);
  tables.consents.grantAppend(portal);
  tables.practice.grantRead(portal);
  tables.practice.grantOpenTasks(portal);
  tables.audit.grantAppend(portal);
  keys.content.grantOpen(portal, ["msg_*", "att_*"]);
  // For what patients write.
  keys.content.grantSeal(portal);
  // For the ledger's evidence, which the portal cannot open.
  keys.contact.grantSeal(portal);
  keys.link.grantCompute(portal);
  keys.proof.grantCompute(portal);
  queues.urgent.grantRequest(portal);
  attachments.grantReceive(portal);
  attachments.grantShow(portal);
  return portal;
}

/** Content plane, for staff: opens threads and keeps notes, and reaches nobody. */
export function createThreads(scope: Construct, { logs, keys, tables, attachments }: Resources) {
  const threads = new ServiceFunction<ThreadsEnvironment>(scope, "ThreadsFunction", {
    name: "threads",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.audit.environment,
      CONTENT_KEY_ARN: keys.content.arn,
      INDEX_KEY_ARN: keys.index.arn,
      ATTACHMENTS_BUCKET_NAME: attachments.environment.ATTACHMENTS_BUCKET_NAME,
    },
  });
  tables.messages.grantWorkThreads(threads);
  tables.contentKeys.grantRead(threads);
  tables.contentKeys.grantAdd(threads);
  tables.audit.grantAppend(threads);
  attachments.grantShow(threads);
  keys.content.grantOpen(threads, ["msg_*", "not_*", "att_*"]);
  keys.content.grantSeal(threads);
  keys.index.grantCompute(threads);
  return threads;
}

/** Writer: lets staff and systems upload, seals the names, and can read neither. */
export function createAttachments(scope: Construct, { logs, keys, tables, attachments }: Resources) {
  const writer = new ServiceFunction<AttachmentsEnvironment>(scope, "AttachmentsFunction", {
    name: "attachments",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.audit.environment,
      ATTACHMENTS_BUCKET_NAME: attachments.environment.ATTACHMENTS_BUCKET_NAME,
      CONTENT_KEY_ARN: keys.content.arn,
      INDEX_KEY_ARN: keys.index.arn,
    },
  });
  tables.messages.grantAddAttachments(writer);
  tables.contentKeys.grantAddForAttachments(writer);
  tables.audit.grantAppend(writer);
  attachments.grantReceive(writer);
  keys.content.grantSeal(writer);
  keys.index.grantCompute(writer);
  return writer;
}

/** How long the bytes of what was taken back, or never sent, may stay after that. */
const ATTACHMENTS_SWEPT_EVERY = Duration.minutes(5);

/** Content plane: the only function that reads uploads, keeps what may be shown of them, and erases. */
export function createCheckAttachment(scope: Construct, { logs, tables, attachments }: Resources) {
  const check = new ServiceFunction<CheckAttachmentEnvironment>(scope, "CheckAttachmentFunction", {
    name: "check-attachment",
    logs,
    timeout: CONSUMER_TIMEOUT,
    // A file of 25 MB lies there twice, and processor time comes with memory.
    memorySizeMebibytes: 1024,
    environment: {
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      ATTACHMENTS_BUCKET_NAME: attachments.environment.ATTACHMENTS_BUCKET_NAME,
    },
  });
  tables.messages.grantCheckAttachments(check);
  tables.practice.grantOpenTasks(check);
  tables.contentKeys.grantForgetAttachments(check);
  tables.audit.grantAppend(check);
  attachments.grantCheck(check);
  attachments.grantErase(check);
  attachments.arrivals.deliverTo(check);
  new Rule(scope, "AttachmentsSweepSchedule", {
    description: "Attachments that were taken back, never sent, or sent and not seen since",
    schedule: Schedule.rate(ATTACHMENTS_SWEPT_EVERY),
    // The next sweep finds what this one missed.
    targets: [new LambdaFunction(check.function, { retryAttempts: 0 })],
  });
  return check;
}

/** What staff have to do: closes tasks, and seals the notes that go with it without being able to read them. */
export function createTasks(scope: Construct, { logs, keys, tables }: Resources) {
  const tasks = new ServiceFunction<TasksEnvironment>(scope, "TasksFunction", {
    name: "tasks",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.practice.environment,
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.audit.environment,
      CONTENT_KEY_ARN: keys.content.arn,
      INDEX_KEY_ARN: keys.index.arn,
    },
  });
  tables.practice.grantWorkTasks(tasks);
  tables.messages.grantNote(tasks);
  tables.contentKeys.grantAdd(tasks);
  tables.audit.grantAppend(tasks);
  keys.content.grantSeal(tasks);
  keys.index.grantCompute(tasks);
  return tasks;
}

/** Writer: seals what staff say, cannot read it again, and can only ask for an alert. */
export function createMessages(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, portalApi, textPartsMax, wording, secondReading } = resources;
  const messages = new ServiceFunction<MessagesEnvironment>(scope, "MessagesFunction", {
    name: "messages",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTENT_KEY_ARN: keys.content.arn,
      INDEX_KEY_ARN: keys.index.arn,
      ...queues.bulk.environment,
      ...queues.urgent.environment,
      ...portalApi.environment,
      ...practiceInTexts(resources),
      PRACTICE_TIME_ZONE: resources.practice.timeZone,
      ...wording,
      TEXT_PARTS_MAX: String(textPartsMax),
      ...secondReading?.environment,
    },
    without: secondReading === undefined ? SECOND_READER_FILES : [],
  });
  secondReading?.grantAsk(messages);
  tables.patients.grantRead(messages);
  tables.consents.grantRead(messages);
  tables.messages.grantAccept(messages);
  tables.contentKeys.grantAdd(messages);
  tables.practice.grantRead(messages);
  tables.practice.grantCloseTasks(messages);
  tables.audit.grantAppend(messages);
  keys.content.grantSeal(messages);
  keys.index.grantCompute(messages);
  queues.bulk.grantRequest(messages);
  // New links that somebody waits for.
  queues.urgent.grantRequest(messages);
  return messages;
}

/** Registers patients: the only function that seals and opens contact details for staff. */
export function createPatients(scope: Construct, { logs, keys, tables }: Resources) {
  const patients = new ServiceFunction<PatientsEnvironment>(scope, "PatientsFunction", {
    name: "patients",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.patients.environment,
      ...tables.contentKeys.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      PROOF_KEY_ARN: keys.proof.arn,
    },
  });
  tables.patients.grantKeep(patients);
  tables.contentKeys.grantAdd(patients);
  tables.audit.grantAppend(patients);
  keys.contact.grantSeal(patients);
  keys.contact.grantOpen(patients, ["contact"]);
  keys.index.grantCompute(patients);
  keys.proof.grantCompute(patients);
  return patients;
}

/** Records what patients agreed to, and can only ask for the texts that ask them or tell them so. */
export function createConsents(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, optOuts, practice } = resources;
  const consents = new ServiceFunction<ConsentsEnvironment>(scope, "ConsentsFunction", {
    name: "consents",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.consents.environment,
      ...tables.patients.environment,
      ...tables.messages.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      ...queues.urgent.environment,
      OPT_OUTS: optOuts.regime,
      PRACTICE_TIME_ZONE: practice.timeZone,
    },
  });
  tables.consents.grantRecord(consents);
  tables.patients.grantHoldTo(consents);
  tables.patients.grantKeepNumbers(consents);
  tables.messages.grantAddAlerts(consents);
  tables.practice.grantReadVendors(consents);
  tables.practice.grantReadSettings(consents);
  tables.audit.grantAppend(consents);
  queues.urgent.grantRequest(consents);
  keys.contact.grantSeal(consents);
  keys.contact.grantOpen(consents, ["con_*"]);
  keys.index.grantCompute(consents);
  return consents;
}

/** Keeps visits and plans their reminders; opens nothing but the external ids that it sealed, and sends nothing. */
export function createAppointments(scope: Construct, { logs, keys, tables, practice, imports }: Resources) {
  const appointments = new ServiceFunction<AppointmentsEnvironment>(scope, "AppointmentsFunction", {
    name: "appointments",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...tables.appointments.environment,
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      PRACTICE_TIME_ZONE: practice.timeZone,
      ...imports.environment,
    },
  });
  tables.appointments.grantKeep(appointments);
  tables.patients.grantHoldTo(appointments);
  tables.consents.grantRead(appointments);
  tables.messages.grantPlanReminders(appointments);
  tables.practice.grantReadDirectory(appointments);
  tables.audit.grantAppend(appointments);
  keys.contact.grantSeal(appointments);
  keys.contact.grantOpen(appointments, ["apt_*"]);
  keys.index.grantCompute(appointments);
  imports.grantReceive(appointments);
  return appointments;
}

/** 100,000 rows take minutes; what is left over is gone on with. */
const IMPORT_TIMEOUT = Duration.minutes(15);

/** Writer: works through files that staff and systems uploaded; sends nothing, and opens no evidence and no content. */
export function createImportRecords(scope: Construct, resources: Resources) {
  const { logs, keys, tables, practice, imports, optOuts } = resources;
  const importRecords = new ServiceFunction<ImportRecordsEnvironment>(scope, "ImportRecordsFunction", {
    name: "import-records",
    logs,
    timeout: IMPORT_TIMEOUT,
    // A file of 50 MB lies there with what its rows are compared by, and processor time comes with memory.
    memorySizeMebibytes: 1769,
    environment: {
      ...tables.appointments.environment,
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      IMPORTS_BUCKET_NAME: imports.environment.IMPORTS_BUCKET_NAME,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      PROOF_KEY_ARN: keys.proof.arn,
      PRACTICE_TIME_ZONE: practice.timeZone,
      OPT_OUTS: optOuts.regime,
    },
  });
  tables.patients.grantImport(importRecords);
  tables.contentKeys.grantAddForImports(importRecords);
  tables.consents.grantAppend(importRecords);
  tables.appointments.grantImport(importRecords);
  tables.messages.grantPlanReminders(importRecords);
  tables.practice.grantReadDirectory(importRecords);
  tables.audit.grantAppend(importRecords);
  keys.contact.grantSeal(importRecords);
  // What a file tells of a patient is compared with what is known.
  keys.contact.grantOpen(importRecords, ["contact"]);
  keys.index.grantCompute(importRecords);
  keys.proof.grantCompute(importRecords);
  imports.grantWorkThrough(importRecords);
  imports.arrivals.deliverTo(importRecords);
  return importRecords;
}

/** Settings, switches and vendors of the practice, and what its texts can say; reads no patient and sends nothing. */
export function createPractice(scope: Construct, resources: Resources) {
  const { logs, keys, tables, portalApi, emailSending, textPartsMax, wording } = resources;
  const practice = new ServiceFunction<PracticeEnvironment>(scope, "PracticeFunction", {
    name: "practice",
    logs,
    timeout: REQUEST_TIMEOUT,
    // The vocabulary is judged and counted in one go, and processor time comes with memory.
    memorySizeMebibytes: 1024,
    environment: {
      ...tables.practice.environment,
      ...tables.audit.environment,
      INDEX_KEY_ARN: keys.index.arn,
      ...practiceInTexts(resources),
      PRACTICE_TIME_ZONE: resources.practice.timeZone,
      // What stands in texts; none of it lets this function send any.
      ...portalApi.environment,
      ...emailSending?.sender,
      ...wording,
      TEXT_PARTS_MAX: String(textPartsMax),
    },
  });
  tables.practice.grantAdminister(practice);
  tables.audit.grantAppend(practice);
  keys.index.grantCompute(practice);
  return practice;
}

/** Verifies the token and the session of every call to the staff API. */
export function createAuthorize(scope: Construct, { logs, tables, staffDirectory }: Resources) {
  const authorize = new ServiceFunction<AuthorizeEnvironment>(scope, "AuthorizeFunction", {
    name: "authorize",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...staffDirectory.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
    },
  });
  tables.practice.grantKeepSessions(authorize);
  tables.audit.grantAppend(authorize);
  return authorize;
}

/**
 * Tells the tier of a text; has no permission at all. Where the stage has a second reader, it may ask that, and read
 * whether its vendor's agreement is in force.
 */
export function createClassifications(scope: Construct, { logs, tables, wording, secondReading }: Resources) {
  const classifications = new ServiceFunction<ClassificationsEnvironment>(scope, "ClassificationsFunction", {
    name: "classifications",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {
      ...wording,
      ...(secondReading === undefined
        ? {}
        : { ...secondReading.environment, ...tables.practice.environment }),
    },
    without: secondReading === undefined ? SECOND_READER_FILES : [],
  });
  if (secondReading !== undefined) {
    secondReading.grantAsk(classifications);
    tables.practice.grantReadVendors(classifications);
  }
  return classifications;
}

/** Health and the API's own description; has no permission at all. */
export function createServiceInfo(scope: Construct, { logs }: Resources) {
  return new ServiceFunction<object>(scope, "ServiceInfoFunction", {
    name: "service-info",
    logs,
    timeout: REQUEST_TIMEOUT,
    environment: {},
  });
}

/** Records what became of texts and e-mails, ends what must end, and can only ask for what follows. */
export function createRecordDelivery(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, deliveryEvents } = resources;
  const recordDelivery = new ServiceFunction<RecordDeliveryEnvironment>(scope, "RecordDeliveryFunction", {
    name: "record-delivery",
    logs,
    timeout: CONSUMER_TIMEOUT,
    environment: {
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      ...queues.urgent.environment,
      ...queues.bulk.environment,
    },
  });
  tables.patients.grantRead(recordDelivery);
  tables.patients.grantKeepNumbers(recordDelivery);
  tables.consents.grantAppend(recordDelivery);
  tables.messages.grantReport(recordDelivery);
  tables.practice.grantSettleTasks(recordDelivery);
  tables.audit.grantAppend(recordDelivery);
  // For the ledger's evidence.
  keys.contact.grantSeal(recordDelivery);
  queues.urgent.grantRequest(recordDelivery);
  queues.bulk.grantRequest(recordDelivery);
  deliveryEvents.queue.deliverTo(recordDelivery, {
    maxConcurrency: reportConcurrency(resources.textSending),
  });
  return recordDelivery;
}

/** Alert plane, and sends nothing: once a day, learns from the carrier's list who said STOP where we could not hear it. */
export function createReconcileOptOuts(scope: Construct, { logs, keys, tables, textSending }: Resources) {
  const reconcile = new ServiceFunction<ReconcileOptOutsEnvironment>(scope, "ReconcileOptOutsFunction", {
    name: "reconcile-opt-outs",
    logs,
    timeout: Duration.minutes(10),
    environment: {
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      OPT_OUT_LIST_NAME: textSending.optOutListName,
    },
  });
  textSending.grantSeeOptOuts(reconcile);
  tables.patients.grantRead(reconcile);
  tables.patients.grantFindOwners(reconcile);
  tables.patients.grantKeepNumbers(reconcile);
  tables.consents.grantAppend(reconcile);
  tables.practice.grantKeepOptOutCursor(reconcile);
  tables.practice.grantOpenTasks(reconcile);
  tables.audit.grantAppend(reconcile);
  keys.contact.grantSeal(reconcile);
  keys.index.grantCompute(reconcile);
  new Rule(scope, "ReconcileOptOutsSchedule", {
    description: "The carrier's list of numbers that want no texts",
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new LambdaFunction(reconcile.function, { retryAttempts: 0 })],
  });
  return reconcile;
}

/** Writer: keeps what patients text, cannot read it again, and can only ask for an answer. */
export function createReceiveText(scope: Construct, resources: Resources) {
  const { logs, keys, tables, queues, inboundTexts, optOuts, wording, practice } = resources;
  const receiveText = new ServiceFunction<ReceiveTextEnvironment>(scope, "ReceiveTextFunction", {
    name: "receive-text",
    logs,
    timeout: CONSUMER_TIMEOUT,
    environment: {
      ...tables.patients.environment,
      ...tables.consents.environment,
      ...tables.messages.environment,
      ...tables.contentKeys.environment,
      ...tables.appointments.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      CONTENT_KEY_ARN: keys.content.arn,
      CONTACT_KEY_ARN: keys.contact.arn,
      INDEX_KEY_ARN: keys.index.arn,
      ...queues.urgent.environment,
      ...wording,
      PRACTICE_TIME_ZONE: practice.timeZone,
      OPT_OUTS: optOuts.regime,
      OPT_OUT_SCOPE: optOuts.scope,
    },
  });
  tables.patients.grantRead(receiveText);
  tables.patients.grantFindOwners(receiveText);
  tables.patients.grantKeepNumbers(receiveText);
  tables.consents.grantAppend(receiveText);
  tables.messages.grantAccept(receiveText);
  tables.contentKeys.grantAdd(receiveText);
  tables.appointments.grantAnswerFor(receiveText);
  tables.practice.grantRead(receiveText);
  tables.practice.grantOpenTasks(receiveText);
  tables.practice.grantCloseTasks(receiveText);
  tables.audit.grantAppend(receiveText);
  keys.content.grantSeal(receiveText);
  keys.contact.grantSeal(receiveText);
  keys.index.grantCompute(receiveText);
  queues.urgent.grantRequest(receiveText);
  inboundTexts.queue.deliverTo(receiveText, { maxConcurrency: INBOUND_CONCURRENCY_MAX });
  return receiveText;
}

/** Every minute: claims what is due and asks for its alerts, and notes which tasks are late. */
export function createRemind(scope: Construct, resources: Resources) {
  const { logs, tables, queues, textSending, missed } = resources;
  const remind = new ServiceFunction<RemindEnvironment>(scope, "RemindFunction", {
    name: "remind",
    logs,
    timeout: CONSUMER_TIMEOUT,
    environment: {
      ...tables.messages.environment,
      ...tables.practice.environment,
      ...tables.audit.environment,
      ...queues.urgent.environment,
      ...queues.bulk.environment,
      ...textSending.pace,
    },
  });
  tables.messages.grantSweep(remind);
  tables.practice.grantEscalateTasks(remind);
  tables.audit.grantAppend(remind);
  queues.urgent.grantRequest(remind);
  queues.bulk.grantRequest(remind);
  missed.collectFrom(remind);
  new Rule(scope, "RemindSchedule", {
    description: "Everything that must happen later",
    schedule: Schedule.rate(Duration.minutes(1)),
    // The next minute finds what this one missed; repeating it would only find the same.
    targets: [new LambdaFunction(remind.function, { retryAttempts: 0, deadLetterQueue: missed.queue })],
  });
  return remind;
}

/** Reports over thousands of entries take a few seconds. */
const REPORT_TIMEOUT = Duration.seconds(25);

/** For auditors: reads the audit and no other record, and writes down that it did. */
export function createAudit(scope: Construct, { logs, keys, tables, practice }: Resources) {
  const audit = new ServiceFunction<AuditEnvironment>(scope, "AuditFunction", {
    name: "audit",
    logs,
    timeout: REPORT_TIMEOUT,
    memorySizeMebibytes: 1024,
    environment: {
      ...tables.audit.environment,
      ...tables.practice.environment,
      INDEX_KEY_ARN: keys.index.arn,
      PRACTICE_TIME_ZONE: practice.timeZone,
    },
  });
  tables.audit.grantReview(audit);
  tables.audit.grantAppend(audit);
  tables.practice.grantRememberRequests(audit);
  keys.index.grantCompute(audit);
  return audit;
}

const ANCHOR_EVERY = Duration.hours(1);

/** The only function that may sign: once an hour, what moved in the audit chains is signed and locked away. */
export function createAnchor(scope: Construct, { logs, keys, tables, anchors, exports }: Resources) {
  const anchor = new ServiceFunction<AnchorEnvironment>(scope, "AnchorFunction", {
    name: "anchor",
    logs,
    timeout: Duration.minutes(5),
    memorySizeMebibytes: 1024,
    environment: {
      ...tables.audit.environment,
      ...keys.anchor.environment,
      ...anchors.environment,
      ...exports.environment,
      ANCHOR_EVERY_MINUTES: String(ANCHOR_EVERY.toMinutes()),
    },
  });
  tables.audit.grantFindHeads(anchor);
  tables.audit.grantAppendAs(anchor, "function:anchor");
  keys.anchor.grantSign(anchor);
  anchors.grantAnchor(anchor);
  exports.grantCopyAnchors(anchor);
  new Rule(scope, "AnchorSchedule", {
    description: "Anchors of the audit chains",
    schedule: Schedule.rate(ANCHOR_EVERY),
    targets: [new LambdaFunction(anchor.function)],
  });
  return anchor;
}

/** The only function that may have a table exported, of those that auditors get; it reads no entry but its actors' own. */
export function createExportAudit(scope: Construct, { logs, keys, tables, exports }: Resources) {
  const exportAudit = new ServiceFunction<ExportAuditEnvironment>(scope, "ExportAuditFunction", {
    name: "export-audit",
    logs,
    // A run that catches up starts up to 34 exports of each table.
    timeout: Duration.minutes(1),
    environment: {
      ...tables.audit.environment,
      ...tables.practice.environment,
      AUDIT_TABLE_ARN: tables.audit.arn,
      CONSENTS_TABLE_ARN: tables.consents.arn,
      PRACTICE_TABLE_ARN: tables.practice.arn,
      ...exports.environment,
      EXPORTS_KEY_ARN: keys.audit.key.keyArn,
      INDEX_KEY_ARN: keys.index.arn,
    },
  });
  tables.audit.grantExport(exportAudit);
  tables.consents.grantExport(exportAudit);
  tables.practice.grantExport(exportAudit);
  exports.grantReceiveExports(exportAudit);
  tables.audit.grantAppendForActors(exportAudit);
  tables.practice.grantRememberRequests(exportAudit);
  keys.index.grantCompute(exportAudit);
  new Rule(scope, "ExportAuditSchedule", {
    description: "Exports of the auditors' tables",
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new LambdaFunction(exportAudit.function)],
  });
  return exportAudit;
}

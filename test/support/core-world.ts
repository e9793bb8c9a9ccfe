import { createHash } from "node:crypto";
import type { SQSRecord } from "aws-lambda";
import { createRoutes as appointmentRoutes } from "#functions/appointments/handler.ts";
import { createImportRoutes as importRoutes } from "#functions/appointments/imports-routes.ts";
import { createRoutes as attachmentRoutes } from "#functions/attachments/handler.ts";
import { createRoutes as auditRoutes } from "#functions/audit/handler.ts";
import { createHandler as checkHandler } from "#functions/check-attachment/handler.ts";
import { createRoutes as consentRoutes } from "#functions/consents/handler.ts";
import { createRoutes as exportRoutes } from "#functions/export-audit/handler.ts";
import { createRoutes as messageRoutes } from "#functions/messages/handler.ts";
import { createRoutes as patientRoutes } from "#functions/patients/handler.ts";
import { createApprovalRoutes as approvalRoutes } from "#functions/practice/approvals-routes.ts";
import { createRoutes as practiceRoutes } from "#functions/practice/handler.ts";
import { openLate } from "#functions/practice/late.ts";
import { createTemplateRoutes as templateRoutes } from "#functions/practice/templates-routes.ts";
import { createVocabularyRoutes as vocabularyRoutes } from "#functions/practice/vocabulary-routes.ts";
import { createHandler as deliveryHandler } from "#functions/record-delivery/handler.ts";
import { createHandler as alertHandler } from "#functions/send-alert/handler.ts";
import { createRoutes as taskRoutes } from "#functions/tasks/handler.ts";
import { createRoutes as threadRoutes } from "#functions/threads/handler.ts";
import { createOpenName, createSealName } from "#shared/adapters/attachment-seal.ts";
import {
  createOpenContact,
  createOpenEmail,
  createOpenPhone,
  createSealContact,
  createSealPhone,
} from "#shared/adapters/contact-seal.ts";
import {
  createOpenContent,
  createOpenNote,
  createSealContent,
  createSealNote,
} from "#shared/adapters/content-seal.ts";
import { createAppointmentsTable } from "#shared/adapters/dynamodb/appointments-table.ts";
import { createApprovalPages, createApprovalsTable } from "#shared/adapters/dynamodb/approvals-table.ts";
import { createAttachmentsTable } from "#shared/adapters/dynamodb/attachments-table.ts";
import { createAuditQueries } from "#shared/adapters/dynamodb/audit-queries.ts";
import { createJournal } from "#shared/adapters/dynamodb/audit-table.ts";
import { createChainEnd } from "#shared/adapters/dynamodb/chain-end.ts";
import { createConsentLedger, createConsentsTable } from "#shared/adapters/dynamodb/consents-table.ts";
import { createContentKeysTable } from "#shared/adapters/dynamodb/content-keys-table.ts";
import { createDaysOn } from "#shared/adapters/dynamodb/days-of-date.ts";
import { createDueAlerts } from "#shared/adapters/dynamodb/due-alerts.ts";
import { createDueAttachments } from "#shared/adapters/dynamodb/due-attachments.ts";
import { createImportsTable } from "#shared/adapters/dynamodb/imports-table.ts";
import { createLinkMarks } from "#shared/adapters/dynamodb/link-marks.ts";
import { createPageOfMessages } from "#shared/adapters/dynamodb/message-pages.ts";
import { createMessagesTable } from "#shared/adapters/dynamodb/messages-table.ts";
import { createNewestAlerts } from "#shared/adapters/dynamodb/newest-alerts.ts";
import { createNumbersTable, createOwnersOfNumber } from "#shared/adapters/dynamodb/numbers-table.ts";
import { createTakeSlot } from "#shared/adapters/dynamodb/pace.ts";
import { createPatientsTable } from "#shared/adapters/dynamodb/patients-table.ts";
import { createPracticeTable } from "#shared/adapters/dynamodb/practice-table.ts";
import { createRequestMemory } from "#shared/adapters/dynamodb/request-memory.ts";
import { createReadSnapshot } from "#shared/adapters/dynamodb/snapshot.ts";
import { createOverdueTasks, createTasksIn } from "#shared/adapters/dynamodb/tasks-queries.ts";
import { createTasksTable } from "#shared/adapters/dynamodb/tasks-table.ts";
import { createTemplatePages, createTemplatesTable } from "#shared/adapters/dynamodb/templates-table.ts";
import { createNewestOfThread, createNotesOf } from "#shared/adapters/dynamodb/thread-messages.ts";
import { createThreadsIn } from "#shared/adapters/dynamodb/threads-queries.ts";
import { createVocabularyAt, createVocabularyTable } from "#shared/adapters/dynamodb/vocabulary-table.ts";
import { createOpenEvidence, createSealEvidence } from "#shared/adapters/evidence-seal.ts";
import { createOpenExternalId, createSealExternalId } from "#shared/adapters/external-id-seal.ts";
import { createNewDataKey, createOpenDataKey } from "#shared/adapters/kms/data-keys.ts";
import { createMac } from "#shared/adapters/kms/macs.ts";
import { idOfIncoming } from "#shared/adapters/s3/attachment-keys.ts";
import type { AlertRequest } from "#shared/adapters/sqs/alert-queue.ts";
import type { LostRequest } from "#shared/adapters/sqs/request-alerts.ts";
import type { AlertingPorts, SendEmail, SendResult, SendText } from "#shared/alerting/ports.ts";
import { createIsUntried, createRemind } from "#shared/alerting/remind.ts";
import { bindAttachments, fitsMessageOfStaff } from "#shared/attachments/bind.ts";
import { createListedOf } from "#shared/attachments/shown.ts";
import type { AuditEntry } from "#shared/audit/journal.ts";
import { createRecordCarrierStop } from "#shared/delivery/carrier-stop.ts";
import type { Classify, SecondReader } from "#shared/messaging/ports.ts";
import type { AlertRecord } from "#shared/messaging/records.ts";
import { settingsDefaultOf } from "#shared/practice/defaults.ts";
import { newId } from "#shared/runtime/ids.ts";
import { createEscalate } from "#shared/tasks/escalate.ts";
import { createTemplateChoosing } from "#shared/vocabulary/chosen-template.ts";
import { createAttachmentBucket } from "./attachment-bucket.ts";
import { createTestClock } from "./clock.ts";
import { createCaller, createTestLog } from "./proxy-event.ts";
import { createStore } from "./store.ts";

/** A text as the provider got it. */
export type SentText = Parameters<SendText>[0];

/** What a test may choose about its world. */
export interface WorldChoices {
  readonly classify?: Classify;
  /** None by default. */
  readonly secondReader?: SecondReader;
  /** Who answers STOP; the practice by default. */
  readonly optOuts?: "self-managed" | "carrier";
  readonly identity?: Partial<AlertingPorts["practiceIdentity"]>;
  /** How many parts a second `remind` may ask for; no limit by default. */
  readonly textsPerSecond?: number;
  /** What the provider answers to each text; accepted by default. */
  readonly provider?: (text: SentText, count: number) => SendResult | Promise<SendResult>;
  /** What the mail service answers to each e-mail; accepted by default. */
  readonly mailer?: () => SendResult;
}

/** Tier 3 for `diabetes`, 2 for `result`, else 1: enough of a classifier to see where verdicts go. */
export const classifyByWord: Classify = (text) => {
  const found = /diabetes|result/.exec(text);
  if (found === null) return { tier: 1, reasons: [] };
  const [word] = found;
  const start = found.index;
  return {
    tier: word === "diabetes" ? 3 : 2,
    reasons: [
      {
        rule: `word-${word}`,
        category: word === "diabetes" ? "condition" : "notification",
        start,
        end: start + word.length,
        explanation: "A word.",
        via: "lexicon",
      },
    ],
  };
};

/** What every patient of {@link createWorld} is registered with, unless a test says otherwise. */
export const NEW_PATIENT = {
  externalId: "MRN-90210",
  givenName: "Given-canary",
  familyName: "Family-canary",
  birthDate: "1980-05-17",
  mobilePhone: "+12065550142",
} as const;

/** A grant of consent to texts about scheduling. */
export const GRANT = {
  purpose: "scheduling",
  channel: "sms",
  decision: "granted",
  method: "paper",
  acknowledgements: { unsecuredText: true, numberConfirmed: true, optOutAnytime: true },
} as const;

/** All functions but sign-in, portal and classifier over one store, wired as their index files do. */
export function createWorld(choices: WorldChoices = {}) {
  const store = createStore();
  const clock = createTestClock();
  const log = createTestLog();
  const { now } = clock;
  const { dynamodb, kms, keyArn } = store;
  const read = createReadSnapshot(dynamodb);
  const journalOf = (name: string) =>
    createJournal(dynamodb, { table: "Audit", function: name, read, newId, now });

  const patients = createPatientsTable("Patients");
  const consents = createConsentsTable("Consents");
  const linkMarks = createLinkMarks("Messages");
  const messages = { ...createMessagesTable("Messages"), ...linkMarks };
  const contentKeys = createContentKeysTable("ContentKeys");
  const numbers = createNumbersTable("Patients");
  const practice = createPracticeTable("Practice");
  const tasks = createTasksTable("Practice");
  const appointments = createAppointmentsTable("Appointments");
  const vocabulary = createVocabularyTable("Practice");
  const contactSealer = createNewDataKey(kms, keyArn("ContactKey"));
  const contactOpener = createOpenDataKey(kms, keyArn("ContactKey"));
  const contentSealer = createNewDataKey(kms, keyArn("ContentKey"));
  const contentOpener = createOpenDataKey(kms, keyArn("ContentKey"));
  const indexMac = createMac(kms, keyArn("IndexKey"));
  const linkMac = createMac(kms, keyArn("LinkKey"));
  const openContact = createOpenContact(contactOpener);
  const attachments = createAttachmentsTable("Messages");
  const naming = { read, attachments, contentKeys, openName: createOpenName(contentOpener) };
  const bucket = createAttachmentBucket();
  const classify = choices.classify ?? classifyByWord;
  const practiceIdentity = {
    name: "Riverside Clinic",
    phone: "206-555-0100",
    portalBaseUrl: "https://p.example/m",
    textPartsMax: 1,
    ...choices.identity,
  };

  const requests: {
    readonly queue: "urgent" | "bulk";
    readonly alertId: string;
    readonly delaySeconds: number;
  }[] = [];
  const state = { queueFails: false, listKeeps: false, randomCount: 0 };
  const requestOn =
    (queue: "urgent" | "bulk") =>
    async ({ alertId }: { readonly alertId: string }, delaySeconds = 0) => {
      if (state.queueFails) throw new Error("the queue does not answer");
      requests.push({ queue, alertId, delaySeconds });
    };
  const texts: SentText[] = [];
  const emails: Parameters<SendEmail>[0][] = [];
  /** Numbers on the carrier's list. */
  const optedOut = new Set<string>();
  const settingsDefault = settingsDefaultOf("America/Los_Angeles");

  const alerting: AlertingPorts = {
    read,
    journal: journalOf("send-alert"),
    messages,
    patients,
    consents,
    practice,
    takeSlot: createTakeSlot(dynamodb, practice, { channel: "sms", perSecond: 10, now }),
    waitUntil: async (atMs) => {
      const aheadMs = atMs - now().getTime();
      if (aheadMs > 0) clock.advance(aheadMs / 1000);
    },
    requestLater: ({ id, queue }, delaySeconds) => requestOn(queue)({ alertId: id }, delaySeconds),
    mobilePhoneOf: createOpenPhone(contactOpener),
    emailOf: createOpenEmail(contactOpener),
    numbers,
    tasks,
    appointments,
    vocabulary,
    settingsDefault,
    sendEmail: async (email) => {
      emails.push(email);
      return choices.mailer?.() ?? { kind: "accepted", providerMessageId: `email-${emails.length}` };
    },
    recordCarrierStop: (index, requestId) =>
      createRecordCarrierStop({
        read,
        journal: journalOf("send-alert"),
        numbers,
        ownersOf: createOwnersOfNumber(dynamodb, "Patients"),
        patients,
        consents,
        tasks,
        sealEvidence: createSealEvidence(contactSealer),
        newId,
        now,
      })(index, { actor: "function:send-alert", requestId }),
    optOutList: {
      list: async (number) => {
        optedOut.add(number);
      },
      lift: async (number) => {
        if (state.listKeeps) return "refused";
        return optedOut.delete(number) ? "lifted" : "not-listed";
      },
    },
    newId,
    linkKeys: { current: { id: 1, mac: linkMac }, previous: null },
    randomBytes: (size) => {
      state.randomCount += 1;
      return createHash("sha256").update(`random ${state.randomCount}`).digest().subarray(0, size);
    },
    randomInt: () => 42,
    sendText: async (text) => {
      texts.push(text);
      return (
        choices.provider?.(text, texts.length) ?? {
          kind: "accepted",
          providerMessageId: `provider-${texts.length}`,
        }
      );
    },
    classifier: async () => ({ classify }),
    practiceIdentity,
    linkLifetimeSeconds: 259_200,
    now,
  };

  // Names and templates are judged by the real classifier, whatever classifies messages.
  const late = openLate({
    name: practiceIdentity.name,
    phone: practiceIdentity.phone,
    portalBaseUrl: practiceIdentity.portalBaseUrl,
    textPartsMax: practiceIdentity.textPartsMax === 1 ? 1 : 2,
    wording: undefined,
  });
  const practicePorts = {
    read,
    journal: journalOf("practice"),
    memory: createRequestMemory("Practice", now),
    indexMac,
    practice,
    vocabulary,
    vocabularyAt: createVocabularyAt(dynamodb, "Practice"),
    templates: createTemplatesTable("Practice"),
    templatePages: createTemplatePages(dynamodb, "Practice"),
    approvals: createApprovalsTable("Practice"),
    approvalPages: createApprovalPages(dynamodb, "Practice"),
    openJudge: async () => late.judge,
    openPrinter: async () => late.printer,
    shippedTemplates: async () => late.shippedTemplates(),
    settingsDefault,
    identity: {
      name: practiceIdentity.name,
      phone: practiceIdentity.phone,
      portalHost: new URL(practiceIdentity.portalBaseUrl).host,
      emailSender: "office@riverside.example",
    },
    newId,
    now,
  };

  const visits = {
    read,
    journal: journalOf("appointments"),
    appointments,
    daysOn: createDaysOn(dynamodb, appointments),
    messages,
    patients,
    consents,
    practice,
    vocabulary,
    settingsDefault,
    indexMac,
    sealExternalId: createSealExternalId(contactSealer),
    openExternalId: createOpenExternalId(contactOpener),
    newId,
    now,
  };
  const routes = {
    ...patientRoutes({
      read,
      journal: journalOf("patients"),
      memory: createRequestMemory("Patients", now),
      patients,
      contentKeys,
      indexMac,
      proofMac: createMac(kms, keyArn("ProofKey")),
      sealContact: createSealContact(contactSealer),
      openContact,
      newId,
      now,
    }),
    ...consentRoutes({
      read,
      settingsDefault,
      journal: journalOf("consents"),
      memory: createRequestMemory("Consents", now),
      patients,
      consents,
      numbers: createNumbersTable("Patients"),
      messages,
      practice,
      requestAlert: async ({ id }) => {
        try {
          await requestOn("urgent")({ alertId: id });
        } catch (error) {
          log.error("ALERT_DEFERRED", error, { alertId: id });
        }
      },
      optOuts: choices.optOuts ?? "self-managed",
      ledger: createConsentLedger(dynamodb, "Consents"),
      indexMac,
      sealEvidence: createSealEvidence(contactSealer),
      openEvidence: createOpenEvidence(contactOpener),
      newId,
      now,
    }),
    ...messageRoutes({
      read,
      journal: journalOf("messages"),
      memory: createRequestMemory("Messages", now),
      messages,
      patients,
      consents,
      practice,
      openLinkMarks: async () => linkMarks,
      pageOfMessages: createPageOfMessages(dynamodb, messages),
      classify,
      completeTask: tasks.completeTask,
      classifierVersion: "test-1",
      secondReader: choices.secondReader ?? null,
      sealContent: createSealContent(contentSealer, contentKeys),
      bindable: (ids) => bindAttachments({ read, attachments }, ids, fitsMessageOfStaff),
      templates: async () =>
        createTemplateChoosing({ read, ...practice, ...createVocabularyTable("Practice"), settingsDefault }),
      sealNote: createSealNote(contentSealer, contentKeys),
      indexMac,
      requestAlert: async ({ id, queue }) => {
        try {
          await requestOn(queue)({ alertId: id });
        } catch (error) {
          log.error("ALERT_DEFERRED", error, { alertId: id });
        }
      },
      practiceIdentity,
      newId,
      now,
    }),
    ...attachmentRoutes({
      read,
      journal: journalOf("attachments"),
      memory: createRequestMemory("Messages", now),
      indexMac,
      attachments,
      sealName: createSealName(contentSealer, contentKeys),
      signUpload: (upload) => bucket.links.signUpload(upload),
      newId,
      now,
    }),
    ...threadRoutes({
      ...naming,
      listedOf: createListedOf(naming),
      signDownload: (download) => bucket.links.signDownload(download),
      journal: journalOf("threads"),
      memory: createRequestMemory("Messages", now),
      indexMac,
      messages,
      threadsIn: createThreadsIn(dynamodb, messages),
      newestOfThread: createNewestOfThread(dynamodb, messages, read),
      notesOf: createNotesOf(dynamodb, messages, read),
      openContent: createOpenContent(contentOpener),
      openNote: createOpenNote(contentOpener),
      sealNote: createSealNote(contentSealer, contentKeys),
      newId,
      now,
    }),
    ...appointmentRoutes(visits),
    ...importRoutes({
      read,
      journal: journalOf("appointments"),
      memory: createRequestMemory("Appointments", now),
      imports: createImportsTable("Appointments"),
      signImport: async (importId) => ({ url: `https://bucket.example/${importId}`, fields: {} }),
      indexMac,
      newId,
      now,
    }),
    ...taskRoutes({
      read,
      journal: journalOf("tasks"),
      memory: createRequestMemory("Practice", now),
      indexMac,
      tasks,
      tasksIn: createTasksIn(dynamodb, tasks),
      messages,
      sealNote: createSealNote(contentSealer, contentKeys),
      newId,
      now,
    }),
    ...exportRoutes({
      read,
      journal: journalOf("export-audit"),
      memory: createRequestMemory("Practice", now),
      indexMac,
      chainEnd: createChainEnd({ read, journal: journalOf("export-audit") }, "Audit"),
      startExport: async (_order, _prefix, token) => ({
        kind: "started",
        exportArn: `arn:export/${token}`,
        at: now().toISOString(),
      }),
      stateOf: async () => ({ kind: "completed" }),
      laySafeguards: async () => undefined,
      onFailure: () => undefined,
      now,
    }),
    ...auditRoutes({
      read,
      journal: journalOf("audit"),
      memory: createRequestMemory("Practice", now),
      indexMac,
      ...createAuditQueries(dynamodb, "Audit"),
      timeZone: settingsDefault.timeZone,
      now,
    }),
    ...practiceRoutes(practicePorts),
    ...templateRoutes(practicePorts),
    ...approvalRoutes(practicePorts),
    ...vocabularyRoutes(practicePorts),
  };
  const call = createCaller(routes, log);
  const sendAlerts = alertHandler(alerting, log);
  const recordDeliveries = deliveryHandler(
    {
      read,
      journal: journalOf("record-delivery"),
      messages,
      newestAlerts: createNewestAlerts(dynamodb, messages),
      patients,
      numbers,
      consents,
      tasks,
      sealEvidence: createSealEvidence(contactSealer),
      requestFollowUp: ({ id, queue }) => requestOn(queue)({ alertId: id }),
      newId,
      now,
    },
    log,
  );
  const checkAttachments = checkHandler(
    {
      read,
      journal: journalOf("check-attachment"),
      attachments,
      messages,
      contentKeys,
      dueAttachments: createDueAttachments(dynamodb, "Messages"),
      objects: bucket.objects,
      tasks,
      idOf: idOfIncoming,
      newId,
      now,
    },
    log,
  );
  const aRecord = (body: unknown, messageId = "record-1") =>
    ({ messageId, body: JSON.stringify(body) }) as SQSRecord;

  const entries = (chain?: string) =>
    store
      .items("Audit")
      .filter(
        ({ pk, sk }) => sk !== "head" && (chain === undefined || pk === chain),
      ) as unknown as AuditEntry[];

  const requestAllOn = (queue: "urgent" | "bulk") => async (alerts: readonly AlertRequest[]) => {
    const lost: LostRequest[] = [];
    for (const { alertId } of alerts) {
      await requestOn(queue)({ alertId }).catch((error: unknown) => lost.push({ alertId, error }));
    }
    return lost;
  };
  const sweep = createRemind({
    dueAlerts: createDueAlerts(dynamodb, messages),
    request: { urgent: requestAllOn("urgent"), bulk: requestAllOn("bulk") },
    isUntried: createIsUntried({ read, messages }),
    textsPerSecond: choices.textsPerSecond ?? null,
    onExpired: ({ alertId, kind }) => log.warn("ALERT_EXPIRED", { alertId, kind }),
    onFailure: (alertId, error) => log.error("RECORD_FAILED", error, { alertId }),
    now,
  });

  return {
    store,
    clock,
    log,
    call,
    routes,
    texts,
    emails,
    optedOut,
    numbers,
    requests,
    state,
    read,
    journalOf,
    messages,
    consents,
    practice,
    tasks,
    appointments,
    visits,
    vocabulary,
    contentKeys,
    openNote: createOpenNote(contentOpener),
    bucket,
    attachments,
    /** Hands an event to the function that looks into files; anything without records is its schedule. */
    checkAttachments: (event: object = {}) => checkAttachments(event, { awsRequestId: "request-check" }),
    alerting,
    linkMac,
    sealPhone: createSealPhone(contactSealer),
    entries,
    actions: (chain?: string) => entries(chain).map(({ action }) => action),
    alert: async (patientId: string, id: string) => {
      const [alert] = await read(messages.alert(patientId, id));
      if (alert === undefined) throw new Error("no such alert");
      return alert;
    },
    /** Puts records into the store without audit. */
    put: async (...writes: readonly { readonly item: unknown }[]) => {
      await journalOf("test").commit(
        { action: "test.prepared", actor: "function:test", role: "function", requestId: "request-0" },
        writes,
      );
    },
    /** Registers a patient; gives its id. */
    register: async (fields: object = {}) => {
      const { body } = await call("POST /patients", { body: { ...NEW_PATIENT, ...fields } });
      return String(body["id"]);
    },
    grant: (patientId: string, fields: object = {}) =>
      call("POST /patients/{id}/consents", { path: { id: patientId }, body: { ...GRANT, ...fields } }),
    signVendor: (fields: object = {}) =>
      call("PUT /vendors/{id}", {
        roles: "compliance",
        path: { id: "aws" },
        body: { baaSignedOn: "2026-01-15", ...fields },
      }),
    send: (patientId: string, fields: object = {}, key = "key-1") =>
      call("POST /messages", {
        body: { patientId, purpose: "scheduling", body: "See you on Monday.", ...fields },
        headers: { "Idempotency-Key": key },
      }),
    /** Works through one request on an alert queue. */
    sendAlert: (patientId: string, alertId: string) =>
      sendAlerts({ Records: [aRecord({ version: 1, patientId, alertId })] }),
    sendAlerts,
    /** Brings one carrier event, as SNS puts it on the queue. */
    report: (event: object) =>
      recordDeliveries({
        Records: [aRecord({ Type: "Notification", Message: JSON.stringify(event) })],
      }),
    recordDeliveries,
    aRecord,
    escalate: createEscalate({
      journal: journalOf("remind"),
      tasks,
      overdueTasks: createOverdueTasks(dynamodb, tasks),
      onLate: ({ id, kind }) => log.warn("TASK_LATE", { taskId: id, kind }),
      onFailure: (taskId, error) => log.error("TASK_NOT_NOTED", error, { taskId }),
      now,
    }),
    remind: (maxRequests?: number) => sweep(maxRequests),
    /** A patient who can be texted: registered, consented, and the vendor has its agreement. */
    prepare: async (fields: object = {}) => {
      const { body } = await call("POST /patients", { body: { ...NEW_PATIENT, ...fields } });
      const patientId = String(body["id"]);
      await call("POST /patients/{id}/consents", { path: { id: patientId }, body: GRANT });
      await call("PUT /vendors/{id}", {
        roles: "compliance",
        path: { id: "aws" },
        body: { baaSignedOn: "2026-01-15" },
      });
      return patientId;
    },
  };
}

/** Everything of a test that goes through several functions. */
export type World = ReturnType<typeof createWorld>;

/** A patient who can be texted, with one accepted message. */
export async function aWorldWithAlert(choices: WorldChoices = {}, message: object = {}) {
  const world = createWorld(choices);
  const patientId = await world.prepare();
  const { body } = await world.send(patientId, message);
  const alert = body["alert"] as { readonly id: string };
  const now = (): Promise<AlertRecord> => world.alert(patientId, alert.id);
  return { world, patientId, messageId: String(body["id"]), alertId: alert.id, alert: now };
}

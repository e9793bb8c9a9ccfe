import { Duration } from "aws-cdk-lib";
import { AttributeType, ProjectionType } from "aws-cdk-lib/aws-dynamodb";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import {
  APPOINTMENTS_DAYS_INDEX,
  AUDIT_ACTOR_INDEX,
  AUDIT_HEADS_INDEX,
  MESSAGES_DUE_INDEX,
  MESSAGES_THREAD_STATE_INDEX,
  PRACTICE_TASKS_INDEX,
} from "#shared/tables/indexes.ts";
import type { Keys } from "./keys.ts";
import { RecordTable } from "./record-table.ts";
import type { StorageKey } from "./storage-key.ts";

interface TableProps {
  readonly key: StorageKey;
}

/** One item, or several of several tables in one consistent call. */
const READ = ["dynamodb:GetItem", "dynamodb:BatchGetItem"] as const;

const string = (name: string) => ({ name, type: AttributeType.STRING });

/** Patients and their contact details. */
export class PatientsTable extends RecordTable {
  get environment() {
    return { PATIENTS_TABLE_NAME: this.tableName };
  }

  /** Registers, changes and erases patients. */
  grantKeep(grantee: IGrantable): void {
    this.grant(grantee, "Keep", [...READ, "dynamodb:PutItem", "dynamodb:DeleteItem"]);
  }

  /** Registers and changes patients, and holds transactions to them as they were read; erases none. */
  grantImport(grantee: IGrantable): void {
    this.grant(grantee, "ImportInto", [...READ, "dynamodb:ConditionCheckItem", "dynamodb:PutItem"]);
    // A number that is theirs no longer.
    this.grant(grantee, "ForgetNumbersOf", ["dynamodb:DeleteItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["number#*"] },
    });
  }

  /** Reads patients. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, "Read", [...READ]);
  }

  /** Finds who has a number, and lists nothing else. */
  grantFindOwners(grantee: IGrantable): void {
    this.grant(grantee, "FindOwnersIn", ["dynamodb:Query"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["number#*"] },
    });
  }

  /** Changes what is known of numbers as such, and no patient. */
  grantKeepNumbers(grantee: IGrantable): void {
    this.grant(grantee, "KeepNumbersOf", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["number#*"] },
    });
  }

  /** Reads patients, and holds a transaction to one as it was read. */
  grantHoldTo(grantee: IGrantable): void {
    this.grant(grantee, "HoldTo", [...READ, "dynamodb:ConditionCheckItem"]);
  }
}

/** Decisions of patients about being written to. */
export class ConsentsTable extends RecordTable {
  get environment() {
    return { CONSENTS_TABLE_NAME: this.tableName };
  }

  /** Records decisions and shows their history. */
  grantRecord(grantee: IGrantable): void {
    this.grant(grantee, "Record", [
      ...READ,
      "dynamodb:Query",
      "dynamodb:PutItem",
      "dynamodb:ConditionCheckItem",
    ]);
  }

  /** Reads what holds now and appends to it, without seeing the history. */
  grantAppend(grantee: IGrantable): void {
    this.grant(grantee, "Append", [...READ, "dynamodb:PutItem"]);
  }

  /** Reads what holds now. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, "Read", [...READ]);
  }

  /** Reads what holds now, and holds a transaction to it. */
  grantHoldTo(grantee: IGrantable): void {
    this.grant(grantee, "HoldTo", [...READ, "dynamodb:ConditionCheckItem"]);
  }

  /** Has the whole table exported for auditors. */
  grantExport(grantee: IGrantable): void {
    this.allowExport(grantee);
  }
}

/** Threads, messages, alerts, links and portal sessions. */
export class MessagesTable extends RecordTable {
  constructor(scope: Construct, id: string, { key }: TableProps) {
    super(scope, id, {
      key,
      indexes: [
        {
          indexName: MESSAGES_DUE_INDEX,
          partitionKey: string("dueShard"),
          sortKey: string("dueAt"),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ["patientId", "queue", "kind", "expiresAt"],
        },
        {
          indexName: MESSAGES_THREAD_STATE_INDEX,
          partitionKey: string("threadState"),
          sortKey: string("stateSince"),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ["id", "patientId", "assignee"],
        },
      ],
    });
  }

  get environment() {
    return { MESSAGES_TABLE_NAME: this.tableName };
  }

  /** Accepts messages, tells their state, revokes their links. */
  grantAccept(grantee: IGrantable): void {
    this.grant(grantee, "Accept", [...READ, "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"]);
  }

  /** Lists, opens and works on threads. */
  grantWorkThreads(grantee: IGrantable): void {
    this.grant(grantee, "WorkThreads", [
      ...READ,
      "dynamodb:Query",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ]);
    this.grantIndexQuery(grantee, "ListThreads", MESSAGES_THREAD_STATE_INDEX);
  }

  /** Reads and changes threads and adds notes, and reads no list of them. */
  grantNote(grantee: IGrantable): void {
    this.grant(grantee, "NoteIn", [...READ, "dynamodb:PutItem", "dynamodb:UpdateItem"]);
  }

  /** Claims alerts, mints their links, notes what became of the sending. */
  grantClaim(grantee: IGrantable): void {
    this.grant(grantee, "Claim", [
      ...READ,
      "dynamodb:ConditionCheckItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
    ]);
  }

  /** Notes what the carrier reported, and sees what it reported before. */
  grantReport(grantee: IGrantable): void {
    this.grant(grantee, "Report", [...READ, "dynamodb:Query", "dynamodb:UpdateItem"]);
  }

  /** Serves a patient: links, sessions, threads. */
  grantServe(grantee: IGrantable): void {
    this.grant(grantee, "Serve", [
      ...READ,
      "dynamodb:Query",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "dynamodb:DeleteItem",
    ]);
  }

  /** Adds alerts of patients and numbers, and no link, session or reference to a provider's text. */
  grantAddAlerts(grantee: IGrantable): void {
    this.grant(grantee, "AddAlertsTo", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*", "nbr_*", "alr_*"] },
    });
  }

  /** Adds attachments and remembers the requests for them, and touches nothing else. */
  grantAddAttachments(grantee: IGrantable): void {
    this.grant(grantee, "AddAttachmentsTo", [...READ, "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["att_*", "request#*"] },
    });
  }

  /** Moves attachments on with the threads that they are part of, and finds those that are due to go. */
  grantCheckAttachments(grantee: IGrantable): void {
    this.grant(grantee, "ReadAttachmentsIn", [...READ], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["att_*"] },
    });
    // Of patients only the version of a thread. `dynamodb:Attributes` might hold it to that; what counts as an attribute of
    // an update within a transaction is not documented, and the local stack does not guess.
    this.grant(grantee, "MoveAttachmentsIn", ["dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["att_*", "pat_*"] },
    });
    this.grantIndexQuery(grantee, "FindDueAttachments", MESSAGES_DUE_INDEX);
  }

  /** Plans reminders of patients' visits, takes void ones off, and touches nothing else but theirs. */
  grantPlanReminders(grantee: IGrantable): void {
    this.grant(grantee, "ReadRemindersIn", [...READ], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
    this.grant(grantee, "PlanRemindersIn", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*", "alr_*"] },
    });
    this.grant(grantee, "VoidRemindersIn", ["dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
  }

  /** Finds what is due and claims it, and reads which of patients' alerts can only come too late. */
  grantSweep(grantee: IGrantable): void {
    this.grant(grantee, "Sweep", ["dynamodb:UpdateItem"]);
    this.grant(grantee, "ReadOverdueIn", [...READ], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
    this.grantIndexQuery(grantee, "FindDue", MESSAGES_DUE_INDEX);
  }
}

/** Wrapped data keys and verifier salts; gone from backups a week after they are erased. */
export class ContentKeysTable extends RecordTable {
  constructor(scope: Construct, id: string, { key }: TableProps) {
    super(scope, id, { key, recoveryPeriod: Duration.days(7) });
  }

  get environment() {
    return { CONTENT_KEYS_TABLE_NAME: this.tableName };
  }

  /** Adds wrapped keys and verifiers, and cannot read them. */
  grantAdd(grantee: IGrantable): void {
    this.grant(grantee, "Add", ["dynamodb:PutItem"]);
  }

  /** Sets what patients' birth dates are checked against, and cannot read it. */
  grantAddForImports(grantee: IGrantable): void {
    this.grant(grantee, "AddForImportsTo", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
  }

  /** Adds wrapped keys of attachments' names, and cannot read them. */
  grantAddForAttachments(grantee: IGrantable): void {
    this.grant(grantee, "AddForAttachmentsTo", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["att_*"] },
    });
  }

  /** Adds wrapped keys of what patients write and upload, and sets their PINs. */
  grantAddForPatients(grantee: IGrantable): void {
    this.grant(grantee, "AddForPatientsTo", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*", "att_*"] },
    });
  }

  /** Forgets the keys of attachments' names, and reads none. */
  grantForgetAttachments(grantee: IGrantable): void {
    this.grant(grantee, "ForgetAttachmentsOf", ["dynamodb:DeleteItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["att_*"] },
    });
  }

  /** Reads wrapped keys and verifiers. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, "Read", [...READ]);
  }
}

/** Visits by patient and day, and where each is found by its external id. */
export class AppointmentsTable extends RecordTable {
  constructor(scope: Construct, id: string, { key }: TableProps) {
    super(scope, id, {
      key,
      indexes: [
        {
          indexName: APPOINTMENTS_DAYS_INDEX,
          partitionKey: string("listDay"),
          sortKey: string("listOrder"),
        },
      ],
    });
  }

  get environment() {
    return { APPOINTMENTS_TABLE_NAME: this.tableName };
  }

  /** Puts, moves and removes visits, and lists those of a date. */
  grantKeep(grantee: IGrantable): void {
    this.grant(grantee, "Keep", [...READ, "dynamodb:PutItem", "dynamodb:DeleteItem"]);
    this.grantIndexQuery(grantee, "ListVisits", APPOINTMENTS_DAYS_INDEX);
  }

  /** Puts and moves visits, and neither removes nor lists any. */
  grantImport(grantee: IGrantable): void {
    this.grant(grantee, "ImportInto", [...READ, "dynamodb:PutItem"]);
  }

  /** Reads a patient's days and notes which reminder asked, and finds no visit by its external id. */
  grantAskAbout(grantee: IGrantable): void {
    this.grant(grantee, "AskAbout", [...READ, "dynamodb:ConditionCheckItem", "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
  }

  /** Finds the day that a patient was asked about and notes the answer. */
  grantAnswerFor(grantee: IGrantable): void {
    this.grant(grantee, "AnswerFor", ["dynamodb:Query", "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pat_*"] },
    });
  }
}

/** The partition keys of tasks: their ids. */
const TASK_KEYS = "tsk_*";

/** Directory, templates, vendors, settings, switches, staff sessions, send slots, tasks. */
export class PracticeTable extends RecordTable {
  constructor(scope: Construct, id: string, { key }: TableProps) {
    super(scope, id, {
      key,
      indexes: [
        {
          indexName: PRACTICE_TASKS_INDEX,
          partitionKey: string("taskState"),
          sortKey: string("dueOrder"),
        },
      ],
    });
  }

  get environment() {
    return { PRACTICE_TABLE_NAME: this.tableName };
  }

  /** Checks and keeps staff sessions, and touches nothing else. */
  grantKeepSessions(grantee: IGrantable): void {
    this.grant(grantee, "KeepSessionsIn", [...READ, "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["staff#*"] },
    });
  }

  /** Changes settings, switches, vendors, directory and templates, and decides on what may be said. */
  grantAdminister(grantee: IGrantable): void {
    this.grant(grantee, "Administer", [...READ, "dynamodb:PutItem"], {
      "ForAllValues:StringLike": {
        "dynamodb:LeadingKeys": ["practice", "vendor", "template", "approval", "vocabulary", "request#*"],
      },
    });
    this.grant(grantee, "ListWordsOf", ["dynamodb:Query"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["template", "approval", "vocabulary"] },
    });
  }

  /** Reads settings. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, "Read", [...READ]);
  }

  /** Reads vendors' agreements, and nothing else. */
  grantReadVendors(grantee: IGrantable): void {
    this.grant(grantee, "ReadVendorsOf", ["dynamodb:GetItem"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["vendor"] },
    });
  }

  /** Reads settings and switches, and nothing else. */
  grantReadSettings(grantee: IGrantable): void {
    this.grant(grantee, "ReadSettingsOf", ["dynamodb:GetItem"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["practice"] },
    });
  }

  /** Reads settings and what the directory holds, in one call with others. */
  grantReadDirectory(grantee: IGrantable): void {
    this.grant(grantee, "ReadDirectoryOf", [...READ], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["practice"] },
    });
  }

  /** Opens tasks for staff, and touches nothing else. */
  grantOpenTasks(grantee: IGrantable): void {
    this.grant(grantee, "OpenTasksIn", ["dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["tsk_*"] },
    });
  }

  /** Lists and closes tasks, and remembers the requests that did. */
  grantWorkTasks(grantee: IGrantable): void {
    this.grant(grantee, "WorkTasksOf", [...READ, "dynamodb:PutItem", "dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [TASK_KEYS, "request#*"] },
    });
    this.grantIndexQuery(grantee, "ListTasks", PRACTICE_TASKS_INDEX);
  }

  /** Opens tasks, and closes those that a report settles. */
  grantSettleTasks(grantee: IGrantable): void {
    this.grant(grantee, "SettleTasksIn", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [TASK_KEYS] },
    });
  }

  /** Keeps where the comparison with the carrier's list goes on, and touches nothing else. */
  grantKeepOptOutCursor(grantee: IGrantable): void {
    this.grant(grantee, "KeepOptOutCursorIn", ["dynamodb:GetItem", "dynamodb:PutItem"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["opt-outs"] },
    });
  }

  /** Closes tasks, and neither reads nor opens any. */
  grantCloseTasks(grantee: IGrantable): void {
    this.grant(grantee, "CloseTasksOf", ["dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [TASK_KEYS] },
    });
  }

  /** Finds late tasks and notes them. */
  grantEscalateTasks(grantee: IGrantable): void {
    this.grant(grantee, "EscalateTasksOf", ["dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [TASK_KEYS] },
    });
    this.grantIndexQuery(grantee, "FindLateTasks", PRACTICE_TASKS_INDEX);
  }

  /** Remembers requests, and touches nothing else. */
  grantRememberRequests(grantee: IGrantable): void {
    this.grant(grantee, "RememberRequestsIn", [...READ, "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["request#*"] },
    });
  }

  /** Has the whole table exported for auditors. */
  grantExport(grantee: IGrantable): void {
    this.allowExport(grantee);
  }

  /** Reads what may be sent and said and holds a transaction to it, takes send slots, and changes nothing else. */
  grantPace(grantee: IGrantable): void {
    // One call may read all of them.
    this.grant(grantee, "SayFrom", [...READ, "dynamodb:ConditionCheckItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["practice", "vendor", "vocabulary", "pace#*"] },
    });
    this.grant(grantee, "PaceBy", ["dynamodb:UpdateItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["pace#*"] },
    });
  }
}

/**
 * The hash-chained audit entries; none ever expires. No role may delete or update one, but IAM cannot keep a writer from
 * putting over one: that is the condition's job, and the chain and the trail show it.
 */
export class AuditTable extends RecordTable {
  constructor(scope: Construct, id: string, { key }: TableProps) {
    super(scope, id, {
      key,
      expires: false,
      indexes: [
        { indexName: AUDIT_ACTOR_INDEX, partitionKey: string("actor"), sortKey: string("at") },
        {
          indexName: AUDIT_HEADS_INDEX,
          partitionKey: string("headShard"),
          sortKey: string("at"),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ["sequence", "hash"],
        },
      ],
    });
  }

  get environment() {
    return { AUDIT_TABLE_NAME: this.tableName };
  }

  /** Appends entries to chains. */
  grantAppend(grantee: IGrantable): void {
    this.grant(grantee, "Append", [...READ, "dynamodb:PutItem"]);
  }

  /** Appends to one actor's own chain and reads its entries one by one, and touches no other. */
  grantAppendAs(grantee: IGrantable, actor: string): void {
    this.grant(grantee, "AppendOwnChainOf", ["dynamodb:GetItem", "dynamodb:PutItem"], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`actor#${actor}`] },
    });
  }

  /** Appends to chains of actors and reads them, and touches no patient's. */
  grantAppendForActors(grantee: IGrantable): void {
    this.grant(grantee, "AppendActorsChainsOf", [...READ, "dynamodb:PutItem"], {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["actor#*"] },
    });
  }

  /** Reads chains, and what an actor did in all of them. */
  grantReview(grantee: IGrantable): void {
    this.grant(grantee, "Review", ["dynamodb:Query"]);
    this.grantIndexQuery(grantee, "FindByActor", AUDIT_ACTOR_INDEX);
  }

  /** Finds the chains that moved, and no entry. */
  grantFindHeads(grantee: IGrantable): void {
    this.grantIndexQuery(grantee, "FindHeads", AUDIT_HEADS_INDEX);
  }

  /** Has the whole table exported for auditors. */
  grantExport(grantee: IGrantable): void {
    this.allowExport(grantee);
  }
}

/** Every table of the stack. */
export interface Tables {
  readonly patients: PatientsTable;
  readonly consents: ConsentsTable;
  readonly messages: MessagesTable;
  readonly contentKeys: ContentKeysTable;
  readonly appointments: AppointmentsTable;
  readonly practice: PracticeTable;
  readonly audit: AuditTable;
}

/** Creates the tables directly in `scope`, so that their logical ids begin with their names. */
export function createTables(scope: Construct, keys: Keys): Tables {
  const key = keys.data;
  return {
    patients: new PatientsTable(scope, "Patients", { key }),
    consents: new ConsentsTable(scope, "Consents", { key }),
    messages: new MessagesTable(scope, "Messages", { key }),
    contentKeys: new ContentKeysTable(scope, "ContentKeys", { key }),
    appointments: new AppointmentsTable(scope, "Appointments", { key }),
    practice: new PracticeTable(scope, "Practice", { key }),
    audit: new AuditTable(scope, "Audit", { key: keys.audit }),
  };
}

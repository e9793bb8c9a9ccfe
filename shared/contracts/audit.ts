import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { expected } from "./expected.ts";
import { PatientId, PurposeField, Time } from "./fields.ts";

/** Who acts: `staff_…`, `client_…`, `function:…` or `patient:pat_…`. */
export const ActorId = z
  .string()
  .max(80)
  .regex(
    /^(?:staff_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|client_[0-9a-zA-Z]{1,64}|function:[a-z]+(?:-[a-z]+)*|patient:pat_[0-9A-HJKMNP-TV-Z]{26})$/,
    expected(
      "staff_ with a UUID, client_ with an id, function: with a name, or patient: with a patient's id",
    ),
  )
  .meta({ id: "ActorId" });

/** Where an entry stands, as a list's answer gives it: its chain (`own`: that of the actor asked for), place and time. */
const CURSOR =
  /^(own|pat_[0-9A-HJKMNP-TV-Z]{26})~([1-9]\d{0,11})~(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$/;

/** The place that a cursor stands for; null where it is none. `actor` is who was asked for. */
export function parseAuditCursor(cursor: string, actor: string | undefined) {
  const [, where, sequence, at] = CURSOR.exec(cursor) ?? [];
  if (where === undefined || at === undefined) return null;
  return { chain: where === "own" ? `actor#${actor ?? ""}` : where, sequence: Number(sequence), at };
}

/** The cursor that stands for the last entry of a page. */
export function formatAuditCursor(last: {
  readonly chain: string;
  readonly sequence: number;
  readonly at: string;
}): string {
  return `${last.chain.startsWith("pat_") ? last.chain : "own"}~${last.sequence}~${last.at}`;
}

/** A moment in any zone, as an audit entry has it; times are compared as text, so every year has four digits. */
const A_MOMENT = expected("a time such as 2026-11-22T17:00:00Z or 2026-11-22T12:00:00-05:00");
const Moment = z.iso
  .datetime({ offset: true, ...A_MOMENT })
  .transform((moment) => new Date(moment).toISOString())
  .refine((moment) => moment.length === "2026-11-22T00:00:00.000Z".length, A_MOMENT);

/** Query of `GET /v1/audit`. */
export const ListAuditQuery = z
  .strictObject({
    patientId: PatientId.optional(),
    actor: ActorId.optional(),
    from: Moment.optional().meta({ description: "Entries of this moment or later." }),
    to: Moment.optional().meta({ description: "Entries before this moment." }),
    limit: z.coerce.number<string>().int().min(1).max(200).optional(),
    cursor: z.string().regex(CURSOR, expected("the nextCursor of the page before")).optional(),
  })
  .refine(
    ({ patientId, actor }) => patientId !== undefined || actor !== undefined,
    expected("patientId or actor, or both"),
  )
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    ...expected("a time after from"),
    path: ["to"],
  });

/** An audit entry exactly as it is stored: its hash is SHA-256 over the RFC 8785 form of everything but the hash. */
export const AuditEntryResponse = z
  .strictObject({
    id: z.string().regex(idPattern("aud")),
    chain: z.string(),
    sequence: z.int(),
    at: Time,
    action: z.string(),
    actor: z.string(),
    role: z.string(),
    function: z.string(),
    patientId: PatientId.optional(),
    purpose: PurposeField.optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: "AuditEntry" });

/** `GET /v1/audit`: oldest first. A page may be shorter than asked, or empty, and still have a next one. */
export const AuditList = z
  .strictObject({ items: z.array(AuditEntryResponse), nextCursor: z.string().nullable() })
  .meta({ id: "AuditList" });

/** Query of the reports about a patient. */
export const ReportQuery = z.strictObject({
  format: z.enum(["json", "csv", "html"]).optional().meta({
    description:
      "`csv`: the table alone; `html`: a page to print. The header Report-Sha256 names what it says.",
  }),
  asOf: Moment.optional().meta({
    description:
      "The report says what was on record before this moment, not in the future; now unless told. Asked for as of the " +
      "same moment it is the same, in every format.",
  }),
});

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A report in JSON. */
export const ReportResponse = z
  .strictObject({
    format: z.string(),
    report: z.string(),
    title: z.string(),
    subject: z.record(z.string(), z.string()),
    period: z.strictObject({ from: Time.nullable(), to: Time }),
    sha256: z.string().meta({
      description: "Of what the report says: the same in every format as of the same moment.",
    }),
    madeAt: Time,
    derivedFrom: z.string().nullable(),
    notes: z.array(z.string()),
    totals: z.record(z.string(), z.number()),
    columns: z.array(z.strictObject({ key: z.string(), title: z.string() })),
    items: z.array(z.record(z.string(), Cell)),
  })
  .meta({ id: "Report" });

/** A month of the practice's calendar. */
export const ReviewMonth = z
  .string()
  .regex(/^20\d{2}-(?:0[1-9]|1[0-2])$/)
  .meta({ id: "ReviewMonth", description: "YYYY-MM" });

const A_SHA256 = expected("64 hexadecimal digits in lower case, as they stand on the report");

/** `POST /v1/audit/access-reviews/{month}/sign-off`. */
export const SignOffRequest = z
  .strictObject({
    sha256: z
      .string(A_SHA256)
      .regex(/^[0-9a-f]{64}$/, A_SHA256)
      .meta({ description: "As it stands on the report that was reviewed." }),
    remark: z
      .enum(["nothing-unusual", "followed-up", "incident-opened", "training-planned"])
      .optional()
      .meta({ description: "What came of it; the details belong into the practice's own files." }),
  })
  .meta({ id: "SignOffRequest" });

/** A review that was signed off. */
export const SignOffResponse = z
  .strictObject({
    month: ReviewMonth,
    sha256: z.string(),
    remark: z.string().nullable(),
    signedBy: z.string(),
    signedAt: Time,
  })
  .meta({ id: "AccessReviewSignedOff" });

import * as z from "zod";
import { idPattern } from "../domain/ids.ts";
import { THREAD_STATES } from "../domain/words.ts";
import { ListedAttachment } from "./attachments.ts";
import { bodyText, PatientId, ThreadId, TierField, Time } from "./fields.ts";

/** A mobile number as such, whoever has it. */
export const NumberId = z.string().regex(idPattern("nbr")).meta({ id: "NumberId" });

const ThreadStateField = z.enum(THREAD_STATES).meta({ id: "ThreadState" });

/** A thread id and the time at which it had entered its state, as a list's answer gives them. */
const CURSOR = /^(thr_[0-9A-HJKMNP-TV-Z]{26})~(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)$/;

/** Takes the cursor of a list of threads apart; undefined when it is none. */
export function parseThreadCursor(cursor: string): { id: string; stateSince: string } | undefined {
  const [, id, stateSince] = CURSOR.exec(cursor) ?? [];
  return id === undefined || stateSince === undefined ? undefined : { id, stateSince };
}

/** The cursor that stands for the last thread of a page. */
export function formatThreadCursor(last: { readonly id: string; readonly stateSince: string }): string {
  return `${last.id}~${last.stateSince}`;
}

/** Query of `GET /v1/threads`. */
export const ListThreadsQuery = z.strictObject({
  state: ThreadStateField.optional(),
  assignee: z.string().max(100).optional(),
  limit: z.coerce.number<string>().int().min(1).max(100).optional(),
  cursor: z.string().regex(CURSOR).optional(),
});

/** `PATCH /v1/threads/{id}`. */
export const ChangeThreadRequest = z
  .strictObject({
    assignee: z
      .string()
      // The whole shape of a staff id, so that no free text can take its place.
      .regex(/^staff_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      .nullable()
      .optional(),
    state: ThreadStateField.optional(),
  })
  .refine((change) => Object.keys(change).length > 0)
  .meta({ id: "ChangeThreadRequest" });
export type ChangeThreadRequest = z.infer<typeof ChangeThreadRequest>;

/** `POST /v1/threads/{id}/notes`. */
export const AddNoteRequest = z.strictObject({ text: bodyText(5000) }).meta({ id: "AddNoteRequest" });

/** A thread without its content. */
export const ThreadSummary = z
  .strictObject({
    id: ThreadId,
    patientId: PatientId.nullable().meta({ description: "Null where nobody knows yet who texted." }),
    numberId: NumberId.optional().meta({ description: "The number, where the patient is not known." }),
    state: ThreadStateField,
    stateSince: Time,
    assignee: z.string().nullable(),
  })
  .meta({ id: "ThreadSummary" });

/** `GET /v1/threads`. */
export const ThreadList = z
  .strictObject({ items: z.array(ThreadSummary), nextCursor: z.string().nullable() })
  .meta({ id: "ThreadList" });

/** `GET /v1/threads/{id}`: content, oldest first; what the role may not read is withheld. */
export const ThreadResponse = z
  .strictObject({
    ...ThreadSummary.shape,
    highestTier: TierField,
    version: z.int(),
    messages: z.array(
      z.strictObject({
        id: z.string(),
        createdAt: Time,
        sender: z.string(),
        from: z.enum(["patient", "practice", "number"]),
        via: z
          .enum(["portal", "text"])
          .meta({ description: "Where it was written: what patients wrote here or texted." }),
        proven: z
          .boolean()
          .nullable()
          .meta({
            description:
              "Of what came from a patient: whether date of birth or PIN were given where it was written. A link " +
              "alone may open a thread in which nothing is confidential, and whoever holds it may write there; a " +
              "text proves no more than its number. Null for what the practice wrote, or if it was not noted.",
          }),
        seenAt: Time.nullable().meta({
          description:
            "When somebody who may read it first opened what a patient wrote; the patient sees it.",
        }),
        tier: TierField,
        withheld: z.boolean(),
        subject: z.string().nullable(),
        body: z.string().nullable(),
        attachments: z.array(ListedAttachment),
      }),
    ),
    notes: z.array(
      z.strictObject({
        id: z.string(),
        createdAt: Time,
        author: z.string(),
        withheld: z.boolean().meta({ description: "Notes may speak of anything: clinicians read them." }),
        text: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Thread" });

/** A note that was added. */
export const NoteAdded = z.strictObject({ id: z.string(), createdAt: Time }).meta({ id: "NoteAdded" });

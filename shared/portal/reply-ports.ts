import type { AttachmentStore } from "../attachments/ports.ts";
import type { Lookup, Write } from "../audit/journal.ts";
import type { ReplyReading } from "../domain/replies/read-reply.ts";
import type { KeepWordsPorts } from "../messaging/keep-words.ts";
import type { OfficeHours } from "../tasks/due.ts";
import type { PortalPorts } from "./ports.ts";
import type { PortalSession } from "./records.ts";
import type { StopTexts } from "./stop-texts.ts";

/** What the portal keeps of replies besides the messages themselves. */
export interface ReplyStore {
  /** The reply that a form brought over a link. */
  takenReply(linkLookup: string, slot: string): Lookup<{ readonly messageId: string }>;
  /** Notes that a form brought a reply, once; the table may forget it after `endsAt`. */
  takeReply(linkLookup: string, slot: string, messageId: string, endsAt: Date): Write;
  /** Replies of a patient on a day (UTC, YYYY-MM-DD). */
  dailyReplies(patientId: string, day: string): Lookup<{ readonly count: number }>;
  /** Sets them, only while they are as they were read (undefined: none). */
  setDailyReplies(
    patientId: string,
    day: string,
    seen: { readonly count: number } | undefined,
    count: number,
  ): Write;
  /** Notes in a session what was written and sent in it, only while it is there and both are as they were read. */
  noteReply(session: PortalSession, set: Pick<PortalSession, "written" | "uploads" | "lastSeenAt">): Write;
}

/** What replying needs besides what all of the portal and keeping words need. */
export type ReplyPorts = PortalPorts &
  Omit<KeepWordsPorts, "read"> & {
    readonly replies: ReplyStore;
    readonly attachments: AttachmentStore;
    readonly stopTexts: StopTexts;
    /** Brings what reads replies. */
    readonly readingReplies: () => Promise<(text: string) => ReplyReading>;
    /** What holds until the practice has settings of its own. */
    readonly officeHours: OfficeHours;
    readonly newId: (prefix: "msg" | "thr" | "tsk", now?: Date) => string;
  };

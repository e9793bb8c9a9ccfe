import type {
  AttachmentStore,
  SealName,
  SignDownload,
  SignUpload,
  UploadForm,
} from "../attachments/ports.ts";
import { type AttachmentRecord, waitingUpload } from "../attachments/records.ts";
import type { DeclaredFile } from "../attachments/request-upload.ts";
import { type NamePorts, type NamesOf, unnamed } from "../attachments/shown.ts";
import type { Lookup, Write } from "../audit/journal.ts";
import { cleanFileName } from "../domain/attachments/file-name.ts";
import { ATTACHMENTS_MAX } from "../domain/attachments/kinds.ts";
import type { MessageRecord } from "../messaging/records.ts";
import type { PortalPorts } from "./ports.ts";
import { touchWrites } from "./read-preferences.ts";
import type { PortalSession } from "./records.ts";
import type { ShownAttachment } from "./shown.ts";
import { openSession, type SessionRequest, type StandingSession } from "./standing-session.ts";

/** Uploads that a patient may ask for on one day (UTC). */
const DAILY_UPLOADS_MAX = 30;
const RACES_MAX = 10;

/** What attachments of patients need besides what all of the portal needs. */
export interface UploadPorts extends PortalPorts, NamePorts {
  readonly attachments: AttachmentStore & {
    dailyUploads(patientId: string, day: string): Lookup<{ readonly count: number }>;
    setDailyUploads(patientId: string, day: string, seen: number, count: number): Write;
    setUploads(session: PortalSession, uploads: readonly string[]): Write;
  };
  readonly messages: PortalPorts["messages"] & {
    message(patientId: string, id: string): Lookup<MessageRecord>;
  };
  readonly namesOf: NamesOf;
  readonly sealName: SealName;
  readonly signUpload: SignUpload;
  readonly signDownload: SignDownload;
  readonly newAttachmentId: (now: Date) => string;
}

/** What came of asking for an upload; `too-many`: of the session or of the day. `unproven`: the link alone opened it. */
export type PortalUploadOutcome =
  | { readonly kind: "ended" }
  | { readonly kind: "too-many" | "unproven" }
  | { readonly kind: "asked"; readonly id: string; readonly upload: UploadForm };

function event({ session, link }: StandingSession, action: string, requestId: string, id: string) {
  const { patientId, threadId } = session;
  return {
    action,
    actor: `patient:${patientId}`,
    role: "patient",
    patientId,
    purpose: link.purpose,
    details: { attachmentId: id, threadId },
    requestId,
  };
}

/** True for what this session uploaded and has not sent or taken back. */
function isPending(
  { id, origin, patientId, messageId, state }: AttachmentRecord,
  session: PortalSession,
): boolean {
  return (
    session.uploads.includes(id) &&
    origin === "patient" &&
    patientId === session.patientId &&
    messageId === null &&
    state !== "removed"
  );
}

/** Lets an open session upload one file: the entry first, then the form. */
export function createRequestPatientUpload(ports: UploadPorts) {
  const { read, journal, attachments, now } = ports;
  return async ({
    token,
    cookie,
    requestId,
    file,
  }: SessionRequest & { readonly file: DeclaredFile }): Promise<PortalUploadOutcome> => {
    const { fileName, contentType, sizeBytes } = file;
    for (let race = 0; race < RACES_MAX; race += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return { kind: "ended" };
      const { session, head } = standing;
      const { patientId, threadId, uploads } = session;
      if (!session.birthDateProven) return { kind: "unproven" };
      const at = now();
      const day = at.toISOString().slice(0, 10);
      const [daily] = await read(attachments.dailyUploads(patientId, day));
      const today = daily?.count ?? 0;
      if (uploads.length >= ATTACHMENTS_MAX || today >= DAILY_UPLOADS_MAX) return { kind: "too-many" };
      const id = ports.newAttachmentId(at);
      const { name, keyWrite } = await ports.sealName(id, cleanFileName(fileName, contentType));
      const record = waitingUpload(
        {
          id,
          origin: "patient",
          uploader: `patient:${patientId}`,
          patientId,
          threadId,
          type: contentType,
          sizeBytes,
        },
        name,
        at,
      );
      const asked = event(standing, "attachment.requested", requestId, id);
      const outcome = await journal.commit(
        { ...asked, details: { ...asked.details, type: contentType, sizeBytes } },
        [
          attachments.addAttachment(record),
          keyWrite,
          attachments.setUploads(session, [...uploads, id]),
          attachments.setDailyUploads(patientId, day, today, today + 1),
        ],
        head,
      );
      if (outcome.kind === "conflict") continue;
      return {
        kind: "asked",
        id,
        upload: await ports.signUpload({ id, type: contentType, bytesMax: sizeBytes }),
      };
    }
    throw new Error("the session stayed contended; nothing was asked for");
  };
}

/** What a session uploaded and has not sent yet; undefined when it is over. */
export type PendingOutcome<Shown> = readonly Shown[] | undefined;

/**
 * How far the uploads of a session have come, without their names, so that a page may ask every second: this writes
 * no entry and is no use of the session.
 */
export function createReadPendingStates(ports: UploadPorts) {
  const { read, attachments } = ports;
  return async ({
    token,
    cookie,
  }: SessionRequest): Promise<PendingOutcome<Omit<ShownAttachment, "name">>> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return undefined;
    const { session } = standing;
    const records = await read(...session.uploads.map((id) => attachments.attachment(id)));
    return records.flatMap((record) => {
      const shown = record !== undefined && isPending(record, session) ? unnamed(record) : undefined;
      return shown === undefined ? [] : [shown];
    });
  };
}

/**
 * The uploads of a session with their names, for its upload page, which is a use of the session; the entry comes first.
 */
export function createReadPending(ports: UploadPorts) {
  return async ({ token, cookie, requestId }: SessionRequest): Promise<PendingOutcome<ShownAttachment>> => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return undefined;
    const { session, link, head } = standing;
    const { patientId, threadId, uploads } = session;
    const touches = touchWrites(ports, session, ports.now());
    if (uploads.length === 0 && touches.length === 0) return [];
    const recorded = await ports.journal.commit(
      {
        action: "attachments.listed",
        actor: `patient:${patientId}`,
        role: "patient",
        patientId,
        purpose: link.purpose,
        details: { threadId, attachmentIds: [...uploads] },
        requestId,
      },
      touches,
      head,
    );
    if (recorded.kind === "conflict") return undefined;
    return ports.namesOf(uploads);
  };
}

/**
 * Where a file of the thread can be fetched for a minute; undefined for whatever this session may not see, and for what
 * is not ready. Attachments count as tier 3 until they are classified, which nothing does: a session of less proof gets its own
 * uploads alone. The entry is written before the address is made, which tells nothing but the id: no name is opened.
 */
export function createOpenPatientAttachment(ports: UploadPorts) {
  const { read, journal, attachments, messages, now } = ports;

  /** True for a file of a message that the session's thread shows it. */
  async function isShown({ messageId }: AttachmentRecord, session: PortalSession): Promise<boolean> {
    if (messageId === null) return false;
    if (session.tier < 3 && !session.written.includes(messageId)) return false;
    const [message] = await read(messages.message(session.patientId, messageId));
    return (
      message !== undefined &&
      message.threadId === session.threadId &&
      message.revokedAt === null &&
      (message.expiresAt === null || Date.parse(message.expiresAt) > now().getTime())
    );
  }

  return async ({
    token,
    cookie,
    requestId,
    attachmentId,
  }: SessionRequest & { readonly attachmentId: string }): Promise<
    | { readonly kind: "ended" }
    | { readonly kind: "not-there" }
    | { readonly kind: "open"; readonly address: string }
  > => {
    const standing = await openSession(ports, token, cookie);
    if (standing === undefined) return { kind: "ended" };
    const { session, head } = standing;
    const [record] = await read(attachments.attachment(attachmentId));
    if (record === undefined || record.state !== "ready" || record.patientId !== session.patientId) {
      return { kind: "not-there" };
    }
    if (!isPending(record, session) && !(await isShown(record, session))) return { kind: "not-there" };
    const opened = event(standing, "attachment.opened", requestId, attachmentId);
    const { messageId } = record;
    const details = { ...opened.details, tier: session.tier, ...(messageId === null ? {} : { messageId }) };
    await journal.record({ ...opened, details }, head);
    const { id, type } = record;
    return { kind: "open", address: await ports.signDownload({ id, type }) };
  };
}

/**
 * Takes back what a session uploaded and did not send: nobody opens it from then on, and the next sweep deletes every
 * version of it. Taking back what is not there changes nothing.
 */
export function createRemoveUpload(ports: UploadPorts) {
  const { read, journal, attachments, now } = ports;
  return async ({
    token,
    cookie,
    requestId,
    attachmentId,
  }: SessionRequest & { readonly attachmentId: string }): Promise<"ended" | "removed"> => {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const standing = await openSession(ports, token, cookie);
      if (standing === undefined) return "ended";
      const { session, head } = standing;
      const [record] = await read(attachments.attachment(attachmentId));
      if (record === undefined || !isPending(record, session)) return "removed";
      const outcome = await journal.commit(
        event(standing, "attachment.removed", requestId, attachmentId),
        [
          attachments.changeAttachment(record, { state: "removed", dueAt: now().toISOString() }),
          attachments.setUploads(
            session,
            session.uploads.filter((id) => id !== attachmentId),
          ),
        ],
        head,
      );
      if (outcome.kind === "committed") return "removed";
    }
    throw new Error("the session stayed contended; nothing was removed");
  };
}

/** Everything that an open session does with attachments. */
export function createPatientAttachments(ports: UploadPorts) {
  return {
    request: createRequestPatientUpload(ports),
    states: createReadPendingStates(ports),
    pending: createReadPending(ports),
    open: createOpenPatientAttachment(ports),
    remove: createRemoveUpload(ports),
  };
}

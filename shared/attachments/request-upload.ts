import type { Asking, Journal, ReadSnapshot } from "../audit/journal.ts";
import { cleanFileName } from "../domain/attachments/file-name.ts";
import type { AttachmentType } from "../domain/attachments/kinds.ts";
import {
  type KeyedRequest,
  type RequestMemory,
  recall,
  remembering,
  slotOf,
} from "../idempotency/idempotency.ts";
import type { AttachmentStore, SealName, SignUpload, UploadForm } from "./ports.ts";
import { waitingUpload } from "./records.ts";

/** A file that somebody wants to upload, as declared. */
export interface DeclaredFile {
  readonly fileName: string;
  readonly contentType: AttachmentType;
  readonly sizeBytes: number;
}

/** What came of asking for an upload. */
export type UploadOutcome =
  | { readonly kind: "asked"; readonly id: string; readonly upload: UploadForm }
  | { readonly kind: "idempotency-conflict" };

/** What uploads of staff need. */
export interface RequestUploadPorts {
  readonly read: ReadSnapshot;
  readonly journal: Journal;
  readonly memory: RequestMemory;
  readonly attachments: AttachmentStore;
  readonly sealName: SealName;
  readonly signUpload: SignUpload;
  readonly newId: (prefix: "att", now?: Date) => string;
  readonly now: () => Date;
}

const RACES_MAX = 3;

/**
 * Lets staff or a system upload one file: the entry first, then the form. The same request again gives the same
 * attachment with a form of its own, because forms are signed for a minute.
 */
export function createRequestUpload(ports: RequestUploadPorts) {
  const { read, journal, memory, attachments } = ports;

  /** The id of the attachment; undefined when the same request was faster elsewhere. */
  async function attempt(
    { fileName, contentType, sizeBytes }: DeclaredFile,
    asking: Asking,
    keyed: KeyedRequest | null,
  ) {
    const [remembered] = await read(memory.remembered(slotOf(keyed)));
    const known = recall<{ readonly id: string }>(keyed, remembered);
    if (known.kind === "conflict") return "conflict";
    const event = (id: string) => ({
      ...asking,
      action: "attachment.requested",
      details: { attachmentId: id, type: contentType, sizeBytes },
    });
    if (known.kind === "same") {
      await journal.record(event(known.answer.id));
      return known.answer;
    }
    const at = ports.now();
    const id = ports.newId("att", at);
    const { name, keyWrite } = await ports.sealName(id, cleanFileName(fileName, contentType));
    const record = waitingUpload(
      {
        id,
        origin: "practice",
        uploader: asking.actor,
        patientId: null,
        threadId: null,
        type: contentType,
        sizeBytes,
      },
      name,
      at,
    );
    const outcome = await journal.commit(event(id), [
      attachments.addAttachment(record),
      keyWrite,
      ...remembering(memory, keyed, { id }, at),
    ]);
    return outcome.kind === "committed" ? { id } : undefined;
  }

  return async (file: DeclaredFile, asking: Asking, keyed: KeyedRequest | null): Promise<UploadOutcome> => {
    for (let count = 1; count <= RACES_MAX; count += 1) {
      const asked = await attempt(file, asking, keyed);
      if (asked === "conflict") return { kind: "idempotency-conflict" };
      if (asked === undefined) continue;
      const { id } = asked;
      const upload = await ports.signUpload({ id, type: file.contentType, bytesMax: file.sizeBytes });
      return { kind: "asked", id, upload };
    }
    throw new Error("the request stayed contended; nothing was asked for");
  };
}

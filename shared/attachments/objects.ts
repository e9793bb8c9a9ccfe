import type { AttachmentType } from "../domain/attachments/kinds.ts";

/** The bucket as the one function sees it that looks into files. */
export interface AttachmentObjects {
  /** What was uploaded, where it is there and has at most `bytesMax` bytes. */
  incoming(id: string, bytesMax: number): Promise<Uint8Array | "absent" | "too-large">;
  /** Keeps what may be shown, unless something is kept already: the first that was looked into stays. */
  keep(id: string, content: Uint8Array, type: AttachmentType): Promise<void>;
  /** Bytes of what is kept; undefined where nothing is. */
  keptBytes(id: string): Promise<number | undefined>;
  /** Deletes every version of what was uploaded. */
  forgetIncoming(id: string): Promise<void>;
  /** Deletes every version of what was kept. */
  forgetKept(id: string): Promise<void>;
}

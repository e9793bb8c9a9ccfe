import type { MessageRecord } from "../messaging/records.ts";

/** Whose a thread is, as audit entries name it: a patient has a chain, and a number stands in the details. */
interface ThreadOwner {
  readonly patient: { readonly patientId?: string };
  readonly number: { readonly numberId?: string };
}

/** Tells a patient's thread (`pat_…`) from that of a number (`nbr_…`) of nobody knows whom. */
export function ownerOf(id: string): ThreadOwner {
  return id.startsWith("nbr_")
    ? { patient: {}, number: { numberId: id } }
    : { patient: { patientId: id }, number: {} };
}

/** Who wrote a message of a thread. */
export type Writer = "patient" | "practice" | "number";

/** Who wrote a message, by its sender: `patient:pat_…`, `number:nbr_…`, else staff or a system. */
export function writerOf(sender: string): Writer {
  if (sender.startsWith("patient:")) return "patient";
  return sender.startsWith("number:") ? "number" : "practice";
}

/** How a message came: what people wrote before it was noted were texts, and the practice writes into the portal. */
export function viaOf({ sender, via }: Pick<MessageRecord, "sender" | "via">): "portal" | "text" {
  return via ?? (writerOf(sender) === "practice" ? "portal" : "text");
}

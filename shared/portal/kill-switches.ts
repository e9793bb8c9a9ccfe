import type { Snapshot } from "../audit/journal.ts";
import { ALL_LINKS, type LinkRecord } from "../messaging/records.ts";
import { DECOYS } from "./decoys.ts";
import type { KillSwitches } from "./link-state.ts";
import type { PortalPorts } from "./ports.ts";

type Looked = ReturnType<typeof killSwitchLookups>;

/**
 * Everything that can take a link's power away, to be read together with what else is needed of it: the last of a
 * read's lookups, which {@link killSwitchesOf} names. Where there is no link, as many lookups of nobody.
 */
export function killSwitchLookups(
  { messages, practice, verifiers }: Pick<PortalPorts, "messages" | "practice" | "verifiers">,
  patientId: string,
  link: Pick<LinkRecord, "messageId" | "sender"> | undefined,
) {
  return [
    messages.marks(patientId),
    messages.revocation(patientId, link?.messageId ?? DECOYS.message),
    messages.linksMark(link?.sender ?? DECOYS.sender),
    messages.linksMark(ALL_LINKS),
    verifiers.birthDateVerifier(patientId),
    practice.switches(),
  ] as const;
}

/** What {@link killSwitchLookups} found. */
export function killSwitchesOf([marks, revocation, senderMark, practiceMark, verifier, switches]: Readonly<
  Snapshot<Looked>
>): KillSwitches & { readonly verifier: Snapshot<Looked>[4] } {
  return { marks, revocation, senderMark, practiceMark, verifier, switches };
}

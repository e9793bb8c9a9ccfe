import type { Prove } from "#shared/portal/prove.ts";
import { askedLanguage, linkPath, tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, type RouteTools, refused, seeOther } from "../answers.ts";
import {
  CLEAR_DEVICE,
  CLEAR_PENDING,
  readDevice,
  readPending,
  readSession,
  setDevice,
  setPending,
  setSession,
} from "../cookies.ts";
import { readProofForm } from "../form.ts";
import { isOwnSite } from "../headers.ts";
import { neutralPage } from "../views/neutral-page.ts";

/** What proving over HTTP needs. */
interface ProofTools extends RouteTools {
  readonly prove: Prove;
}

function deviceCookies(device: string | null): readonly string[] {
  if (device === null) return [];
  return [device === "forget" ? CLEAR_DEVICE : setDevice(device)];
}

/** The link's first page, and the proof that it asks for. */
export function createProofRoutes({ prove, log }: ProofTools): Routes {
  const showNeutral: Operation = async (_event, frame) => page(200, neutralPage(frame), frame.language);

  const takeProof: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readProofForm(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    // What is no date is no guess either: it is told so by the same page, and costs no try of any link.
    if (read.form.birthDate?.value === null) {
      log.info("PROOF_REJECTED", { counted: false, count: 1 });
      return refused(frame);
    }
    const outcome = await prove({
      ...read.form,
      token: tokenOf(event),
      pendingCookie: readPending(event),
      sessionCookie: readSession(event),
      deviceCookie: readDevice(event),
      requestId: event.requestContext.requestId,
    });
    switch (outcome.kind) {
      case "refused":
        log.info("PROOF_REJECTED", { counted: outcome.counted, count: 1 });
        return refused(frame);
      case "secret-wanted":
        return refused(frame);
      case "code-wanted": {
        const { pendingCookie, code } = outcome;
        // Whoever has proved the date of birth or PIN reads on in the patient's language.
        const language = askedLanguage(event) ?? outcome.language;
        const cookies = pendingCookie === null ? [] : [setPending(pendingCookie)];
        // What only a right proof brings is loaded with the first of them.
        const { codePage } = await import("../views/code-page.ts");
        return page(200, codePage({ ...frame, language }, code), language, cookies);
      }
      case "held": {
        const { heldPage } = await import("../views/held-page.ts");
        return page(200, heldPage(frame), frame.language);
      }
      case "covered":
        return seeOther(event, `${linkPath(event)}/thread`);
      case "opened":
        return seeOther(event, `${linkPath(event)}/thread`, [
          setSession(outcome.sessionCookie),
          CLEAR_PENDING,
          ...deviceCookies(outcome.deviceCookie),
        ]);
      default:
        return outcome satisfies never;
    }
  };

  return { "GET /{token}": showNeutral, "HEAD /{token}": showNeutral, "POST /{token}": takeProof };
}

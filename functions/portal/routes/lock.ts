import type { Lock } from "#shared/portal/lock.ts";
import { linkPath, tokenOf } from "../addresses.ts";
import { type Operation, type Routes, refused, seeOther } from "../answers.ts";
import { CLEAR_PENDING, CLEAR_SESSION, readSession } from "../cookies.ts";
import { isOwnSite } from "../headers.ts";

/** The end of a session by the patient's own hand. */
export function createLockRoutes({ lock }: { readonly lock: Lock }): Routes {
  const endSession: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    await lock({
      token: tokenOf(event),
      cookie: readSession(event),
      requestId: event.requestContext.requestId,
    });
    return seeOther(event, linkPath(event), [CLEAR_SESSION, CLEAR_PENDING]);
  };

  return { "POST /{token}/lock": endSession };
}

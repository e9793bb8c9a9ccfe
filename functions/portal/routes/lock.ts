import type { Lock } from "#shared/portal/lock.ts";
import { linkPath, tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, refused, seeOther } from "../answers.ts";
import { CLEAR_PENDING, CLEAR_SESSION, readSession } from "../cookies.ts";
import { readExit } from "../form.ts";
import { isOwnSite } from "../headers.ts";
import { exitPage } from "../views/exit-page.ts";

/**
 * Drops the pages that a browser may still hold in memory. Nothing of ours is cached on the device,
 * and cookies of the whole domain are not ours to clear, so `cache` is all that is asked for; browsers
 * older than 2023 may not know it.
 */
const FORGET = { "Clear-Site-Data": '"cache"' } as const;

/** The end of a session by the patient's own hand. */
export function createLockRoutes({ lock }: { readonly lock: Lock }): Routes {
  const endSession: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const exits = readExit(event);
    const isLocked = await lock({
      token: tokenOf(event),
      cookie: readSession(event),
      requestId: event.requestContext.requestId,
    });
    const cookies = [CLEAR_SESSION, CLEAR_PENDING];
    // All links share one cookie: that of a session of another link stays, unless somebody leaves in a hurry.
    if (!exits) return seeOther(event, linkPath(event), isLocked ? cookies : []);
    const away = page(200, exitPage(), "en", cookies);
    return { ...away, headers: { ...away.headers, ...FORGET } };
  };

  return { "POST /{token}/lock": endSession };
}

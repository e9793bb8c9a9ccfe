import type { StopTexts } from "#shared/portal/stop-texts.ts";
import { linkPath, tokenOf } from "../addresses.ts";
import { type Operation, type Routes, refused, seeOther } from "../answers.ts";
import { CLEAR_SESSION, readSession } from "../cookies.ts";
import { readStopTexts } from "../form.ts";
import { isOwnSite } from "../headers.ts";
import { TEXTS } from "../views/thread-page.ts";

/** What patients decide for themselves. */
export function createPreferencesRoutes({ stopTexts }: { readonly stopTexts: StopTexts }): Routes {
  const changePreferences: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readStopTexts(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    // Said or not, the thread page tells whether texts come.
    const outcome = read.form
      ? await stopTexts({
          token: tokenOf(event),
          cookie: readSession(event),
          requestId: event.requestContext.requestId,
        })
      : "stopped";
    return outcome === "ended"
      ? seeOther(event, linkPath(event), [CLEAR_SESSION])
      : seeOther(event, `${linkPath(event)}/thread`, [], `#${TEXTS}`);
  };

  return { "POST /{token}/preferences": changePreferences };
}

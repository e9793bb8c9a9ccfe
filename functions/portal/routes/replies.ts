import type { ReadThread } from "#shared/portal/read-thread.ts";
import type { Reply } from "#shared/portal/reply.ts";
import { linkPath, tokenOf } from "../addresses.ts";
import { type Operation, type Routes, refused, seeOther } from "../answers.ts";
import { clearSession, readSession } from "../cookies.ts";
import { isOwnSite } from "../headers.ts";
import { readReplyForm } from "../reply-form.ts";
import { NEWEST } from "../views/thread-page.ts";
import { shownThread } from "./thread.ts";

/** What replying over HTTP needs. */
interface ReplyTools {
  readonly reply: Reply;
  readonly readThread: ReadThread;
}

/** What patients write. */
export function createReplyRoutes({ reply, readThread }: ReplyTools): Routes {
  const takeReply: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readReplyForm(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    const asking = {
      token: tokenOf(event),
      cookie: readSession(event),
      requestId: event.requestContext.requestId,
    };
    const outcome = await reply({ ...asking, ...read.form });
    const ended = () => seeOther(event, linkPath(event), clearSession(event));
    switch (outcome.kind) {
      case "ended":
        return ended();
      case "written":
        return seeOther(event, `${linkPath(event)}/thread`, [], `#${NEWEST}`);
      case "refused": {
        // The page again, with everything that was written on it.
        const { problem } = outcome;
        const shown = await readThread({ ...asking, before: null });
        if (shown.kind === "ended") return ended();
        const state = { draft: read.form.body, problem };
        return shownThread(event, frame, shown, { status: 422, state });
      }
      default:
        return outcome satisfies never;
    }
  };

  return { "POST /{token}/replies": takeReply };
}

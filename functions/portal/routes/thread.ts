import type { ReadThread } from "#shared/portal/read-thread.ts";
import { askedLanguage, linkPath, tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, seeOther } from "../answers.ts";
import { CLEAR_SESSION, readSession } from "../cookies.ts";
import { threadPage } from "../views/thread-page.ts";

/** The conversation. */
export function createThreadRoutes({ readThread }: { readonly readThread: ReadThread }): Routes {
  const showThread: Operation = async (event, frame) => {
    const outcome = await readThread({
      token: tokenOf(event),
      cookie: readSession(event),
      requestId: event.requestContext.requestId,
    });
    if (outcome.kind === "ended") return seeOther(event, linkPath(event), [CLEAR_SESSION]);
    const language = askedLanguage(event) ?? outcome.thread.language;
    const own = { ...frame, language };
    return page(200, threadPage(own, outcome.thread, linkPath(event)), language);
  };

  return { "GET /{token}/thread": showThread };
}

import type { APIGatewayProxyEvent } from "aws-lambda";
import { idPattern } from "#shared/domain/ids.ts";
import type { ReadThread, ThreadOutcome } from "#shared/portal/read-thread.ts";
import type { ThreadVersion } from "#shared/portal/thread-version.ts";
import { askedLanguage, linkPath, tokenOf } from "../addresses.ts";
import { json, type Operation, page, type Routes, seeOther } from "../answers.ts";
import { clearSession, readSession } from "../cookies.ts";
import type { PageFrame } from "../views/layout.ts";
import { type ThreadState, threadPage } from "../views/thread-page.ts";

/** What the conversation over HTTP needs. */
interface ThreadTools {
  readonly readThread: ReadThread;
  readonly threadVersion: ThreadVersion;
}

const MESSAGE = idPattern("msg");

/** The page of a thread that was read, in the language that is asked for, else the patient's. */
export function shownThread(
  event: APIGatewayProxyEvent,
  frame: PageFrame,
  { thread, formId, distress }: Extract<ThreadOutcome, { readonly kind: "shown" }>,
  { status = 200, state = {} }: { readonly status?: number; readonly state?: ThreadState } = {},
) {
  const language = askedLanguage(event) ?? thread.language;
  const shown = { form: formId, ...(distress === null ? {} : { distress }), ...state };
  return page(status, threadPage({ ...frame, language }, thread, linkPath(event), shown), language);
}

/** The conversation. */
export function createThreadRoutes({ readThread, threadVersion }: ThreadTools): Routes {
  const showThread: Operation = async (event, frame) => {
    const before = event.queryStringParameters?.["before"] ?? "";
    const outcome = await readThread({
      token: tokenOf(event),
      cookie: readSession(event),
      before: MESSAGE.test(before) ? before : null,
      // The page's own script asks so for what is new.
      quiet: event.queryStringParameters?.["quiet"] !== undefined,
      requestId: event.requestContext.requestId,
    });
    return outcome.kind === "ended"
      ? seeOther(event, linkPath(event), clearSession(event))
      : shownThread(event, frame, outcome);
  };

  /** For the page's own script: whether there is anything new, and how long the session may last. */
  const showVersion: Operation = async (event) => {
    const told = await threadVersion(tokenOf(event), readSession(event));
    return told === undefined ? json(401, {}) : json(200, { ...told });
  };

  return { "GET /{token}/thread": showThread, "GET /{token}/version": showVersion };
}

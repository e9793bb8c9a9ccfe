import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Lock } from "#shared/portal/lock.ts";
import type { Prove } from "#shared/portal/prove.ts";
import type { ReadThread } from "#shared/portal/read-thread.ts";
import type { StopTexts } from "#shared/portal/stop-texts.ts";
import type { Unsubscribe } from "#shared/portal/unsubscribe.ts";
import type { Log } from "#shared/runtime/log.ts";
import { askedLanguage, linkPath, pageLanguage, tokenOf } from "./addresses.ts";
import { CLEAR_PENDING, CLEAR_SESSION, readPending, readSession, setPending, setSession } from "./cookies.ts";
import { asksToUnsubscribe, readProofForm, readStopTexts } from "./form.ts";
import { isOwnSite, SECURITY_HEADERS } from "./headers.ts";
import { codePage } from "./views/code-page.ts";
import type { PageFrame, Practice } from "./views/layout.ts";
import { neutralPage } from "./views/neutral-page.ts";
import { TEXTS, threadPage } from "./views/thread-page.ts";
import { unavailablePage } from "./views/unavailable-page.ts";
import { unsubscribedPage, unsubscribePage } from "./views/unsubscribe-page.ts";

/** What the portal's handler is wired with. */
export interface Dependencies {
  readonly practice: Practice;
  readonly prove: Prove;
  readonly readThread: ReadThread;
  readonly lock: Lock;
  readonly stopTexts: StopTexts;
  readonly unsubscribe: Unsubscribe;
  readonly log: Log;
}

type Operation = (event: APIGatewayProxyEvent, frame: PageFrame) => Promise<APIGatewayProxyResult>;

function page(
  status: number,
  body: string,
  language: PageFrame["language"],
  cookies: readonly string[] = [],
): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      ...SECURITY_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Language": language,
    },
    ...(cookies.length === 0 ? {} : { multiValueHeaders: { "Set-Cookie": [...cookies] } }),
    body,
  };
}

/** Sends the browser on; a language that was chosen is kept. */
function seeOther(
  event: APIGatewayProxyEvent,
  path: string,
  cookies: readonly string[],
  fragment = "",
): APIGatewayProxyResult {
  const language = askedLanguage(event);
  return {
    statusCode: 303,
    headers: {
      ...SECURITY_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      Location: `${path}${language === undefined ? "" : `?lang=${language}`}${fragment}`,
    },
    ...(cookies.length === 0 ? {} : { multiValueHeaders: { "Set-Cookie": [...cookies] } }),
    body: "",
  };
}

/**
 * The portal's pages. Whatever a stranger sends gets one of a few pages that do not depend on it;
 * whatever fails on our side shows nothing but that.
 */
export function createHandler(dependencies: Dependencies) {
  const { practice, prove, readThread, lock, stopTexts, unsubscribe, log } = dependencies;
  const refused = (frame: PageFrame, status = 200) => page(status, neutralPage(frame), frame.language);

  const showNeutral: Operation = async (_event, frame) => page(200, neutralPage(frame), frame.language);

  const takeProof: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readProofForm(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    const outcome = await prove({
      ...read.form,
      token: tokenOf(event),
      pendingCookie: readPending(event),
      requestId: event.requestContext.requestId,
    });
    switch (outcome.kind) {
      case "refused":
        log.info("PROOF_REJECTED", { counted: outcome.counted, count: 1 });
        return refused(frame);
      case "code-wanted": {
        const { pendingCookie, wrongCode } = outcome;
        const cookies = pendingCookie === null ? [] : [setPending(pendingCookie)];
        return page(200, codePage(frame, { failed: wrongCode }), frame.language, cookies);
      }
      case "opened":
        return seeOther(event, `${linkPath(event)}/thread`, [
          setSession(outcome.sessionCookie),
          CLEAR_PENDING,
        ]);
      default:
        return outcome satisfies never;
    }
  };

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

  const endSession: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    await lock({
      token: tokenOf(event),
      cookie: readSession(event),
      requestId: event.requestContext.requestId,
    });
    return seeOther(event, linkPath(event), [CLEAR_SESSION, CLEAR_PENDING]);
  };

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

  const showUnsubscribe: Operation = async (_event, frame) =>
    page(200, unsubscribePage(frame), frame.language);

  /**
   * Mail clients post without cookie, origin or anything but the address, which is the secret; the
   * answer is the same whatever became of it.
   */
  const takeUnsubscribe: Operation = async (event, frame) => {
    if (!asksToUnsubscribe(event)) return showUnsubscribe(event, frame);
    await unsubscribe({ token: tokenOf(event), requestId: event.requestContext.requestId });
    return page(200, unsubscribedPage(frame), frame.language);
  };

  const operations: Readonly<Record<string, Operation>> = {
    "GET /{token}": showNeutral,
    "HEAD /{token}": showNeutral,
    "POST /{token}": takeProof,
    "GET /{token}/thread": showThread,
    "POST /{token}/lock": endSession,
    "POST /{token}/preferences": changePreferences,
    "GET /{token}/unsubscribe": showUnsubscribe,
    "POST /{token}/unsubscribe": takeUnsubscribe,
  };

  return async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    const frame = { practice, language: pageLanguage(event) };
    const name = `${event.httpMethod} ${event.resource}`;
    try {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      return operation === undefined ? refused(frame, 404) : await operation(event, frame);
    } catch (error) {
      const traceId = event.requestContext.requestId;
      log.error("REQUEST_FAILED", error, { traceId, resource: event.resource });
      return page(503, unavailablePage(frame), frame.language);
    }
  };
}

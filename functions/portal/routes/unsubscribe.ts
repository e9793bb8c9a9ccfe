import type { Unsubscribe } from "#shared/portal/unsubscribe.ts";
import { tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes } from "../answers.ts";
import { asksToUnsubscribe } from "../form.ts";
import { unsubscribedPage, unsubscribePage } from "../views/unsubscribe-page.ts";

/** The end of e-mails, by one click (RFC 8058). */
export function createUnsubscribeRoutes({ unsubscribe }: { readonly unsubscribe: Unsubscribe }): Routes {
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

  return {
    "GET /{token}/unsubscribe": showUnsubscribe,
    "POST /{token}/unsubscribe": takeUnsubscribe,
  };
}

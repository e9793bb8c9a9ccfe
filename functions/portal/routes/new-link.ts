import type { RequestNewLink } from "#shared/portal/new-link.ts";
import { tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, type RouteTools, refused } from "../answers.ts";
import { isOwnSite } from "../headers.ts";
import { newLinkPage } from "../views/new-link-page.ts";

/** What asking for a new link over HTTP needs. */
interface NewLinkTools extends RouteTools {
  readonly requestNewLink: RequestNewLink;
}

/** A new link in an older one's place; the answer is the same whatever came of it. */
export function createNewLinkRoutes({ requestNewLink, log }: NewLinkTools): Routes {
  const askForLink: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const asked = await requestNewLink({
      token: tokenOf(event),
      requestId: event.requestContext.requestId,
    });
    if (!asked) log.info("NEW_LINK_NOT_ASKED", { count: 1 });
    return page(200, newLinkPage(frame), frame.language);
  };

  return { "POST /{token}/new-link": askForLink };
}

import type { WrongPerson } from "#shared/portal/wrong-person.ts";
import { tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, type RouteTools, refused } from "../answers.ts";
import { CLEAR_DEVICE, CLEAR_PENDING, CLEAR_SESSION } from "../cookies.ts";
import { isOwnSite } from "../headers.ts";
import { wrongPersonDonePage } from "../views/wrong-person-page.ts";

/** What taking the word of a wrong person over HTTP needs. */
interface WrongPersonTools extends RouteTools {
  readonly wrongPerson: WrongPerson;
}

/** "I am not this person": the same answer, and the same end of this browser's cookies, for every link. */
export function createWrongPersonRoutes({ wrongPerson, log }: WrongPersonTools): Routes {
  const takeWrongPerson: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const { requestId } = event.requestContext;
    const isLink = await wrongPerson({ token: tokenOf(event), requestId });
    if (!isLink) log.info("PROOF_REJECTED", { counted: false, count: 1 });
    return page(200, wrongPersonDonePage(frame), frame.language, [
      CLEAR_SESSION,
      CLEAR_PENDING,
      CLEAR_DEVICE,
    ]);
  };

  return { "POST /{token}/wrong-person": takeWrongPerson };
}

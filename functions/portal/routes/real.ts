import { type Operation, page, type Routes } from "../answers.ts";
import { type RealFacts, realPage } from "../views/real-page.ts";

/** The public page that tells whether a text is ours: the same for everybody, and it reads nothing. */
export function createRealRoutes(facts: RealFacts): Routes {
  const showReal: Operation = async (_event, frame) => page(200, realPage(frame, facts), frame.language);

  return { "GET /real": showReal };
}

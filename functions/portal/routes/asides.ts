import { createRequestNewLink, type NewLinkPorts } from "#shared/portal/new-link.ts";
import type { StopTextsPorts } from "#shared/portal/stop-texts.ts";
import { createUnsubscribe } from "#shared/portal/unsubscribe.ts";
import type { Routes, RouteTools } from "../answers.ts";
import type { RealFacts } from "../views/real-page.ts";
import { createNewLinkRoutes } from "./new-link.ts";
import { createRealRoutes } from "./real.ts";
import { createUnsubscribeRoutes } from "./unsubscribe.ts";

/** What is asked for without a session, and seldom. */
export function createAsideRoutes(
  ports: NewLinkPorts & StopTextsPorts & RouteTools,
  facts: RealFacts,
): Routes {
  return {
    ...createNewLinkRoutes({ log: ports.log, requestNewLink: createRequestNewLink(ports) }),
    ...createRealRoutes(facts),
    ...createUnsubscribeRoutes({ unsubscribe: createUnsubscribe(ports) }),
  };
}

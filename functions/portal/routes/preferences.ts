import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { ChangePreferences } from "#shared/portal/change-preferences.ts";
import type { ForgetDevices } from "#shared/portal/devices.ts";
import type { ReadPreferences } from "#shared/portal/read-preferences.ts";
import type { RemovePin, SetPin, SetPinOutcome } from "#shared/portal/set-pin.ts";
import type { SessionRequest } from "#shared/portal/standing-session.ts";
import type { StopTexts } from "#shared/portal/stop-texts.ts";
import { askedLanguage, linkPath, tokenOf } from "../addresses.ts";
import { type Operation, page, type Routes, refused, seeOther } from "../answers.ts";
import { clearSession, readSession } from "../cookies.ts";
import { readFields } from "../form.ts";
import { isOwnSite } from "../headers.ts";
import { readPreferencesChange, type StatedChange } from "../preferences-form.ts";
import type { PageFrame } from "../views/layout.ts";
import { type PreferencesState, preferencesPage, savedIn } from "../views/preferences-page.ts";
import { TEXTS } from "../views/thread-page.ts";

/** What the page of preferences is wired with. */
interface PreferencesTools {
  readonly readPreferences: ReadPreferences;
  readonly changePreferences: ChangePreferences;
  readonly stopTexts: StopTexts;
  readonly setPin: SetPin;
  readonly removePin: RemovePin;
  readonly forgetDevices: ForgetDevices;
}

/** What became of a change, whatever it was. `unproven`: the session was opened by less than it takes. */
type Outcome =
  | { readonly kind: "ended" | "unproven" | "saved" }
  | { readonly kind: "refused"; readonly problem: NonNullable<PreferencesState["problem"]> };

const PIN_PROBLEMS: Readonly<Record<Exclude<SetPinOutcome, "set" | "needs-proof" | "ended">, Outcome>> = {
  length: { kind: "refused", problem: "pin-form" },
  simple: { kind: "refused", problem: "pin-weak" },
  "birth-date": { kind: "refused", problem: "pin-weak" },
  held: { kind: "refused", problem: "pin-held" },
  "present-pin": { kind: "refused", problem: "pin-present" },
};

/** The part of the page that shows what became of a change; that texts are stopped, its boxes tell. */
const PARTS: Readonly<Record<StatedChange["kind"], Parameters<typeof savedIn>[0]>> = {
  consents: "consents",
  "stop-texts": "consents",
  "quiet-hours": "quiet-hours",
  language: "language",
  pin: "pin",
  "remove-pin": "pin",
  "forget-device": "devices",
  "forget-devices": "devices",
};

/** The boxes that a grant needs are ticked, and nothing is there to be granted: `Saved` would be taken for more. */
function agreesToNothing({
  granted,
  revoked,
  acknowledgements,
}: Extract<StatedChange, { kind: "consents" }>) {
  return granted.length + revoked.length === 0 && Object.values(acknowledgements).includes(true);
}

function asOutcome(told: "ended" | "needs-proof" | "set" | "removed" | "forgotten" | "stopped"): Outcome {
  if (told === "ended") return { kind: "ended" };
  return { kind: told === "needs-proof" ? "unproven" : "saved" };
}

function pinOutcome(told: SetPinOutcome | "removed"): Outcome {
  return told === "set" || told === "removed" || told === "needs-proof" || told === "ended"
    ? asOutcome(told)
    : PIN_PROBLEMS[told];
}

/** What patients decide for themselves. */
export function createPreferencesRoutes(tools: PreferencesTools): Routes {
  function sessionOf(event: APIGatewayProxyEvent): SessionRequest {
    const { requestId } = event.requestContext;
    return { token: tokenOf(event), cookie: readSession(event), requestId };
  }

  /** Back to the link's first page: with the session, where only a proof is missing. */
  function back(event: APIGatewayProxyEvent, kind: "ended" | "unproven"): APIGatewayProxyResult {
    return seeOther(event, linkPath(event), kind === "ended" ? clearSession(event) : []);
  }

  async function show(
    event: APIGatewayProxyEvent,
    frame: PageFrame,
    state: PreferencesState = {},
  ): Promise<APIGatewayProxyResult> {
    const outcome = await tools.readPreferences(sessionOf(event));
    if (outcome.kind !== "shown") return back(event, outcome.kind);
    const language = askedLanguage(event) ?? outcome.preferences.language;
    const body = preferencesPage({ ...frame, language }, outcome.preferences, linkPath(event), state);
    return page(200, body, language);
  }

  async function change(request: SessionRequest, stated: StatedChange): Promise<Outcome> {
    switch (stated.kind) {
      case "consents":
        return agreesToNothing(stated)
          ? { kind: "refused", problem: "nothing-chosen" }
          : tools.changePreferences(request, stated);
      case "stop-texts":
        return asOutcome(await tools.stopTexts(request));
      case "pin": {
        const { pin, again, presentPin } = stated;
        if (pin !== again) return { kind: "refused", problem: "pin-different" };
        return pinOutcome(await tools.setPin({ ...request, pin, presentPin }));
      }
      case "remove-pin":
        return pinOutcome(await tools.removePin({ ...request, presentPin: stated.presentPin }));
      case "forget-device":
        return asOutcome(await tools.forgetDevices({ ...request, device: stated.id }));
      case "forget-devices":
        return asOutcome(await tools.forgetDevices({ ...request, device: null }));
      default:
        return tools.changePreferences(request, stated);
    }
  }

  const changePreferences: Operation = async (event, frame) => {
    if (!isOwnSite(event)) return refused(frame, 403);
    const read = readFields(event);
    if (read.kind === "unreadable") return refused(frame, read.status);
    // The thread's page has the older button; there it says whether texts come.
    const isThreads = !read.form.has("change");
    const stated = readPreferencesChange(read.form);
    const outcome: Outcome =
      stated === undefined ? { kind: "saved" } : await change(sessionOf(event), stated);
    switch (outcome.kind) {
      case "refused":
        return show(event, frame, { problem: outcome.problem, entered: read.form });
      case "saved": {
        if (isThreads) return seeOther(event, `${linkPath(event)}/thread`, [], `#${TEXTS}`);
        // The language just chosen is not outvoted by the one that the address asks for.
        const plain = stated?.kind === "language" ? { ...event, queryStringParameters: null } : event;
        return seeOther(
          plain,
          `${linkPath(event)}/preferences`,
          [],
          stated === undefined ? "" : `#${savedIn(PARTS[stated.kind])}`,
        );
      }
      default:
        return back(event, outcome.kind);
    }
  };

  return {
    "GET /{token}/preferences": (event, frame) => show(event, frame),
    "POST /{token}/preferences": changePreferences,
  };
}

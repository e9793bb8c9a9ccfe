import { CHANNELS, LANGUAGES, PURPOSES } from "#shared/domain/words.ts";
import type { PreferencesChange } from "#shared/portal/change-preferences.ts";
import type { ConsentChoice } from "#shared/portal/read-preferences.ts";

/** A wish as the form of a preferences page states it; what has not the form of one is undefined. */
export type StatedChange =
  | PreferencesChange
  | { readonly kind: "stop-texts" }
  | { readonly kind: "pin"; readonly pin: string; readonly again: string; readonly presentPin: string }
  | { readonly kind: "remove-pin"; readonly presentPin: string }
  | { readonly kind: "forget-device"; readonly id: string }
  | { readonly kind: "forget-devices" };

/**
 * Value of a box for a purpose and channel, one after the other with a dot between. The page names every box that it shows
 * ticked once more in a hidden field `had`; ticked ones come in `want`. So a page that was open for long
 * undoes nothing that was decided since: only what differs between the two is a wish.
 */
export function choiceValue({ purpose, channel }: ConsentChoice): string {
  return `${purpose}.${channel}`;
}

const CHOICES: ReadonlyMap<string, ConsentChoice> = new Map(
  PURPOSES.flatMap((purpose) => CHANNELS.map((channel) => ({ purpose, channel }))).map((choice) => [
    choiceValue(choice),
    choice,
  ]),
);

/** Boxes that a grant needs: texts are not secure, the contact is theirs, they can stop. */
export const ACKNOWLEDGEMENT_FIELDS = ["unsecuredText", "numberConfirmed", "optOutAnytime"] as const;

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const DEVICE = /^[A-Za-z0-9_-]{1,64}$/;

/** A local clock time `HH:MM`; empty for whatever is none. */
export function readClock(text: string | null): string {
  const written = text?.trim() ?? "";
  return CLOCK.test(written) ? written : "";
}

function choices(values: readonly string[]): readonly ConsentChoice[] {
  return [...new Set(values)].flatMap((value) => CHOICES.get(value) ?? []);
}

/**
 * Reads a change by its field `change`:
 * - `consents`: `had` and `want`, repeated; `unsecuredText`, `numberConfirmed`, `optOutAnytime`: `yes`
 * - `quiet-hours`: `from` and `to`, `HH:MM`; both empty: none
 * - `language`: `language`
 * - `pin`: `pin` and `pinAgain`; `remove-pin`; both with `presentPin` where there is one
 * - `forget-device`: `device`; `forget-devices`
 * - `stop-texts`, and the older field `stopTexts=yes`
 */
export function readPreferencesChange(fields: URLSearchParams): StatedChange | undefined {
  const only = (name: string) => {
    const values = fields.getAll(name);
    return values.length === 1 ? (values[0]?.trim() ?? "") : "";
  };
  const isYes = (name: string) => only(name) === "yes";
  if (isYes("stopTexts")) return { kind: "stop-texts" };
  switch (only("change")) {
    case "stop-texts":
      return { kind: "stop-texts" };
    case "consents": {
      const had = choices(fields.getAll("had"));
      const want = choices(fields.getAll("want"));
      return {
        kind: "consents",
        revoked: had.filter((choice) => !want.includes(choice)),
        granted: want.filter((choice) => !had.includes(choice)),
        acknowledgements: {
          unsecuredText: isYes("unsecuredText"),
          numberConfirmed: isYes("numberConfirmed"),
          optOutAnytime: isYes("optOutAnytime"),
        },
      };
    }
    case "quiet-hours": {
      const [from, to] = [only("from"), only("to")];
      if (from === "" && to === "") return { kind: "quiet-hours", quietHours: null };
      const isClear = readClock(from) !== "" && readClock(to) !== "";
      const quietHours = isClear ? { from, to } : "unreadable";
      return { kind: "quiet-hours", quietHours };
    }
    case "language": {
      const language = LANGUAGES.find((known) => known === only("language"));
      return language === undefined ? undefined : { kind: "language", language };
    }
    case "pin":
      return { kind: "pin", pin: only("pin"), again: only("pinAgain"), presentPin: only("presentPin") };
    case "remove-pin":
      return { kind: "remove-pin", presentPin: only("presentPin") };
    case "forget-device": {
      const id = only("device");
      return DEVICE.test(id) ? { kind: "forget-device", id } : undefined;
    }
    case "forget-devices":
      return { kind: "forget-devices" };
    default:
      return undefined;
  }
}

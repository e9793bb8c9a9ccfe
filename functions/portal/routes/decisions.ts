import { createChangePreferences } from "#shared/portal/change-preferences.ts";
import { createForgetDevices } from "#shared/portal/devices.ts";
import { createReadPreferences } from "#shared/portal/read-preferences.ts";
import { createRemovePin, createSetPin, type PinPorts } from "#shared/portal/set-pin.ts";
import { createStopTexts, type StopTextsPorts } from "#shared/portal/stop-texts.ts";
import { createWrongPerson, type WrongPersonPorts } from "#shared/portal/wrong-person.ts";
import type { Routes, RouteTools } from "../answers.ts";
import { createPreferencesRoutes } from "./preferences.ts";
import { createWrongPersonRoutes } from "./wrong-person.ts";

/** What patients decide, and the word of who is none: a group that most sessions never use. */
export function createDecisionRoutes(
  ports: WrongPersonPorts & PinPorts & StopTextsPorts & RouteTools,
): Routes {
  return {
    ...createPreferencesRoutes({
      stopTexts: createStopTexts(ports),
      readPreferences: createReadPreferences(ports),
      changePreferences: createChangePreferences(ports),
      setPin: createSetPin(ports),
      removePin: createRemovePin(ports),
      forgetDevices: createForgetDevices(ports),
    }),
    ...createWrongPersonRoutes({ log: ports.log, wrongPerson: createWrongPerson(ports) }),
  };
}

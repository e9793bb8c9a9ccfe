import { json, type Routes } from "#functions/http/api.ts";
import { ApiProblem } from "#functions/http/problem.ts";
import { allow, ifMatch, jsonBody, pathParameter } from "#functions/http/request.ts";
import {
  ChangePracticeRequest,
  ChangeVendorRequest,
  PracticeResponse,
  SwitchesRequest,
  VendorIdField,
  VendorResponse,
} from "#shared/contracts/practice.ts";
import { hasAgreement, type VendorRecord } from "#shared/practice/records.ts";
import {
  createChangeSettings,
  createChangeVendor,
  createReadPractice,
  createReadVendor,
  createSetSwitches,
  type PracticePorts,
} from "#shared/practice/settings.ts";
import { entriesOf, listsOf, pointerTo } from "./directory-answer.ts";

/** What of the practice is a stage setting: it changes with a deployment. */
export interface PracticeIdentity {
  readonly name: string;
  readonly phone: string;
  readonly portalHost: string;
  /** Null where the stage sends no e-mails. */
  readonly emailSender: string | null;
}

/** The practice's own record: settings, directory, kill switches, vendors. */
export function createRoutes(ports: PracticePorts & { readonly identity: PracticeIdentity }): Routes {
  const readPractice = createReadPractice(ports);
  const changeSettings = createChangeSettings(ports);
  const setSwitches = createSetSwitches(ports);
  const readVendor = createReadVendor(ports);
  const changeVendor = createChangeVendor(ports);

  async function answerPractice() {
    const { settings, switches, directory } = await readPractice();
    const { sending, portal } = switches;
    const { sendingHours, ...others } = settings;
    return json(
      200,
      PracticeResponse.parse({
        ...ports.identity,
        ...others,
        quietHours: { from: sendingHours.to, to: sendingHours.from },
        directory: listsOf(directory.entries),
        switches: { sending, portal },
      }),
      settings.version,
    );
  }

  function answerVendor(vendor: VendorRecord) {
    const inForce = hasAgreement(vendor, ports.now().toISOString().slice(0, 10));
    return json(200, VendorResponse.parse({ ...vendor, inForce }), vendor.version);
  }

  return {
    "GET /practice": async (event) => {
      allow(event, "practice.read");
      return answerPractice();
    },
    "PUT /practice": async (event) => {
      const caller = allow(event, "practice.write");
      const { timeZone, officeHours, quietHours, caps, reminderOffsets, visitNotices, directory } = jsonBody(
        event,
        ChangePracticeRequest,
      );
      const open = Object.fromEntries(
        Object.entries(officeHours).flatMap(([day, spans]) => (spans === undefined ? [] : [[day, spans]])),
      );
      const settings = {
        timeZone,
        officeHours: open,
        ...(quietHours === undefined ? {} : { sendingHours: { from: quietHours.to, to: quietHours.from } }),
        ...(caps === undefined ? {} : { caps }),
        ...(reminderOffsets === undefined
          ? {}
          : { reminderOffsets: reminderOffsets.toSorted((one, other) => other - one) }),
        ...(visitNotices === undefined ? {} : { visitNotices }),
      };
      const wanted = directory === undefined ? undefined : entriesOf(directory);
      const outcome = await changeSettings(settings, wanted, ifMatch(event), caller);
      if (outcome.kind === "version-conflict") throw new ApiProblem("version_conflict");
      if (outcome.kind === "unfit-names" && directory !== undefined) {
        throw new ApiProblem("unprocessable", {
          detail: "A text name cannot stand in a text; nothing was changed.",
          findings: outcome.names.flatMap(({ entry, findings }) =>
            findings.map((finding) => ({ pointer: pointerTo(directory, entry), ...finding })),
          ),
        });
      }
      return answerPractice();
    },
    "PUT /practice/switches": async (event) => {
      const caller = allow(event, "practice.write");
      const switches = jsonBody(event, SwitchesRequest);
      if ((await setSwitches(switches, caller)) === "raced") {
        throw new ApiProblem("version_conflict");
      }
      return json(200, switches);
    },
    "GET /vendors/{id}": async (event) => {
      allow(event, "practice.read");
      return answerVendor(await readVendor(pathParameter(event, "id", VendorIdField)));
    },
    "PUT /vendors/{id}": async (event) => {
      const caller = allow(event, "vendor.write");
      const id = pathParameter(event, "id", VendorIdField);
      const { baaSignedOn, baaEndsOn } = jsonBody(event, ChangeVendorRequest);
      const vendor = { id, baaSignedOn, baaEndsOn: baaEndsOn ?? null };
      if (!(await changeVendor(vendor, ifMatch(event), caller))) {
        throw new ApiProblem("version_conflict");
      }
      return answerVendor(await readVendor(id));
    },
  };
}

import { at, type Check, listOf, resourcesOf } from "./template.ts";

/** Events that are had by watching the patient: a picture that is loaded, an address that leads elsewhere first. */
const WATCHING = new Set(["open", "click"]);

/** E-mails go over TLS or not at all, and nobody watches them being read. */
export const checkEmail: Check = (template) => [
  ...resourcesOf(template, "AWS::SES::ConfigurationSet")
    .filter(({ properties }) => at(properties, "DeliveryOptions", "TlsPolicy") !== "REQUIRE")
    .map(({ id }) => ({
      rule: "EmailNeedsTls",
      resource: id,
      message: "lets e-mails leave without TLS",
    })),
  ...resourcesOf(template, "AWS::SES::ConfigurationSetEventDestination")
    .filter(({ properties }) =>
      listOf(at(properties, "EventDestination", "MatchingEventTypes")).some((type) =>
        WATCHING.has(String(type).toLowerCase()),
      ),
    )
    .map(({ id }) => ({
      rule: "NobodyWatchesReading",
      resource: id,
      message: "asks who opens or follows what stands in an e-mail",
    })),
];

import { createPracticeClassifier } from "#shared/domain/classification/practice-classifier.ts";
import { labelReadings } from "#shared/domain/templates/name-readings.ts";
import { tellingWords } from "#shared/domain/templates/telling-words.ts";
import { checkTextName } from "#shared/domain/templates/text-name.ts";
import type { StageSettings } from "./stages.ts";

/** Throws where the name, host or sender that every text, link or e-mail shows tells what kind of care patients get. */
export function requireTellingNothing({
  practice,
  domain,
  email,
  wording,
}: Pick<StageSettings, "practice" | "domain" | "email" | "wording">): void {
  const settings = wording === undefined ? undefined : JSON.stringify(wording);
  const classifier = createPracticeClassifier(settings);
  const classify = (text: string) => classifier.classify(text, { direction: "outbound" });
  const tells = (text: string) => tellingWords(text).length > 0 || classify(text).tier === 3;

  if (checkTextName(practice.textName, "practice", classify).length > 0) {
    throw new Error(
      `The practice's text name ("${practice.textName}") tells what kind of care patients get: whoever finds a ` +
        "phone would know. Choose a name that tells nothing, such as that of a street.",
    );
  }
  if (domain !== undefined) requireHost("The portal's host", domain.host, tells);
  if (email === undefined) return;
  const [, name = "", address = email.from] = /^([^<]*)<([^>]*)>$/.exec(email.from) ?? [];
  const [mailbox = "", host = ""] = address.trim().toLowerCase().split("@");
  if (tells(name.trim()) || labelReadings(mailbox).some(tells)) {
    throw new Error(
      `The sender of e-mails ("${email.from}") tells what kind of care patients get: every list of messages shows ` +
        "it. Choose a name and an address that tell nothing.",
    );
  }
  requireHost("The domain of the sender of e-mails", host, tells);
}

function requireHost(what: string, host: string, tells: (text: string) => boolean): void {
  const labels = host.toLowerCase().split(".");
  // A single letter says nothing by itself.
  const telling =
    labels.find((label) => label.length > 1 && labelReadings(label).some(tells)) ??
    (tells(labels.join(" ")) ? host : undefined);
  if (telling === undefined) return;
  throw new Error(
    `${what} ("${telling}" in ${host}) tells what kind of care patients get: whoever finds a phone would know. ` +
      "Choose one whose words tell nothing.",
  );
}

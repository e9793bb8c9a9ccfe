import { readFileSync } from "node:fs";
import type { IPolicyValidationPlugin } from "aws-cdk-lib";
import { checkActions } from "./actions.ts";
import { checkAttachments } from "./attachments.ts";
import { checkEmail } from "./email.ts";
import { checkImports } from "./imports.ts";
import { checkPlanes } from "./planes.ts";
import { checkPortalLogging } from "./portal-logging.ts";
import { checkProof } from "./proof.ts";
import { checkSecondReader } from "./second-reader.ts";
import { checkSignIn } from "./sign-in.ts";
import { checkStorage } from "./storage.ts";
import { checkStrangers } from "./strangers.ts";
import type { Finding, Template } from "./template.ts";
import { checkWords } from "./words.ts";

/** Every breach of our own rules in `template`. */
export function findBreaches(template: Template): readonly Finding[] {
  return [
    checkPlanes,
    checkActions,
    checkStorage,
    checkAttachments,
    checkImports,
    checkSignIn,
    checkPortalLogging,
    checkStrangers,
    checkSecondReader,
    checkEmail,
    checkProof,
    checkWords,
  ].flatMap((check) => check(template));
}

/** Our own rules as a validation of the CDK: any breach stops the synthesis. */
export function createFoundphoneChecks(): IPolicyValidationPlugin {
  return {
    name: "Foundphone",
    validate: ({ templatePaths }) => {
      const violations = templatePaths.flatMap((templatePath) =>
        findBreaches(JSON.parse(readFileSync(templatePath, "utf8")) as Template).map(
          ({ rule, resource, message }) => ({
            ruleName: `Foundphone-${rule}`,
            description: message,
            severity: "error",
            violatingResources: [{ resourceLogicalId: resource, templatePath, locations: [] }],
          }),
        ),
      );
      return { success: violations.length === 0, violations };
    },
  };
}

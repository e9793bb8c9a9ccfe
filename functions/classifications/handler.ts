import { json, type Routes } from "#functions/http/api.ts";
import { allow, jsonBody } from "#functions/http/request.ts";
import { ClassificationResponse, ClassifyRequest, TIER_NAMES } from "#shared/contracts/classifications.ts";
import type { Classify } from "#shared/messaging/ports.ts";

/** `POST /classifications`: what a text is, with every reason. Nothing is stored. */
export function createRoutes({ classify }: { readonly classify: Classify }): Routes {
  return {
    "POST /classifications": async (event) => {
      allow(event, "content.classify");
      const { text, direction } = jsonBody(event, ClassifyRequest);
      const { tier, reasons } = classify(text, { direction: direction ?? "outbound" });
      return json(
        200,
        ClassificationResponse.parse({
          tier,
          name: TIER_NAMES[tier],
          smsAllowed: tier === 1,
          reasons: reasons.map(({ rule, category, start, end, explanation }) => ({
            rule,
            category,
            start,
            end,
            explanation,
          })),
          ...(tier === 1
            ? {}
            : { suggestion: "Send it as a message: the text only says that something waits." }),
        }),
      );
    },
  };
}

import { json, type Routes } from "#functions/http/api.ts";
import { allow, jsonBody } from "#functions/http/request.ts";
import { ClassificationResponse, ClassifyRequest, TIER_NAMES } from "#shared/contracts/classifications.ts";
import { type ClassifyTextPorts, createClassifyText } from "#shared/messaging/classify-text.ts";

/** `POST /classifications`: what a text is, with every reason. Nothing is stored. */
export function createRoutes(ports: ClassifyTextPorts): Routes {
  const classifyText = createClassifyText(ports);
  return {
    "POST /classifications": async (event) => {
      allow(event, "content.classify");
      const { text, direction } = jsonBody(event, ClassifyRequest);
      const { tier, reasons, classifierVersion } = await classifyText(text, direction ?? "outbound");
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
          ...(ports.secondReader === null ? {} : { classifierVersion }),
          ...(tier === 1
            ? {}
            : { suggestion: "Send it as a message: the text only says that something waits." }),
        }),
      );
    },
  };
}

import * as z from "zod";

/** Something wrong with a text name or a template; it quotes nothing. */
const Finding = z
  .strictObject({
    code: z.string(),
    pointer: z.string().optional().meta({ description: "JSON Pointer to the text name." }),
    language: z.enum(["en", "es"]).optional().meta({ description: "Which of a template's texts." }),
    start: z.int().meta({ description: "UTF-16 offset in the text." }),
    end: z.int(),
    explanation: z.string(),
    slots: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "The values with which it comes true." }),
  })
  .meta({ id: "Finding" });

/** The body of every error answer. */
export const Problem = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable; program against this." }),
    detail: z.string().optional().meta({ description: "Never holds what the caller sent." }),
    pointer: z.string().optional().meta({ description: "JSON Pointer (RFC 6901) to the bad field." }),
    findings: z.array(Finding).optional().meta({ description: "All of them, where a text is refused." }),
    traceId: z.string().optional(),
  })
  .meta({ id: "Problem" });

import * as z from "zod";

/** The body of every error answer. */
export const Problem = z
  .strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: "Stable; program against this." }),
    detail: z.string().optional().meta({ description: "Never holds what the caller sent." }),
    pointer: z.string().optional().meta({ description: "JSON Pointer (RFC 6901) to the bad field." }),
    traceId: z.string().optional(),
  })
  .meta({ id: "Problem" });

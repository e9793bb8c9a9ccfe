import * as z from "zod";
import { LINK_REVOCATION_REASONS } from "../domain/link-revocation-reasons.ts";
import { expected } from "./expected.ts";
import { PatientId } from "./fields.ts";

const reason = z
  .enum(LINK_REVOCATION_REASONS)
  .meta({ description: "Stands in the audit; words of your own do not, for they may tell about a patient." });

/** `POST /v1/link-revocations`. */
export const RevokeLinksRequest = z
  .discriminatedUnion("scope", [
    z.strictObject({ scope: z.literal("patient"), patientId: PatientId, reason }),
    z.strictObject({
      scope: z.literal("sender"),
      sender: z
        .string()
        .regex(/^(?:staff|client)_[A-Za-z0-9_-]{1,80}$/, expected("a message's sender, such as staff_…"))
        .meta({ description: "As the message's state has it: who wrote the messages." }),
      reason,
    }),
    z.strictObject({ scope: z.literal("practice"), reason }),
  ])
  .meta({ id: "RevokeLinksRequest" });

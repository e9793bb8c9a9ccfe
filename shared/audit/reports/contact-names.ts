import type { Channel } from "../../domain/words.ts";

/** By which detail an entry names the number or address that a patient has from then on; null there: none. */
export const CONTACT_NAMED: Readonly<Record<Channel, "numberId" | "addressId">> = {
  sms: "numberId",
  email: "addressId",
};

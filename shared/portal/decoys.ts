/**
 * Ids that are never given out: what there is not to read of a forged link is read of them, so that it costs
 * the same reads as a real one.
 */
export const DECOYS = {
  patient: "pat_00000000000000000000000000",
  thread: "thr_00000000000000000000000000",
  message: "msg_00000000000000000000000000",
  sender: "client_00000000000000000000000000",
  alert: "alr_00000000000000000000000000",
  consent: "con_00000000000000000000000000",
} as const;

/** Vendors whose services carry alerts. Both channels run on AWS. */
export const VENDORS = ["aws"] as const;
export type VendorId = (typeof VENDORS)[number];

/** The vendor that carries alerts of either channel. */
export const ALERT_VENDOR: VendorId = "aws";

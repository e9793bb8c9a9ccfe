/** Vendors whose services touch what patients and the practice write. Everything runs on AWS. */
export const VENDORS = ["aws"] as const;
export type VendorId = (typeof VENDORS)[number];

/** The vendor that carries alerts of either channel. */
export const ALERT_VENDOR: VendorId = "aws";

/** The vendor that runs the second reader's model, on Amazon Bedrock. */
export const READER_VENDOR: VendorId = "aws";

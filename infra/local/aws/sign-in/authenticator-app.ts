import { Secret, TOTP } from "otpauth";
import { awsError } from "../aws-error.ts";

/** The second factor of a user: a secret shared with an app that shows a code for each step of 30 seconds. */
export type AuthenticatorApp = {
  totpSecret: string | undefined;
  /** The steps whose code was used: none is accepted twice. */
  readonly usedCounters: Set<number>;
};

const TOTP_STEP_SECONDS = 30;

/** A new secret in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** Accepts the code of the present step or of one to each side, each of them once. */
export function useCode(app: AuthenticatorApp, code: string): void {
  const counter = [0, -1, 1]
    .map((step) => counterNow() + step)
    .find((candidate) => codeAt(app, candidate) === code);
  if (counter === undefined) throw awsError("CodeMismatchException", "Invalid code received for user");
  if (app.usedCounters.has(counter))
    throw awsError("ExpiredCodeException", "Your software token has already been used once.");
  app.usedCounters.add(counter);
}

/** The present step. */
export function counterNow(): number {
  return Math.floor(Date.now() / 1000 / TOTP_STEP_SECONDS);
}

/** The code that the app shows in a step. */
export function codeAt(app: AuthenticatorApp, counter: number): string {
  if (app.totpSecret === undefined) throw new Error("The user has no authenticator app.");
  const totp = new TOTP({ secret: Secret.fromBase32(app.totpSecret), period: TOTP_STEP_SECONDS });
  return totp.generate({ timestamp: counter * TOTP_STEP_SECONDS * 1000 });
}

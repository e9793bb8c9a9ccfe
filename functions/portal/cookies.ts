import type { APIGatewayProxyEvent } from "aws-lambda";
import { DEVICE_MS, PENDING_PROOF_MS } from "#shared/portal/limits.ts";
import { headerValues } from "./headers.ts";

/** Of an open session; ends with the browser. */
const SESSION = "__Host-session";
/** Of a right date of birth that waits for its code. */
const PENDING = "__Host-proof";
/** Of a device that the patient had remembered. */
const DEVICE = "__Host-device";
const FENCED = "Path=/; Secure; HttpOnly; SameSite=Strict";
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** Sets the session cookie, which ends with the browser. */
export const setSession = (value: string) => `${SESSION}=${value}; ${FENCED}`;
/** Sets the cookie of a date of birth that waits for its code. */
export const setPending = (value: string) =>
  `${PENDING}=${value}; Max-Age=${PENDING_PROOF_MS / 1000}; ${FENCED}`;
/** Sets the cookie of a remembered device. */
export const setDevice = (value: string) => `${DEVICE}=${value}; Max-Age=${DEVICE_MS / 1000}; ${FENCED}`;
/** Removes the session cookie. */
export const CLEAR_SESSION = `${SESSION}=; Max-Age=0; ${FENCED}`;
/** Removes the cookie of a date of birth that waits for its code. */
export const CLEAR_PENDING = `${PENDING}=; Max-Age=0; ${FENCED}`;
/** Removes the cookie of a remembered device. */
export const CLEAR_DEVICE = `${DEVICE}=; Max-Age=0; ${FENCED}`;

function readCookie(event: APIGatewayProxyEvent, name: string): string | null {
  const values = headerValues(event, "cookie")
    .flatMap((line) => line.split(";"))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value, second] = values;
  return value !== undefined && second === undefined && VALUE.test(value) ? value : null;
}

/** The session cookie's value; null when there is none of our making. */
export const readSession = (event: APIGatewayProxyEvent) => readCookie(event, SESSION);
/**
 * Removes the session cookie of a request that brought one. Who comes over from another site brings none, because it is
 * SameSite=Strict, and must not end the session by that.
 */
export const clearSession = (event: APIGatewayProxyEvent): readonly string[] =>
  readSession(event) === null ? [] : [CLEAR_SESSION];
/** The waiting proof cookie's value; null when there is none of our making. */
export const readPending = (event: APIGatewayProxyEvent) => readCookie(event, PENDING);
/** The remembered device cookie's value; null when there is none of our making. */
export const readDevice = (event: APIGatewayProxyEvent) => readCookie(event, DEVICE);

import dgram from "node:dgram";
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { isRecord, numberOf, textOf } from "../json-shape.ts";

/** The one address that a function may reach. */
export type GatewayAddress = { readonly hostname: string; readonly port: number };

const AWS_HOST = /(?:^|\.)amazonaws\.com$/u;

/**
 * Shuts a worker thread's network: sockets go to the gateway and nowhere else, and HTTPS requests to hosts of AWS are
 * led to the gateway over HTTP with their Host header kept. To be called before the function's bundle is loaded.
 */
export function guardNetwork(gateway: GatewayAddress): void {
  const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket;
  function guardedConnect(this: net.Socket, ...args: unknown[]): net.Socket {
    const { hostname, port } = destination(args);
    if (hostname === gateway.hostname && port === gateway.port) return connect.apply(this, args);
    const refusal = new Error("This host lets functions connect to the AWS gateway only.");
    process.nextTick(() => this.destroy(Object.assign(refusal, { code: "ECONNREFUSED" })));
    return this;
  }
  net.Socket.prototype.connect = guardedConnect as typeof net.Socket.prototype.connect;

  const request = https.request as (...args: unknown[]) => http.ClientRequest;
  const guardedRequest = (...args: unknown[]): http.ClientRequest => {
    const [first, second, third] = args;
    const url = typeof first === "string" || first instanceof URL ? new URL(first) : undefined;
    const options = url === undefined ? first : second;
    const settings: Readonly<Record<string, unknown>> = isRecord(options) ? options : {};
    const callback = [second, third].find((each) => typeof each === "function") as
      | ((response: http.IncomingMessage) => void)
      | undefined;
    const host =
      url?.hostname ?? textOf(settings["hostname"]) ?? textOf(settings["host"])?.split(":")[0] ?? "";
    if (!AWS_HOST.test(host)) return request(...args);
    const path = url === undefined ? textOf(settings["path"]) : `${url.pathname}${url.search}`;
    const timeout = numberOf(settings["timeout"]);
    return http.request(
      {
        hostname: gateway.hostname,
        port: gateway.port,
        method: textOf(settings["method"]) ?? "GET",
        path: path ?? "/",
        headers: {
          ...(isRecord(settings["headers"]) ? (settings["headers"] as http.OutgoingHttpHeaders) : {}),
          host,
        },
        ...(timeout === undefined ? {} : { timeout }),
        ...(settings["signal"] instanceof AbortSignal ? { signal: settings["signal"] } : {}),
      },
      callback,
    );
  };
  https.request = guardedRequest as typeof https.request;
  https.get = ((...args: unknown[]) => guardedRequest(...args).end()) as typeof https.get;
  dgram.createSocket = () => {
    throw new Error("This host lets functions open no datagram socket.");
  };
  syncBuiltinESMExports();
}

function destination(args: readonly unknown[]): {
  readonly hostname: string | undefined;
  readonly port: number | undefined;
} {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (isRecord(first)) {
    if (first["path"] !== undefined && first["path"] !== null)
      return { hostname: undefined, port: undefined };
    return { hostname: textOf(first["host"]), port: numberOf(first["port"]) };
  }
  return { hostname: textOf(args[1]), port: numberOf(first) };
}

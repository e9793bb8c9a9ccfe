import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { problem } from "../control/problems.ts";
import type { HttpAnswer } from "./gateway-responses.ts";

/** Answers a request; the target is split at the first question mark and otherwise as the caller wrote it. */
export type Answer = (request: IncomingMessage, path: string, query: string) => Promise<HttpAnswer>;

/** Starts the listener on 127.0.0.1. Rejects where the port is taken. */
export async function listen(
  port: number,
  answer: Answer,
  reportFault: (error: unknown) => void,
): Promise<Server> {
  // A missing Host header is answered here, with a problem document like everything else.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    void respond(request, response);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuseUnreadable(error, socket as Socket);
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return server;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => undefined);
    // A target in absolute form (`GET http://host/path`) names the same resource as its path.
    const target = (request.url ?? "/").replace(/^https?:\/\/[^/?]*/iu, "");
    const mark = target.indexOf("?");
    const path = mark === -1 ? target : target.slice(0, mark);
    const query = mark === -1 ? "" : target.slice(mark + 1);
    let result: HttpAnswer;
    try {
      result =
        request.headers.host === undefined && request.httpVersion === "1.1"
          ? problem("invalid_request", "The request has no Host header.")
          : await answer(request, path === "" ? "/" : path, query);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      reportFault(error);
      result = problem("internal", "The local host failed; its terminal says how.");
    }
    if (response.destroyed) return;
    send(request, response, result);
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
): void {
  response.statusCode = status;
  // Node would write the machine's time.
  response.setHeader("Date", new Date().toUTCString());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (!request.complete) response.setHeader("Connection", "close");
  const content = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  if (status !== 204 && status !== 304) response.setHeader("Content-Length", content.length);
  response.end(request.method === "HEAD" || status === 204 || status === 304 ? undefined : content);
}

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } =
    error.code === "HPE_HEADER_OVERFLOW"
      ? problem("payload_too_large", "The headers are too large.")
      : problem("invalid_request", "The request is not HTTP that can be read.");
  const text = body.toString();
  socket.end(
    `HTTP/1.1 ${String(status)} ${status === 413 ? "Content Too Large" : "Bad Request"}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${String(Buffer.byteLength(text))}\r\nDate: ${new Date().toUTCString()}\r\nConnection: close\r\n\r\n${text}`,
  );
}

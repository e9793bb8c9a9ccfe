// A function that does as it is told, for tests of the local host.
import { Console } from "node:console";
import https from "node:https";
import { connect } from "node:net";

const direct = new Console({ stdout: process.stdout });
let calls = 0;
let inside = 0;

const answer = (body, statusCode = 200) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

const behaviours = {
  echo: (event) => answer(event),
  environment: () => answer({ ...process.env }),
  date: () => answer({ now: Date.now(), sameConstructor: new Date().constructor === Date }),
  count: () => answer({ calls }),
  throw: () => {
    throw new TypeError("broken on purpose");
  },
  exit: () => process.exit(7),
  loop: () => {
    for (;;);
  },
  late: () => new Promise(() => setInterval(() => calls, 1000)),
  memory: () => {
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill(calls));
  },
  malformed: () => ({ status: 200 }),
  notFound: () => answer({ code: "not_found" }, 404),
  cookies: () => ({
    statusCode: 200,
    multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
    headers: { Date: "never" },
    body: "",
  }),
  log: () => {
    console.log("through console", { a: 1 });
    direct.log('{"level":"INFO"}');
    return answer({});
  },
  slow: async () => {
    inside += 1;
    const together = inside;
    await new Promise((resolve) => setTimeout(resolve, 400));
    inside -= 1;
    return answer({ together });
  },
  socket: () =>
    new Promise((resolve) => {
      const socket = connect(9, "127.0.0.1");
      socket.on("connect", () => resolve(answer({ connected: true })));
      socket.on("error", ({ message }) => resolve(answer({ message })));
    }),
  fetch: async () => {
    try {
      await fetch("http://example.com/");
      return answer({ connected: true });
    } catch (error) {
      return answer({ message: error.cause?.message ?? error.message });
    }
  },
  https: () =>
    new Promise((resolve) => {
      const request = https.request(
        "https://cognito-idp.us-east-1.amazonaws.com/pool/keys?a=1",
        { method: "GET" },
        (response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () => resolve(answer({ text })));
        },
      );
      request.on("error", ({ message }) => resolve(answer({ message })));
      request.end();
    }),
};

export async function handler(event, context) {
  calls += 1;
  if (event.Records !== undefined) {
    return {
      batchItemFailures: event.Records.filter(({ body }) => body.startsWith("bad")).map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  }
  const name = event.pathParameters?.behaviour ?? event.behaviour ?? "echo";
  const behaviour = behaviours[name];
  if (behaviour === undefined) return answer({ code: "not_found" }, 404);
  return behaviour(event, context);
}

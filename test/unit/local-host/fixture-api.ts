import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClockBuffer } from "#infra/local/aws/clock.ts";
import { parseTemplate, type Template } from "#infra/local/aws/template.ts";
import { createFunctionPool, type FunctionPool } from "#infra/local/functions/function-pool.ts";
import { readFunctions } from "#infra/local/functions/function-settings.ts";
import type { AccessLogLine } from "#infra/local/http/access-logs.ts";
import { createApiFront } from "#infra/local/http/api-front.ts";
import { readRestApis } from "#infra/local/http/rest-apis.ts";
import { listen } from "#infra/local/http/server.ts";
import { FIXTURE_TEMPLATE, FIXTURE_TEMPLATE_PATH } from "../../support/fixture-stack/template.ts";

export const PLACE = { accountId: "000000000000", region: "us-east-1" } as const;

/** The fixture's template, resolved as if the gateway were at a fixed address. */
export function fixtureTemplate(gatewayUrl = "http://127.0.0.1:1"): Template {
  return parseTemplate(FIXTURE_TEMPLATE, "Fixture", { gatewayUrl });
}

export type FixtureApi = {
  readonly base: string;
  readonly port: number;
  readonly logs: string[];
  readonly accessLogs: AccessLogLine[];
  readonly clockOffsetMs: Float64Array;
  pool(logicalId: string): FunctionPool;
  stop(): Promise<void>;
};

/** Serves the fixture's API from real worker threads; the AWS gateway is a server that answers with the request's own words. */
export async function startFixtureApi(): Promise<FixtureApi> {
  const gateway = createServer((request, response) => {
    response.end(`${String(request.headers.host)} ${String(request.url)}`);
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  const gatewayPort = (gateway.address() as AddressInfo).port;
  const template = fixtureTemplate(`http://127.0.0.1:${String(gatewayPort)}`);
  const logs: string[] = [];
  const accessLogs: AccessLogLine[] = [];
  const clockBuffer = createClockBuffer();
  const pools = new Map(
    readFunctions(template, FIXTURE_TEMPLATE_PATH, PLACE, (value) => value).map((settings) => [
      settings.logicalId,
      createFunctionPool(settings, {
        clockBuffer,
        gateway: { hostname: "127.0.0.1", port: gatewayPort },
        region: PLACE.region,
        credentialsOf: () => ({
          accessKeyId: `AKIA${settings.name.toUpperCase()}`,
          secretAccessKey: "secret",
        }),
        writeLog: (line) => logs.push(line),
      }),
    ]),
  );
  await Promise.all([...pools.values()].map((pool) => pool.warm()));
  const pool = (logicalId: string): FunctionPool => {
    const found = pools.get(logicalId);
    if (found === undefined) throw new Error(`no pool ${logicalId}`);
    return found;
  };
  const [api] = readRestApis(template);
  if (api === undefined) throw new Error("no API");
  const front = createApiFront(api, {
    ...PLACE,
    invoke: (logicalId, event) => pool(logicalId).invoke(event),
    writeAccessLog: (line) => accessLogs.push(line),
  });
  const server = await listen(
    0,
    (request, path, query) => front(request, path.replace(/^\/t(?=\/|$)/u, "") || "/", query),
    (error) => {
      logs.push(`host fault ${String(error)}`);
    },
  );
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${String(port)}/t`,
    port,
    logs,
    accessLogs,
    clockOffsetMs: new Float64Array(clockBuffer),
    pool,
    async stop() {
      server.closeAllConnections();
      server.close();
      gateway.closeAllConnections();
      gateway.close();
      await Promise.all([...pools.values()].map((each) => each.stop()));
    },
  };
}

import { Stack } from "aws-cdk-lib";
import type { Stage } from "aws-cdk-lib/aws-apigateway";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import { EncryptedLogGroup, type LogSettings } from "./encrypted-log-group.ts";

const BODY_BYTES_MAX = 65_536;
const RATE_WINDOW_SECONDS = 300;
const RETRY_AFTER_SECONDS = 60;

/** Which stage stands behind the firewall, and how much one address may ask of it. */
export interface FirewallProps {
  readonly stage: Stage;
  readonly logs: LogSettings;
  /** WAF writes only to log groups whose names begin with aws-waf-logs-. */
  readonly logGroupName: `aws-waf-logs-${string}`;
  readonly metricName: string;
  /** Requests of one address in five minutes. */
  readonly requestsPerAddressMax: number;
  /** What a browser is shown that asked too often; a problem document unless given. WAF cannot choose by the request. */
  readonly rateLimitedPage?: { readonly html: string; readonly headers: Readonly<Record<string, string>> };
}

function problem(title: string, status: number, code: string) {
  return {
    // WAF knows no problem+json; the document is one all the same.
    contentType: "APPLICATION_JSON",
    content: JSON.stringify({ type: "about:blank", title, status, code }),
  };
}

/**
 * Refuses floods and bodies above 64 KB before anything of ours runs.
 * No request is sampled, and its log holds neither path, query, credentials nor cookies: they would hold link tokens.
 */
export class Firewall extends Construct {
  readonly #metricName: string;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { stage, logs, logGroupName, metricName, requestsPerAddressMax, rateLimitedPage: page } = props;
    this.#metricName = metricName;
    const visibility = (name: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName: name,
    });
    const acl = new CfnWebACL(this, "Resource", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility(metricName),
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: "KB_64" } } },
      customResponseBodies: {
        "rate-limited":
          page === undefined
            ? problem("Too many requests.", 429, "rate_limited")
            : { contentType: "TEXT_HTML", content: page.html },
      },
      rules: [
        {
          name: "rate",
          priority: 0,
          statement: {
            rateBasedStatement: {
              aggregateKeyType: "IP",
              limit: requestsPerAddressMax,
              evaluationWindowSec: RATE_WINDOW_SECONDS,
            },
          },
          action: {
            block: {
              customResponse: {
                responseCode: 429,
                customResponseBodyKey: "rate-limited",
                responseHeaders: Object.entries({
                  ...page?.headers,
                  "Retry-After": String(RETRY_AFTER_SECONDS),
                }).map(([name, value]) => ({ name, value })),
              },
            },
          },
          visibilityConfig: visibility(`${metricName}Rate`),
        },
        {
          name: "size",
          priority: 1,
          statement: {
            sizeConstraintStatement: {
              // What WAF cannot inspect is larger than what it may: a match.
              fieldToMatch: { body: { oversizeHandling: "MATCH" } },
              comparisonOperator: "GT",
              size: BODY_BYTES_MAX,
              textTransformations: [{ priority: 0, type: "NONE" }],
            },
          },
          // A plain block is answered by the API's own WAF_FILTERED response: 413.
          action: { block: {} },
          visibilityConfig: visibility(`${metricName}Size`),
        },
      ],
    });
    new CfnWebACLAssociation(this, "Association", { webAclArn: acl.attrArn, resourceArn: stage.stageArn });
    const logGroup = new EncryptedLogGroup(this, "Logs", { ...logs, name: logGroupName });
    new CfnLoggingConfiguration(this, "Logging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroup.destinationArn],
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        { singleHeader: { Name: "authorization" } },
        { singleHeader: { Name: "cookie" } },
      ],
    });
  }

  /** Requests that were refused here. */
  metricBlocked(options: MetricOptions): Metric {
    return new Metric({
      namespace: "AWS/WAFV2",
      metricName: "BlockedRequests",
      dimensionsMap: { Region: Stack.of(this).region, Rule: "ALL", WebACL: this.#metricName },
      ...options,
    });
  }
}

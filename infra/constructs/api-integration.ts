import { AwsIntegration, type RestApi } from "aws-cdk-lib/aws-apigateway";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ServiceFunction } from "./service-function.ts";

const PERMISSION = "CalledByApi";

/**
 * Lets one stage of an API call a function, by one permission for all its methods: one for each, which is what the CDK
 * makes, would bring the template near the 500 resources that CloudFormation takes. The console's test stage may not.
 */
export function callsTo<Environment>(
  { function: handler }: ServiceFunction<Environment>,
  api: RestApi,
  stage: string,
): AwsIntegration {
  if (handler.permissionsNode.tryFindChild(PERMISSION) === undefined) {
    handler.addPermission(PERMISSION, {
      principal: new ServicePrincipal("apigateway.amazonaws.com"),
      sourceArn: api.arnForExecuteApi("*", "/*", stage),
    });
  }
  return new AwsIntegration({
    service: "lambda",
    path: `2015-03-31/functions/${handler.functionArn}/invocations`,
    proxy: true,
  });
}

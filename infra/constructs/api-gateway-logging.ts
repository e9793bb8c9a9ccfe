import { Stack } from "aws-cdk-lib";
import { CfnAccount } from "aws-cdk-lib/aws-apigateway";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { allow } from "./allow.ts";

/** The account's one role under which API Gateway writes logs. Stages that log must depend on it. */
export class ApiGatewayLogging extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new Role(this, "Role", {
      description: "Foundphone: API Gateway writes access and execution logs",
      assumedBy: new ServicePrincipal("apigateway.amazonaws.com"),
    });
    const { partition, region, account } = Stack.of(this);
    allow(role, {
      sid: "WriteLogs",
      actions: [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "logs:PutLogEvents",
      ],
      resources: [`arn:${partition}:logs:${region}:${account}:log-group:*`],
    });
    const settings = new CfnAccount(this, "Resource", { cloudWatchRoleArn: role.roleArn });
    settings.node.addDependency(role);
  }
}

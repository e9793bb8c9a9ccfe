import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AccountRecovery,
  CfnUserPoolClient,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
} from "aws-cdk-lib/aws-cognito";
import { Construct } from "constructs";

/** The roles of staff, each a group of the user pool. */
export const STAFF_GROUPS = ["frontdesk", "clinician", "compliance", "admin", "auditor"] as const;

const ACCESS_TOKEN_LIFETIME = Duration.minutes(10);
const WORKING_DAY = Duration.hours(12);
const PASSWORD_LENGTH_MIN = 14;
const PASSWORDS_REMEMBERED = 12;

/** How staff and machines may sign in. */
export interface StaffDirectoryProps {
  readonly passwordSignIn: boolean;
  /** First label of the token endpoint's host: unique in the region. */
  readonly domainPrefix: string;
}

/** Staff and machine clients: everyone with a second factor from an authenticator app, never by text. */
export class StaffDirectory extends Construct {
  readonly #pool: UserPool;
  readonly #staff: UserPoolClient;
  readonly #integration: UserPoolClient;

  constructor(scope: Construct, id: string, { passwordSignIn, domainPrefix }: StaffDirectoryProps) {
    super(scope, id);
    this.#pool = new UserPool(this, "Resource", {
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      passwordPolicy: {
        minLength: PASSWORD_LENGTH_MIN,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: false,
        tempPasswordValidity: Duration.days(1),
        passwordHistorySize: PASSWORDS_REMEMBERED,
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const groupName of STAFF_GROUPS) this.#pool.addGroup(groupName, { groupName });
    this.#staff = this.#pool.addClient("Staff", {
      generateSecret: false,
      disableOAuth: true,
      authFlows: { userSrp: true, userPassword: passwordSignIn },
      authSessionValidity: Duration.minutes(3),
      accessTokenValidity: ACCESS_TOKEN_LIFETIME,
      idTokenValidity: ACCESS_TOKEN_LIFETIME,
      refreshTokenValidity: WORKING_DAY,
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    this.#integration = this.#addIntegrationClient();
    // The token endpoint of client credentials lives on the pool's domain.
    this.#pool.addDomain("Domain", { cognitoDomain: { domainPrefix } });
  }

  get environment() {
    return {
      USER_POOL_ID: this.#pool.userPoolId,
      STAFF_CLIENT_ID: this.#staff.userPoolClientId,
      INTEGRATION_CLIENT_ID: this.#integration.userPoolClientId,
    };
  }

  #addIntegrationClient(): UserPoolClient {
    const scope = new ResourceServerScope({
      scopeName: "api",
      scopeDescription: "Use the staff API as a machine",
    });
    const resourceServer = this.#pool.addResourceServer("ResourceServer", {
      identifier: "foundphone",
      scopes: [scope],
    });
    const client = this.#pool.addClient("Integration", {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: [OAuthScope.resourceServer(resourceServer, scope)],
      },
      accessTokenValidity: ACCESS_TOKEN_LIFETIME,
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
    // Left unset, Cognito would allow users to sign in through this client.
    const raw = client.node.defaultChild;
    if (raw instanceof CfnUserPoolClient) raw.explicitAuthFlows = ["ALLOW_REFRESH_TOKEN_AUTH"];
    return client;
  }
}

// A TOKEN authorizer that decides by the words of the token, for tests of the local host.
export async function handler({ authorizationToken, methodArn }) {
  const policy = (Effect, Resource = methodArn) => ({
    Version: "2012-10-17",
    Statement: [{ Action: "execute-api:Invoke", Effect, Resource }],
  });
  switch (authorizationToken) {
    case "Bearer good":
      return {
        principalId: "staff-1",
        policyDocument: policy("Allow"),
        context: { role: "clinician", level: 2, fresh: true },
      };
    case "Bearer other":
      return {
        principalId: "staff-1",
        policyDocument: policy("Allow", "arn:aws:execute-api:us-east-1:000000000000:other/*"),
      };
    case "Bearer over":
      return { principalId: "staff-1", policyDocument: policy("Deny"), context: { code: "session_expired" } };
    case "Bearer malformed":
      return { principalId: "staff-1", context: {} };
    case "Bearer nested":
      return { principalId: "staff-1", policyDocument: policy("Allow"), context: { roles: ["clinician"] } };
    case "Bearer fault":
      throw new Error("broken on purpose");
    default:
      throw new Error("Unauthorized");
  }
}

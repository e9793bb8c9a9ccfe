import type { Stack } from "./stack.ts";

/** What the start prints before its `ready` line: where to look, how to sign in, what is not as on AWS. */
export function directions(base: string, stack: Stack): readonly string[] {
  const rules = stack.rulesNotEvaluated;
  return [
    "",
    `  start page        ${base}/_local`,
    `  phone simulator   ${base}/_local/phone`,
    `  mailbox           ${base}/_local/emails`,
    `  API reference     ${base}/v1/openapi.json`,
    `  patient portal    ${base}/m/… (follow a link in the phone simulator)`,
    "  demo patients     infra/local/demo/patients.csv (birth dates for the portal's proof)",
    `  clock             ${new Date().toISOString()}`,
    ...(rules.length === 0
      ? []
      : [`  not evaluated     firewall rules that only AWS has: ${rules.join(", ")}`]),
    "",
    "  staff             user name, password, code now (POST /_local/tokens signs in for you)",
    ...stack
      .staff()
      .map(({ user, userName, password, code }) => `  ${user.padEnd(17)} ${userName}  ${password}  ${code}`),
    "",
  ];
}

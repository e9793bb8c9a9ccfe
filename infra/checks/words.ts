import { mayBe, overlaps, type RoleRights, rolesOf } from "./statements.ts";
import { at, type Check, listOf, resourcesOf } from "./template.ts";

/** Who may change what texts can be made of: the one function through which compliance approves it. */
const KEEPERS: ReadonlySet<string> = new Set(["practice"]);
const SENDERS: ReadonlySet<string> = new Set(["send-alert"]);

/** The partitions of `Practice` that texts are made of: what is in force, and the directory, templates and approvals behind it. */
const WORDS = ["vocabulary", "practice", "template", "approval"];

/** Everything that what sends may write in `Practice`: turns to send, and tasks for people. */
const OF_SENDERS: ReadonlySet<string> = new Set(["pace#*", "tsk_*"]);

const WRITING = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PartiQL*",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

type Statement = RoleRights["allowed"][number];

/** The lists of partition keys that a statement is held to, all of which hold at once; none where nothing holds it to any. */
function keysOf({ conditions }: Statement): readonly (readonly string[])[] {
  return ["ForAllValues:StringEquals", "ForAllValues:StringLike"]
    .map((operator) => listOf(at(conditions, operator, "dynamodb:LeadingKeys")).map(String))
    .filter((keys) => keys.length > 0);
}

/** Whether a pattern of IAM (`*`: any text, `?`: any character) can mean `key`. */
function canMean(pattern: string, key: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u").test(key);
}

function isOnly({ functions }: RoleRights, names: ReadonlySet<string>): boolean {
  return functions.length > 0 && functions.every((name) => names.has(name));
}

function checkWrites(rights: RoleRights, table: string) {
  const finding = (rule: string, message: string) => ({ rule, resource: rights.role, message });
  return rights.allowed
    .filter(({ resources, open }) => open || resources.some((resource) => mayBe(resource, table)))
    .filter(
      ({ actions, open }) => open || actions.some((action) => WRITING.some((one) => overlaps(action, one))),
    )
    .flatMap((statement) => {
      const held = keysOf(statement);
      const touchesWords = held.every((keys) =>
        keys.some((pattern) => WORDS.some((key) => canMean(pattern, key))),
      );
      const isTurnOrTask = held.some((keys) => keys.every((pattern) => OF_SENDERS.has(pattern)));
      return [
        ...(touchesWords && !isOnly(rights, KEEPERS)
          ? [
              finding(
                "WordsByPracticeAlone",
                "may write what texts are made of, which no second person approved",
              ),
            ]
          : []),
        ...(rights.functions.some((name) => SENDERS.has(name)) && !isTurnOrTask
          ? [finding("SendersWriteNoWords", "sends and may write in Practice more than turns and tasks")]
          : []),
      ];
    });
}

/**
 * What texts are made of beside the shipped words lies in `Practice`, under partitions that one role alone may write; what
 * sends reads them and can write none.
 */
export const checkWords: Check = (template) => {
  const tables = resourcesOf(template, "AWS::DynamoDB::Table").filter(({ id }) => id.startsWith("Practice"));
  return rolesOf(template).flatMap((rights) => tables.flatMap(({ id }) => checkWrites(rights, id)));
};

import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import type { Write } from "../../audit/journal.ts";

/**
 * Writes one item without an audit entry. Only for last-seen times, which change nothing that an
 * auditor would ask about; a lost race is fine because the winner wrote a time as fresh.
 */
export async function putTouched(client: DynamoDBClient, write: Write): Promise<void> {
  const { Put } = write.item as TransactWriteItem;
  if (Put === undefined) throw new Error("only a put can be a touch");
  try {
    await client.send(new PutItemCommand(Put as ConstructorParameters<typeof PutItemCommand>[0]));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

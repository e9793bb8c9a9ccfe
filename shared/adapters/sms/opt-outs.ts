import {
  ConflictException,
  DeleteOptedOutNumberCommand,
  DescribeOptedOutNumbersCommand,
  type DescribeOptedOutNumbersCommandOutput,
  type PinpointSMSVoiceV2Client,
  PutOptedOutNumberCommand,
  ResourceNotFoundException,
  ValidationException,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";

/** A number that the carrier's list keeps from texts. */
export interface OptedOutNumber {
  /** E.164. */
  readonly number: string;
  /** Whether the patient did it through the carrier, rather than we through the API. */
  readonly endUserOptedOut: boolean;
  /** Since when, ISO 8601; null where AWS does not say. */
  readonly since: string | null;
}

/** What came of taking a number off the list; `refused`: it left once in the last 30 days, or is the patient's doing. */
export type LiftResult = "lifted" | "not-listed" | "refused";

const PAGE_SIZE = 100;

/** Conflicts that stay; any other is with a request at the same moment. */
const KEPT = new Set<string | undefined>([
  "DESTINATION_PHONE_NUMBER_OPTED_OUT",
  "RESOURCE_DELETION_NOT_ALLOWED",
  "RESOURCE_MODIFICATION_NOT_ALLOWED",
]);

/** True where AWS says that the number must stay on the list, whatever is asked. */
function keepsNumber(error: unknown): boolean {
  if (error instanceof ValidationException) return error.Reason === "PHONE_NUMBER_CANNOT_BE_OPTED_IN";
  return error instanceof ConflictException && KEPT.has(error.Reason);
}

/** The opt-out list that belongs to the practice's number; throttles and faults are thrown. */
export function createOptOutList(client: PinpointSMSVoiceV2Client, listName: string) {
  async function describe(token: string | null): Promise<DescribeOptedOutNumbersCommandOutput> {
    try {
      return await client.send(
        new DescribeOptedOutNumbersCommand({
          OptOutListName: listName,
          MaxResults: PAGE_SIZE,
          ...(token === null ? {} : { NextToken: token }),
        }),
      );
    } catch (error) {
      const isOld = error instanceof ValidationException && error.Reason === "INVALID_NEXT_TOKEN";
      if (token === null || !isOld) throw error;
      return describe(null);
    }
  }

  return {
    /** Puts a number on the list; one that is there already stays. */
    async list(number: string): Promise<void> {
      try {
        await client.send(new PutOptedOutNumberCommand({ OptOutListName: listName, OptedOutNumber: number }));
      } catch (error) {
        const listed = error instanceof ConflictException && error.Reason === "RESOURCE_ALREADY_EXISTS";
        if (!listed) throw error;
      }
    },
    /** Takes a number off the list, which AWS allows once in 30 days. */
    async lift(number: string): Promise<LiftResult> {
      try {
        await client.send(
          new DeleteOptedOutNumberCommand({ OptOutListName: listName, OptedOutNumber: number }),
        );
        return "lifted";
      } catch (error) {
        // The list itself may be what was not found; that is a fault.
        if (error instanceof ResourceNotFoundException && error.ResourceType !== "opt-out-list") {
          return "not-listed";
        }
        if (keepsNumber(error)) return "refused";
        throw error;
      }
    },
    /**
     * A page of at most 100 numbers; `token` is the one of the page before, null at first. A token that
     * AWS no longer takes begins the list anew.
     */
    async page(
      token: string | null,
    ): Promise<{ readonly items: readonly OptedOutNumber[]; readonly next: string | null }> {
      const { OptedOutNumbers = [], NextToken } = await describe(token);
      return {
        items: OptedOutNumbers.flatMap(({ OptedOutNumber, OptedOutTimestamp, EndUserOptedOut }) =>
          OptedOutNumber === undefined
            ? []
            : [
                {
                  number: OptedOutNumber,
                  endUserOptedOut: EndUserOptedOut === true,
                  since: OptedOutTimestamp?.toISOString() ?? null,
                },
              ],
        ),
        next: NextToken ?? null,
      };
    },
  };
}

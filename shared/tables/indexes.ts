/** Index of `Messages`: everything that must happen later, by shard and due time. */
export const MESSAGES_DUE_INDEX = "due-work";
/** Index of `Messages`: threads by state and the time they entered it. */
export const MESSAGES_THREAD_STATE_INDEX = "thread-state";
/** Index of `Practice`: tasks by state and by due time with id. */
export const PRACTICE_TASKS_INDEX = "tasks";
/** Index of `Appointments`: patients' days by date and by their first visit. */
export const APPOINTMENTS_DAYS_INDEX = "visit-days";
/** Index of `Audit`: entries by actor and time. */
export const AUDIT_ACTOR_INDEX = "actor";
/** Index of `Audit`: heads of chains by shard and by the time of their newest entry. */
export const AUDIT_HEADS_INDEX = "heads";
/** The attribute (epoch seconds) after which DynamoDB may delete an item, in every table. */
export const TTL_ATTRIBUTE = "expiresAtSeconds";

/**
 * Versions of the wire protocol. A change of any message schema needs a new version here (W6): a test compares the hash of all schemas with the one noted.
 *
 * 1: hello, changes, command, request_sync, request_delta, heartbeat, selection; init, sync, delta, changes, ack, conflict, presence, user_joined, user_left, selection, error.
 */
export const protocolVersion = 1;
export const schemaHash = "a725f3a7e6417bd9";

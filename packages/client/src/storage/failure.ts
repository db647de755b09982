import { ClientError } from "../errors.ts";

/** A store's own error in this package's words: full, or failed for another reason. */
export function storageError(cause: unknown): ClientError {
  if (cause instanceof ClientError) return cause;
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : "";
  if (name === "QuotaExceededError" || name === "NS_ERROR_DOM_QUOTA_REACHED")
    return new ClientError(
      "storage_full",
      "fix",
      "This device has no room left to keep unsent edits. They are sent while the connection lasts, but would not survive a reload. Free some space.",
      {},
      cause,
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClientError(
    "storage_failed",
    "retry",
    `This device could not keep unsent edits (${reason}). They are sent while the connection lasts, but would not survive a reload.`,
    {},
    cause,
  );
}

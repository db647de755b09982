import type { MaybePromise } from "../maybePromise.ts";

export type StoredValue = unknown;

/**
 * Where unsent edits, open conflicts and the last plan survive a reload: an ordered map from text keys to JSON values.
 * A store that answers at once keeps an edit within one turn; one that promises is waited for before an edit is sent.
 */
export interface OutboxStorage {
  /** Entries whose key begins with `prefix`, in key order. */
  read(prefix: string): MaybePromise<readonly (readonly [key: string, value: StoredValue])[]>;
  /** All of it or none of it; values are not changed once they were handed in. @throws ClientError `storage_full` or `storage_failed`. */
  write(puts: readonly (readonly [key: string, value: StoredValue])[], deletes: readonly string[]): MaybePromise<void>;
  /** False where everything is gone with the process. */
  readonly durable: boolean;
  close?(): void;
}

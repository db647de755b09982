import { compareText } from "@livegantt/core";
import type { TabMemory } from "./environment.ts";
import type { HeldLock, TabLocks } from "./locks.ts";
import type { StoredOutbox } from "./offlineQueue.ts";

export interface Identity {
  readonly clientId: string;
  readonly lock: HeldLock;
}

export const lockName = (scope: string, clientId: string): string => `livegantt/${scope}${clientId}`;

/**
 * Who this tab is (O1): the client it was before a reload; else a client whose tab is gone and left something unsent or undecided; else a new one.
 * The lock says that no other tab is that client. `outboxes` are this person's.
 */
export async function takeIdentity(
  locks: TabLocks,
  tab: TabMemory,
  scope: { readonly locks: string; readonly memory: string },
  outboxes: readonly StoredOutbox[],
  fixed: string | undefined,
  makeId: () => string,
): Promise<Identity> {
  const key = `livegantt/${scope.memory}client`;
  const remembered = fixed ?? tab.get(key);
  const orphans = outboxes.filter(({ edits, kept }) => edits + kept > 0).map(({ clientId }) => clientId);
  const candidates = fixed === undefined ? [...(remembered === undefined ? [] : [remembered]), ...orphans.sort(compareText)] : [fixed];
  for (const clientId of candidates) {
    const lock = await locks.tryAcquire(lockName(scope.locks, clientId));
    if (!lock) continue;
    tab.set(key, clientId);
    return { clientId, lock };
  }
  const clientId = makeId();
  const lock = (await locks.tryAcquire(lockName(scope.locks, clientId))) ?? { release: () => {} };
  tab.set(key, clientId);
  return { clientId, lock };
}

import type { ProjectCommit } from "../interfaces/store.ts";
import type { ClientBook } from "./clientBook.ts";
import type { Submission } from "./submission.ts";

/** What no project stands at. */
const noRevision = -1;

/** Asks the store to lock the project and let these be judged then. */
export function claimOf(project: string, batch: readonly Submission[], book: ClientBook, at: number): ProjectCommit {
  const owners = new Map(batch.map(({ clientId }) => [clientId, book.owner(clientId)]));
  const newClients = [...owners].filter(([clientId]) => book.last(clientId) === 0).map(([clientId, sub]) => ({ clientId, sub }));
  const claims = batch.map(({ clientId, revision }) => ({ clientId, clientRevision: revision }));
  return { project, base: noRevision, revision: noRevision, at, name: "", tasks: 0, changes: [], answers: [], newClients, claims };
}

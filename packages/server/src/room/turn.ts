import { type Applied, applyChangeset, type Changeset, type Limits as PlanLimits } from "@livegantt/core";
import { clientTaken, ServerError } from "../errors.ts";
import type { ChangeRow, ProjectCommit } from "../interfaces/store.ts";
import type { Metrics } from "../metrics.ts";
import { broadcastText } from "./broadcast.ts";
import { ackText, type ClientBook } from "./clientBook.ts";
import { commandPayload } from "./commands.ts";
import { refusalOf } from "./permission.ts";
import type { Decided } from "./storedProject.ts";
import type { Submission } from "./submission.ts";

/** What became of one submission: its author's answer, and what everybody else hears of it. */
export interface Decision {
  readonly submission: Submission;
  readonly answer: string;
  readonly broadcast?: string;
}

/** With action `fix` or `fatal`, `clientRevision` says that the answer uses up that number (W3); with `retry` it only says which message to send again. */
export function errorText(error: ServerError, clientRevision?: number): string {
  return JSON.stringify({ type: "error", payload: { ...error.body(), ...(clientRevision !== undefined && { clientRevision }) } });
}

/**
 * Everything that one turn of the event loop decides about one project. The decisions stand in memory from here on, but nobody hears of them before they are
 * durable; `revert` takes them back.
 */
export class Turn {
  readonly decisions: Decision[] = [];
  /** Answers by outcome, conflicts by kind: for the metrics. */
  readonly #outcomes = new Map<string, number>();
  readonly #conflictKinds = new Map<string, number>();
  /** The project may be unsound: a decision ended in an unexpected error. */
  poisoned = false;
  readonly #decided: Decided;
  readonly #book: ClientBook;
  readonly #limits: PlanLimits;
  readonly #at: number;
  readonly #base: number;
  readonly #applied: Applied[] = [];
  readonly #rows: ChangeRow[] = [];

  /** @param at arrival of the turn's changes, ms; never before that of an earlier revision. */
  constructor(decided: Decided, book: ClientBook, limits: PlanLimits, at: number) {
    this.#decided = decided;
    this.#book = book;
    this.#limits = limits;
    this.#at = at;
    this.#base = decided.state.revision;
  }

  decide(submission: Submission): void {
    const { clientId, revision, sub } = submission;
    if (this.#book.owner(clientId) !== sub) {
      this.#close(submission, "rejected", errorText(clientTaken()));
      return;
    }
    const judgement = this.#book.judge(clientId, revision);
    if (judgement.kind === "repeat") {
      this.#close(submission, "repeat", judgement.answer ?? ackText(revision, this.#decided.state.revision, "applied"));
      return;
    }
    if (judgement.kind === "gap") {
      const message = `Changes are numbered 1, 2, 3, … without a gap: number ${judgement.expected} is expected, ${revision} came. Send ${judgement.expected} next.`;
      this.#close(submission, "gap", errorText(new ServerError("revision_gap", "fix", message, { status: 409, path: "revision" })));
      return;
    }
    const payload = this.#payloadOf(submission);
    if (payload instanceof ServerError) this.#refuse(submission, payload);
    else this.#apply(submission, payload);
  }

  /** After an unexpected error: the number is used up, so that the same message does not come back for ever. */
  condemn(submission: Submission): void {
    this.poisoned = true;
    this.#refuse(
      submission,
      new ServerError("internal_error", "fatal", "The server could not process this change; it was not applied. The fault is logged.", { status: 500 }),
    );
  }

  /** What must be durable before the decisions are told; nothing where all of them are repeats or gaps. */
  commit(project: string): ProjectCommit | undefined {
    const { newClients, answers } = this.#book.staged();
    if (this.#rows.length === 0 && answers.length === 0) return undefined;
    const { state } = this.#decided;
    return {
      project,
      base: this.#base,
      revision: state.revision,
      at: this.#at,
      name: state.project.name ?? "",
      tasks: state.tasks.size,
      changes: this.#rows,
      newClients,
      answers,
    };
  }

  measure({ changes, conflicts }: Metrics): void {
    for (const [outcome, n] of this.#outcomes) changes.inc({ outcome }, n);
    for (const [kind, n] of this.#conflictKinds) conflicts.inc({ kind }, n);
  }

  /** The project stands as before this turn; a second call does nothing. */
  revert(): void {
    for (const applied of this.#applied.splice(0).reverse()) applied.revert();
  }

  #payloadOf({ wish, role }: Submission): Changeset | ServerError {
    if ("invalid" in wish) return wish.invalid;
    const payload = "payload" in wish ? wish.payload : commandPayload(this.#decided.state, wish.command);
    if (payload instanceof ServerError) return payload;
    const refusal = refusalOf(role, payload);
    return refusal === undefined ? payload : new ServerError("not_allowed", "fatal", refusal);
  }

  #apply(submission: Submission, payload: Changeset): void {
    const { state, ledger } = this.#decided;
    const { clientId, revision, author, intent, madeAt, wish } = submission;
    const command = "command" in wish;
    const outcome = applyChangeset(
      state,
      {
        clientId,
        revision,
        baseRevision: command ? state.revision : submission.baseRevision,
        payload,
        author: { name: author },
        at: this.#at,
        ...(intent !== undefined && { intent }),
        ...(madeAt !== undefined && { madeAt }),
      },
      { ledger, limits: command || submission.whole ? { ...this.#limits, operations: Number.POSITIVE_INFINITY } : this.#limits },
    );
    switch (outcome.outcome) {
      case "applied":
      case "merged":
        this.#stand(submission, outcome, command);
        return;
      case "conflict": {
        for (const { type } of outcome.conflicts) count(this.#conflictKinds, type);
        const { conflicts, currentState } = outcome;
        const answer = JSON.stringify({ type: "conflict", payload: { clientRevision: revision, serverRevision: state.revision, conflicts, currentState } });
        this.#book.answer(clientId, answer);
        this.#close(submission, "conflict", answer);
        return;
      }
      case "rejected": {
        const { code, message, path } = outcome.error;
        this.#refuse(submission, new ServerError(code, "fix", message, path === undefined ? {} : { path: `payload.${path}` }));
      }
    }
  }

  #stand(submission: Submission, applied: Applied, command: boolean): void {
    const { clientId, revision, author, sub, intent, madeAt } = submission;
    const { outcome, normalised, notices, inverse, empty } = applied;
    const serverRevision = this.#decided.state.revision;
    // An effect that is not what was sent is spelled out even where it is none: the author's view still shows the edit.
    const spelledOut = applied.differs || (command && !empty);
    let answer: string;
    if (!spelledOut && notices.length === 0) {
      answer = ackText(revision, serverRevision, outcome);
      if (outcome === "applied" && !empty) this.#book.ack(clientId, serverRevision);
      else this.#book.answer(clientId, answer);
    } else {
      const payload = { clientRevision: revision, serverRevision, outcome, ...(spelledOut && { normalised }), ...(notices.length > 0 && { notices }) };
      answer = JSON.stringify({ type: "ack", payload });
      this.#book.answer(clientId, answer);
    }
    if (empty) {
      this.#close(submission, outcome, answer);
      return;
    }
    const row: ChangeRow = {
      revision: serverRevision,
      clientId,
      clientRevision: revision,
      author,
      sub,
      at: this.#at,
      madeAt: madeAt ?? null,
      intent: intent ?? null,
      payload: JSON.stringify(normalised),
      notices: notices.length > 0 ? JSON.stringify(notices) : null,
      inverse: JSON.stringify(inverse),
    };
    this.#applied.push(applied);
    this.#rows.push(row);
    this.#close(submission, outcome, answer, broadcastText(row));
  }

  #refuse(submission: Submission, error: ServerError): void {
    const answer = errorText(error, submission.revision);
    this.#book.answer(submission.clientId, answer);
    this.#close(submission, "rejected", answer);
  }

  #close(submission: Submission, outcome: string, answer: string, broadcast?: string): void {
    count(this.#outcomes, outcome);
    this.decisions.push(broadcast === undefined ? { submission, answer } : { submission, answer, broadcast });
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

import { type Changeset, projectToJSON, type Snapshot } from "@livegantt/core";
import type { Delivered } from "../interfaces/deliveries.ts";
import type { ChangeRow, ProjectInfo, Store } from "../interfaces/store.ts";
import { logged } from "../room/broadcast.ts";
import { stateAt } from "../room/storedProject.ts";

/** A change that is on disk, as `onCommitted` gets it. */
export interface Committed {
  readonly project: string;
  /** 1, 2, 3, … without a gap; 0 is the plan that the project began with. */
  readonly revision: number;
  /** Everything the change did, cascades and rescues included: it can be applied blindly. */
  readonly changeset: Changeset;
  /**
   * `changeset` adds a whole plan: what a mirror has of the project beside it is out of date. The first delivery of a project is one, and the one after history was
   * folded past the last delivery, or rewound by a restored backup.
   */
  readonly whole: boolean;
  /** Who did it; `null` for a whole plan. `sub` is the person's id where access control is on. */
  readonly author: { readonly name: string; readonly sub: string | null; readonly clientId: string } | null;
  /** ms since the epoch: when it was committed. */
  readonly at: number;
  /** When the person did it, where that differs (made offline). */
  readonly madeAt?: string;
  readonly intent?: string;
  /** The place of this change, for `replay`. */
  readonly cursor: string;
}

const cursorOf = ({ epoch, revision }: Delivered): string => `${epoch}:${revision}`;

/** `undefined` for a text that is no cursor. */
export function placeOf(cursor: string): Delivered | undefined {
  const [, epoch, revision] = /^([^:]+):(\d{1,10})$/.exec(cursor) ?? [];
  return epoch === undefined ? undefined : { epoch, revision: Number(revision) };
}

export function committedRow({ id: project, epoch }: ProjectInfo, row: ChangeRow): Committed {
  const { revision, author: name, sub, clientId, at, madeAt, intent } = row;
  return {
    project,
    revision,
    changeset: logged(row).payload,
    whole: false,
    author: { name, sub, clientId },
    at,
    ...(madeAt !== null && { madeAt }),
    ...(intent !== null && { intent }),
    cursor: cursorOf({ epoch, revision }),
  };
}

/** The plan where the log begins. */
export async function committedWhole(store: Store, info: ProjectInfo): Promise<Committed> {
  const oldest = await store.oldestChange(info.id);
  const revision = oldest ? oldest.revision - 1 : info.revision;
  const decided = await stateAt(store, info.id, revision);
  if (!decided) throw new Error(`there is no snapshot of revision ${revision}`);
  return {
    project: info.id,
    revision,
    changeset: addingAll(projectToJSON(decided.state)),
    whole: true,
    author: null,
    at: revision === 0 ? info.createdAt : info.updatedAt,
    cursor: cursorOf({ epoch: info.epoch, revision }),
  };
}

function addingAll({ project, tasks, dependencies, resources, assignments, calendars, comments }: Snapshot): Changeset {
  const { id, ...changes } = project;
  const added = Object.entries({ calendars, resources, tasks, dependencies, assignments, comments })
    .filter(([, records]) => records.length > 0)
    .map(([kind, records]) => [kind, { added: records }]);
  return { project: { updated: [{ id, changes }] }, ...Object.fromEntries(added) };
}

import { ClientError, type OpenConflict } from "@livegantt/client";
import type { Changeset, Json, Registers } from "@livegantt/core";
import { crowd, edit, type Hand, type } from "./edits.ts";
import { recordsOf, type Via } from "./ledger.ts";
import type { Random } from "./random.ts";
import type { Scene } from "./scene.ts";
import type { Tab } from "./tab.ts";
import { holds } from "./values.ts";

type Deed = "crowd" | "edit" | "type" | "undo" | "redo" | "resolve" | "resolveAll" | "dismiss";

/** A person does something in a tab. What it changes in the view is entered in the ledger. */
export function act(scene: Scene, tab: Tab, random: Random): void {
  const { live } = tab;
  if (!live || !tab.isReady) return;
  scene.note(tab);
  const deed =
    scene.crowded && random.chance(0.25)
      ? "crowd"
      : random.weighted<Exclude<Deed, "crowd">>({
          edit: 76,
          type: 4,
          undo: 7,
          redo: 3,
          resolve: live.conflicts.length > 0 ? 12 : 0,
          resolveAll: live.conflicts.length > 2 ? 1 : 0,
          dismiss: live.rejections.length > 0 ? 1 : 0,
        });
  const via: Via = deed === "undo" || deed === "redo" ? deed : deed === "resolve" || deed === "resolveAll" ? "resolve" : "edit";
  const before = recordsOf(live.state);
  const { revision } = live;
  const hand: Hand = { live, random, fresh: scene.fresh };
  let words: string | undefined;
  try {
    words = deeds[deed](hand, scene, tab);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    scene.world.tell(() => `${tab.name} may not ${deed}: ${error.code} ${error.message}`);
  }
  const author = { clientId: live.clientId, person: tab.device.person };
  const entered = scene.ledger.enter(author, via, scene.world.now, revision, before, live.state, tab.isKept);
  // Whoever keeps a value of another tab of theirs has it in hand from now on.
  if (via === "resolve") for (const entry of entered) scene.ledger.takeOver(entry);
  if (via === "undo") for (const entry of entered) checkUndo(scene, tab, entry);
  const said = words;
  if (said !== undefined) scene.world.tell(() => `${tab.name} ${said} [on revision ${revision}, ${live.status}]`);
}

const deeds: Readonly<Record<Deed, (hand: Hand, scene: Scene, tab: Tab) => string | undefined>> = {
  crowd,
  edit,
  type,
  undo: ({ live }) => {
    if (!live.canUndo) return undefined;
    live.undo();
    return "undoes";
  },
  redo: ({ live }) => {
    if (!live.canRedo) return undefined;
    live.redo();
    return "redoes";
  },
  resolve: ({ live, random, fresh }, scene, tab) => {
    const conflict = random.pick(live.conflicts);
    if (!conflict) return undefined;
    const choice = random.pick(["keep_local", "accept_server", "merge"] as const) ?? "keep_local";
    if (choice === "merge") {
      const merge = mergeOf(conflict, random, fresh);
      if (!merge) return undefined;
      live.resolve(conflict.id, { merge });
      giveUp(scene, tab, conflict.payload);
      return `resolves ${conflict.conflicts[0]?.type} by merging ${JSON.stringify(merge)}`;
    }
    live.resolve(conflict.id, choice);
    if (choice === "accept_server") giveUp(scene, tab, conflict.payload);
    return `resolves ${conflict.conflicts[0]?.type} of ${conflict.conflicts[0]?.collection}/${conflict.conflicts[0]?.id} with ${choice}`;
  },
  resolveAll: ({ live, random }, scene, tab) => {
    const choice = random.chance(0.5) ? "keep_local" : "accept_server";
    const open = [...live.conflicts];
    try {
      live.resolveAll(choice);
    } finally {
      const left = new Set(live.conflicts.map(({ id }) => id));
      if (choice === "accept_server") for (const { id, payload } of open) if (!left.has(id)) giveUp(scene, tab, payload);
    }
    return `resolves all ${open.length} conflicts with ${choice}`;
  },
  dismiss: ({ live, random }, scene, tab) => {
    const rejection = random.pick(live.rejections);
    if (!rejection) return undefined;
    live.dismiss(rejection.id);
    giveUp(scene, tab, rejection.payload);
    return "dismisses a rejection";
  },
};

/** A conflict may have come from another tab of the same person. */
const giveUp = (scene: Scene, tab: Tab, payload: Changeset): void => scene.ledger.giveUp(payload, scene.clientIdsOf(tab.device));

/** Field by field mine, theirs, or something new. */
function mergeOf({ conflicts }: OpenConflict, random: Random, fresh: () => number): Registers | undefined {
  const [conflict] = conflicts;
  if (conflict?.type !== "concurrent_edit" || !conflict.fields) return undefined;
  const merge: Record<string, Json> = {};
  for (const [field, { local, server }] of Object.entries(conflict.fields))
    merge[field] = (
      typeof local === "string" && (field === "name" || field === "note") && random.chance(0.4) ? `merged ${fresh()}` : random.chance(0.5) ? local : server
    ) as Json;
  return merge;
}

/** O3: an undo leaves alone what somebody else wrote since. */
function checkUndo(scene: Scene, tab: Tab, { clientId, kind, id, register, before, value, pair }: ReturnType<Scene["ledger"]["enter"]>[number]): void {
  // Places are repaired by the server, captured baselines are its own.
  if (!before || register === "placement" || /^baselines\.[0-2]$/.test(register)) return;
  // A product's policy may have written it for this person.
  if (scene.ledger.wasConfronted(clientId, kind, id)) return;
  const own = scene.ledger.entries.filter(
    (entry) =>
      entry.clientId === clientId && entry.kind === kind && entry.register === register && (entry.id === id || (pair !== undefined && entry.pair === pair)),
  );
  const mine = own.some((entry) => holds(kind, before, entry.value));
  if (!mine)
    scene.problems.push(`O3 ${tab.name} undid ${kind}/${id} ${register} from ${JSON.stringify(before)}, which it had not written, to ${JSON.stringify(value)}`);
}

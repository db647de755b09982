import { linkPairs } from "./links.ts";
import { pastPairs } from "./past.ts";
import { peoplePairs } from "./people.ts";
import type { Pair } from "./plan.ts";
import { timePairs } from "./time.ts";
import { treePairs } from "./tree.ts";

/** Every pair of the catalogue, by row; a row may have more than one. */
export const pairs: readonly Pair[] = [...treePairs, ...linkPairs, ...timePairs, ...pastPairs, ...peoplePairs].sort((x, y) => x.row - y.row);

/** Rows that are not decided by the pure function, and who decides them. */
export const decidedElsewhere: readonly { readonly row: number; readonly a: string; readonly b: string; readonly because: string }[] = [
  { row: 61, a: "takes B's right to edit away", b: "edits", because: "The server authorises when it applies: `forbidden`, and the edit is kept as rejected." },
  { row: 62, a: "restores or imports the whole project", b: "edits", because: "The store gets a new epoch; pending edits are judged by what they saw (W0)." },
];

export const rowCount = 65;

import type { ConnectionStatus, LiveProject } from "@livegantt/client";

/** Every text that the parts show. Replace some or all through `<TextProvider texts={…}>`. */
export interface PartTexts {
  /** BCP 47 tag for dates and numbers. */
  readonly locale: string;
  readonly status: Readonly<Record<ConnectionStatus, string>>;
  readonly retryIn: (seconds: number) => string;
  readonly reconnectNow: string;
  readonly allSaved: string;
  readonly saving: (count: number) => string;
  readonly keptHere: (count: number) => string;
  /** Changes that so far exist in this page alone. */
  readonly notKept: (count: number) => string;
  readonly people: (count: number) => string;
  readonly you: string;
  readonly editing: (name: string) => string;
  readonly conflictTitle: (count: number) => string;
  readonly conflictIntro: string;
  readonly noConflicts: string;
  readonly conflictType: Readonly<Record<string, string>>;
  readonly by: (name: string) => string;
  readonly somebody: string;
  readonly madeAt: (time: string) => string;
  readonly changedAt: (time: string) => string;
  readonly arrivedAt: (time: string) => string;
  readonly parked: (count: number) => string;
  readonly before: string;
  readonly mine: string;
  readonly theirs: string;
  readonly merged: string;
  readonly empty: string;
  readonly yes: string;
  readonly no: string;
  readonly keepMine: string;
  readonly takeTheirs: string;
  readonly restoreWithMine: string;
  readonly leaveDeleted: string;
  readonly apply: string;
  readonly allOfMine: string;
  readonly allOfTheirs: string;
  readonly close: string;
  readonly loop: (names: string) => string;
  readonly rejectedTitle: string;
  readonly rejectedWhy: (message: string) => string;
  readonly dismiss: string;
  readonly history: string;
  readonly historyEmpty: string;
  readonly historyError: string;
  readonly loading: string;
  readonly more: string;
  readonly added: (what: string) => string;
  readonly removed: (what: string) => string;
  readonly changedTo: (field: string, value: string) => string;
  readonly share: {
    readonly title: string;
    readonly intro: string;
    /** Where everybody who reaches the server may do everything anyway. */
    readonly unguarded: string;
    readonly whoMay: string;
    readonly role: Readonly<Record<LiveProject["role"], string>>;
    readonly may: Readonly<Record<"viewer" | "commenter" | "editor", string>>;
    readonly expires: string;
    readonly never: string;
    readonly inDays: (days: number) => string;
    readonly label: string;
    readonly labelHint: string;
    readonly create: string;
    readonly links: string;
    readonly none: string;
    readonly ended: (count: number) => string;
    readonly unnamed: string;
    readonly madeBy: (name: string, day: string) => string;
    readonly noEnd: string;
    readonly until: (day: string) => string;
    readonly expiredOn: (day: string) => string;
    readonly revokedOn: (day: string) => string;
    readonly revoke: string;
    readonly revokeNow: string;
    readonly keep: string;
    readonly address: string;
    readonly copy: string;
    readonly copied: string;
    readonly once: string;
  };
  readonly version: {
    readonly title: string;
    readonly none: string;
    readonly nameNow: string;
    readonly name: string;
    readonly hint: string;
    readonly save: string;
    readonly restore: string;
    readonly restoreNow: string;
  };
  readonly kinds: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface User {
  readonly clientId: string;
  readonly name: string;
  readonly avatar?: string;
  readonly color: string;
  readonly activeTask?: string;
  readonly joinedAt: string;
}

export interface Selection {
  readonly taskId: string | null;
  readonly field?: string;
  readonly mode?: string;
  readonly ghost?: { readonly startDate: string; readonly endDate: string };
}

/** What one server knows of a person who is connected to it. */
export interface Standing {
  readonly user: User;
  readonly selection?: Selection;
}

/** A standing with the server it is of. A person who moves from one server to another is on both for a while. */
export interface Seat extends Standing {
  readonly node: string;
}

/** Who is in a project on other servers. */
export interface Elsewhere {
  clients(project: string): Iterable<string>;
  seats(project: string, clientId: string): Iterable<Seat>;
}

export const nowhere: Elsewhere = { clients: () => [], seats: () => [] };

/** Earlier first; the same on every server. */
export function byArrival(a: User, b: User): number {
  return a.joinedAt < b.joinedAt ? -1 : a.joinedAt > b.joinedAt ? 1 : a.clientId < b.clientId ? -1 : a.clientId > b.clientId ? 1 : 0;
}

/** The seat that counts where a person has several: the one taken last, the same on every server. */
export function newest(seats: Iterable<Seat>): Seat | undefined {
  let best: Seat | undefined;
  for (const seat of seats) {
    const order = best ? byArrival(best.user, seat.user) : -1;
    if (order < 0 || (order === 0 && seat.node > (best as Seat).node)) best = seat;
  }
  return best;
}

export const sameUser = (a: User, b: User): boolean =>
  a.name === b.name && a.avatar === b.avatar && a.color === b.color && a.activeTask === b.activeTask && a.joinedAt === b.joinedAt;

/** Colours that people tell apart on light and dark ground, in the order in which they are given out. */
const palette = ["#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#0891b2", "#dc2626", "#65a30d", "#9333ea", "#0d9488", "#c2410c", "#4f46e5"];

/** The first colour that nobody has. */
export function freeColor(users: Iterable<User>): string | undefined {
  const taken = new Set([...users].map((user) => user.color));
  return palette.find((color) => !taken.has(color));
}

/** A colour for one more; shared where all are taken. */
export const nextColor = (users: readonly User[]): string => freeColor(users) ?? (palette[users.length % palette.length] as string);

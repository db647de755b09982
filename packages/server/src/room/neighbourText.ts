import { type Static, Type } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { Selection, Standing, User } from "./crowd.ts";

/**
 * What servers of a cluster tell each other about presence: texts of a bounded size, heard by all in one order for each teller.
 * `seq` counts the texts with `words`, so that a listener knows when it missed one; without `words` it is a sign of life and repeats the count.
 */
const Name = Type.String({ maxLength: 255 });
const Id = Type.String({ minLength: 1, maxLength: 255 });
const UserSchema = Type.Object({
  clientId: Id,
  name: Name,
  avatar: Type.Optional(Type.String()),
  color: Type.String({ maxLength: 40 }),
  activeTask: Type.Optional(Id),
  joinedAt: Type.String({ maxLength: 40 }),
});
const SelectionSchema = Type.Object({
  taskId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  field: Type.Optional(Type.String({ maxLength: 64 })),
  mode: Type.Optional(Type.String({ maxLength: 64 })),
  ghost: Type.Optional(Type.Object({ startDate: Type.String({ maxLength: 40 }), endDate: Type.String({ maxLength: 40 }) })),
});
/** How one client of a project stands at the teller: without `user` as before, or not at all where it is `gone`. */
const WordSchema = Type.Object({
  project: Type.String(),
  client: Id,
  user: Type.Optional(UserSchema),
  selection: Type.Optional(Type.Union([SelectionSchema, Type.Null()])),
  gone: Type.Optional(Type.Literal(true)),
});
const TextSchema = Type.Object({
  node: Type.String({ minLength: 1, maxLength: 64 }),
  seq: Type.Integer({ minimum: 0 }),
  words: Type.Optional(Type.Array(WordSchema)),
  /** First and last text of everything the teller knows; what it told before and is not in there is gone. */
  first: Type.Optional(Type.Literal(true)),
  last: Type.Optional(Type.Literal(true)),
  /** Nodes that are asked for everything; `*`: all. */
  ask: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 })),
  /** The teller stops. */
  bye: Type.Optional(Type.Literal(true)),
});

export type Word = Static<typeof WordSchema>;
export type NeighbourText = Static<typeof TextSchema>;

const compiled = TypeCompiler.Compile(TextSchema);

/** Everybody who may use the database may say anything on the channel: what is none of ours is `undefined`. */
export function parseNeighbourText(text: string): NeighbourText | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return compiled.Check(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes around the words of a text. */
const frameBytes = 200;

const wordOf = (project: string, client: string, user: User, selection: Selection | undefined): Word => ({
  project,
  client,
  user,
  selection: selection ?? null,
});

/** All that is known of a client. A picture that does not fit into a text is left out, and a name is cut, rather than the person. */
export function fullWord(project: string, client: string, { user, selection }: Standing, bytes: number): Word {
  const word = wordOf(project, client, { ...user, name: user.name.slice(0, 255) }, selection);
  if (Buffer.byteLength(JSON.stringify(word)) <= bytes - frameBytes) return word;
  const { avatar: _, ...rest } = user;
  return wordOf(project, client, { ...rest, name: user.name.slice(0, 255) }, selection);
}

/** Words in groups, each of which fits into a text. */
export function fitting(words: readonly Word[], bytes: number): Word[][] {
  const groups: Word[][] = [];
  let room = 0;
  for (const word of words) {
    const size = Buffer.byteLength(JSON.stringify(word)) + 1;
    if (size > room) {
      groups.push([]);
      room = bytes - frameBytes;
    }
    (groups.at(-1) as Word[]).push(word);
    room -= size;
  }
  return groups;
}

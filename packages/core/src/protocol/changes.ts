import { type Static, Type } from "@sinclair/typebox";
import type { Changeset } from "../changes/changeset.ts";
import { ChangesetSchema, Revision } from "./parts.ts";

/** One action of a person, numbered by the client's own counter 1, 2, 3… */
export const ChangesSchema = Type.Object({
  type: Type.Literal("changes"),
  revision: Type.Integer({ minimum: 1 }),
  baseRevision: Revision,
  intent: Type.Optional(Type.String({ maxLength: 64 })),
  /** ISO time when the person did it; differs from the arrival after being offline. */
  madeAt: Type.Optional(Type.String({ maxLength: 40 })),
  payload: ChangesetSchema,
});
export type ChangesMessage = Omit<Static<typeof ChangesSchema>, "payload"> & { readonly payload: Changeset };

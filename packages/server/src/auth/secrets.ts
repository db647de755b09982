import { createHash, randomBytes } from "node:crypto";

/** Tokens that this server makes say what they are by how they begin; everything else is left to whoever decides about access tokens. */
const linkPrefix = "lgl_";
const sessionPrefix = "lgs_";
/** Bytes of chance in a token: beyond guessing, and no clock or counter in it. */
const secretBytes = 32;

const chance = (bytes: number): string => randomBytes(bytes).toString("base64url");

export const newLinkToken = (): string => linkPrefix + chance(secretBytes);
export const isLinkToken = (token: string): boolean => token.startsWith(linkPrefix);

/** `lgs_<who>.<secret>`: whose it is can be read from it, as from a JWT, so that a device keeps unsent edits of different people apart. */
export const newSessionToken = (sub: string): string => `${sessionPrefix}${sub}.${chance(secretBytes)}`;
export const isSessionToken = (token: string): boolean => token.startsWith(sessionPrefix);

export const newLinkId = (): string => chance(9);
/** Somebody who is known by a share link alone. */
export const newGuest = (): string => `guest-${chance(12)}`;

/** What a store keeps of a token. A token is all chance, so a plain hash cannot be searched backwards. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("base64url");

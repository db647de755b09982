import { createHash, randomBytes } from "node:crypto";

/** Tokens that this server makes say what they are by how they begin; everything else is left to whoever decides about access tokens. */
const linkPrefix = "lgl_";
const sessionPrefix = "lgs_";
/** Bytes of chance in a token: beyond guessing, and no clock or counter in it. */
const secretBytes = 32;

const chance = (bytes: number): string => randomBytes(bytes).toString("base64url");

export const newLinkToken = (): string => linkPrefix + chance(secretBytes);
export const isLinkToken = (token: string): boolean => token.startsWith(linkPrefix);

/**
 * `lgs_<who>.<secret>`: whose it is can be read from it, as from a JWT, so that a device keeps unsent edits of different people apart. Who somebody is follows from the
 * secret, so a session proves it also to a server that has forgotten it.
 */
export function newSessionToken(): string {
  const secret = chance(secretBytes);
  return `${sessionPrefix}${guestOf(secret)}.${secret}`;
}

export const isSessionToken = (token: string): boolean => token.startsWith(sessionPrefix);

/** Whose session it is: somebody who is known by share links alone. Undefined where the token was not made by this rule. */
export function subOfSession(token: string): string | undefined {
  const [sub, secret, ...more] = token.slice(sessionPrefix.length).split(".");
  return isSessionToken(token) && secret !== undefined && secret.length >= minSecretLength && more.length === 0 && sub === guestOf(secret) ? sub : undefined;
}

/** 32 bytes in base64url. */
const minSecretLength = 43;
const guestOf = (secret: string): string => `guest-${hashOf(`guest ${secret}`).slice(0, 16)}`;

export const newLinkId = (): string => chance(9);
/** What a store keeps of a token. A token is all chance, so a plain hash cannot be searched backwards. */
export const hashOf = (token: string): string => createHash("sha256").update(token).digest("base64url");

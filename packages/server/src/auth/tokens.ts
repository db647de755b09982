import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ServerError } from "../errors.ts";
import { type Access, type Authorize, type Role, roles } from "../interfaces/access.ts";

/**
 * Access tokens are JWTs: `sub` (who), `name`, `exp`, and `projects`, which maps project ids to roles; `"*"` stands for all projects and for creating them.
 */
export interface TokenOptions {
  /** Shared secret of HS256 tokens, at least 32 bytes. */
  readonly secret?: string;
  /** URL of a key set, or the key set itself as JSON text, for RS256, PS256, ES256 and EdDSA tokens. */
  readonly jwks?: string;
  readonly issuer?: string;
  readonly audience?: string;
}

const minSecretBytes = 32;
const keptTokens = 10_000;
const asymmetric = ["RS256", "PS256", "ES256", "EdDSA"];

/** Decides by tokens. @throws ServerError for a secret that is too short or a key set that is none. */
export function tokenAccess(options: TokenOptions): Authorize {
  const verify = verifier(options);
  const verified = new Map<string, JWTPayload>();
  return async (token, project) => {
    if (token === undefined || token === "")
      throw new ServerError("token_required", "reauth", "This server needs an access token. Log in, or open the project by its share link.");
    let claims = verified.get(token);
    if (!claims || (claims.exp ?? Number.POSITIVE_INFINITY) * 1000 <= Date.now()) {
      verified.delete(token);
      claims = await verify(token);
      if (verified.size >= keptTokens) verified.delete(verified.keys().next().value as string);
      verified.set(token, claims);
    }
    return accessOf(claims, project);
  };
}

function accessOf(claims: JWTPayload, project: string | null): Access {
  const granted = (typeof claims.projects === "object" && claims.projects !== null ? claims.projects : {}) as Record<string, unknown>;
  const named = (key: string): Role | undefined => roles.find((role) => Object.hasOwn(granted, key) && role === granted[key]);
  const role = project === null ? (named("*") ?? "viewer") : (named(project) ?? named("*"));
  if (!role) throw new ServerError("not_allowed", "fatal", `Your access token gives no right to the project "${project?.slice(0, 64)}".`);
  return {
    role,
    ...(claims.sub !== undefined && { sub: claims.sub }),
    ...(typeof claims.name === "string" && { name: claims.name.slice(0, 255) }),
    ...(claims.exp !== undefined && { expiresAt: claims.exp * 1000 }),
  };
}

function verifier({ secret, jwks, issuer, audience }: TokenOptions): (token: string) => Promise<JWTPayload> {
  const claims = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }), clockTolerance: 5 };
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);
  if (key && key.length < minSecretBytes) {
    throw new ServerError(
      "weak_secret",
      "fix",
      `The secret has ${key.length} bytes; HS256 needs at least ${minSecretBytes}. Make one with: openssl rand -base64 48`,
    );
  }
  const keys = jwks === undefined ? undefined : keySet(jwks);
  if (!key && !keys) throw new ServerError("no_secret", "fix", "Access tokens need a secret or a key set.");
  return async (token) => {
    try {
      if (key && (!keys || headerOf(token) === "HS256")) return (await jwtVerify(token, key, { ...claims, algorithms: ["HS256"] })).payload;
      return (await jwtVerify(token, keys as JWTVerifyGetKey, { ...claims, algorithms: asymmetric })).payload;
    } catch (cause) {
      if (cause instanceof ServerError) throw cause;
      if (cause instanceof errors.JWTExpired) throw new ServerError("token_expired", "reauth", "Your session has ended. Log in again.", { cause });
      throw new ServerError("token_invalid", "reauth", "The access token is not valid here. Log in again.", { cause });
    }
  };
}

function headerOf(token: string): unknown {
  try {
    return (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { alg?: unknown }).alg;
  } catch {
    return undefined;
  }
}

function keySet(text: string): JWTVerifyGetKey {
  if (/^https?:\/\//.test(text)) return remoteKeys(new URL(text));
  try {
    return createLocalJWKSet(JSON.parse(text));
  } catch (cause) {
    throw new ServerError("bad_key_set", "fix", "LIVEGANTT_JWKS is the URL of a key set, or the key set itself as JSON.", { cause });
  }
}

/** Whoever signs the tokens being away is no reason to tell people that theirs are not valid: they would be asked to log in where nobody can. */
function remoteKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JOSEError && cause.code !== errors.JOSEError.code && !(cause instanceof errors.JWKSTimeout)) throw cause;
      const message = "The keys to check your token by cannot be reached just now. Try again shortly.";
      throw new ServerError("keys_unavailable", "backoff", message, { status: 503, retryAfterMs: 2_000, cause });
    }
  };
}

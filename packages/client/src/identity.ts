import type { TokenSource } from "./options.ts";

/** Calls the token function, or answers the fixed token. */
export const readToken = async (source: TokenSource | undefined): Promise<string | undefined> => (typeof source === "function" ? await source() : source);

/** Subject of a JSON Web Token or of a share link's session, unchecked: the server checks. Only used to keep one person's unsent edits from being sent as another's. */
export function subjectOf(token: string | undefined): string | undefined {
  const guest = /^lgs_([^.]+)\./.exec(token ?? "")?.[1];
  if (guest) return guest;
  const body = token?.split(".")[1];
  if (!body) return undefined;
  try {
    const text = atob(body.replaceAll("-", "+").replaceAll("_", "/"));
    const claims: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    const sub = (claims as { readonly sub?: unknown } | null)?.sub;
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}

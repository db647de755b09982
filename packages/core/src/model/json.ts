/** JSON values as records hold them. Absent, `undefined` and `null` mean the same thing: the field is not set. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Structural equality; `null`, `undefined` and a missing key are equal. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a == null || b == null) return a == null && b == null;
  if (typeof a !== "object" || typeof b !== "object") return false;
  const listA = Array.isArray(a);
  if (listA !== Array.isArray(b)) return false;
  if (listA) {
    const x = a as unknown[];
    const y = b as unknown[];
    return x.length === y.length && x.every((value, i) => equalJson(value, y[i]));
  }
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  for (const key in x) if (!equalJson(x[key], y[key])) return false;
  for (const key in y) if (!(key in x) && y[key] != null) return false;
  return true;
}

/** JSON text with sorted keys and without unset fields: equal values give equal text on every machine. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return "null";
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const source = value as Record<string, unknown>;
  const keys = Object.keys(source).filter((key) => source[key] != null);
  keys.sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(source[key])}`).join(",")}}`;
}

/** Code-unit order, the same on every machine (never a locale's collation). */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

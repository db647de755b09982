import { BASE_52_DIGITS, BASE_62_DIGITS, generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import { compareText } from "./json.ts";

/** M6: sibling order is `(orderKey, id)`; a key longer than this makes its sibling list be keyed anew. */
export const maxOrderKeyLength = 32;

const digits = /^[A-Za-z][0-9A-Za-z]+$/;

/** A fractional index: base-62 digits after a head letter that carries the length of the integer part ("a0", "Zz", "a0V"). */
export function isOrderKey(key: unknown): key is string {
  if (typeof key !== "string" || key.length > 4096 || !digits.test(key)) return false;
  try {
    orderKeysBetween(key, null, 1);
    return true;
  } catch {
    return false;
  }
}

export const compareOrder = (keyA: string, idA: string, keyB: string, idB: string): number => compareText(keyA, keyB) || compareText(idA, idB);

/** A key strictly between two keys (`null`: the list's end). @throws where `after >= before`. */
export const orderKeyBetween = (after: string | null, before: string | null): string => generateKeyBetween(after, before, BASE_62_DIGITS, BASE_52_DIGITS);

/** `count` keys strictly between two keys, in order. @throws where `after >= before`. */
export const orderKeysBetween = (after: string | null, before: string | null, count: number): string[] =>
  generateNKeysBetween(after, before, count, BASE_62_DIGITS, BASE_52_DIGITS);

/**
 * Keys for a block of new siblings that stays together: two people who insert at one place get separate runs instead of interleaved rows.
 * `run` names the person's replica; its hash becomes a common prefix inside the gap.
 */
export function orderKeyBlock(after: string | null, before: string | null, count: number, run: string): string[] {
  if (count === 1) return [orderKeyBetween(after, before)];
  let at = orderKeyBetween(after, before);
  // Extensions of `at` are free inside the gap only where the next key is not one of them.
  while (before?.startsWith(at)) at = orderKeyBetween(at, before);
  const prefix = at + runDigits(run);
  const width = Math.max(1, Math.ceil(Math.log(count + 1) / Math.log(61)));
  return Array.from({ length: count }, (_, i) => prefix + counter(i, width));
}

function runDigits(run: string): string {
  let hash = 2166136261;
  for (let i = 0; i < run.length; i++) hash = Math.imul(hash ^ run.charCodeAt(i), 16777619) >>> 0;
  let text = "";
  for (let i = 0; i < 3; i++) {
    text += BASE_62_DIGITS[hash % 62];
    hash = Math.floor(hash / 62);
  }
  return text;
}

/** Digits 1-61 only: a fractional key may not end in the digit zero. */
function counter(value: number, width: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < width; i++) {
    text = BASE_62_DIGITS[1 + (rest % 61)] + text;
    rest = Math.floor(rest / 61);
  }
  return text;
}

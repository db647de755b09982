import type { Clock, RandomSource } from "./environment.ts";

/** A UUIDv7 (M1): time first, so that ids made later sort later; the rest random. */
export function makeId(clock: Clock, random: RandomSource): string {
  const time = Math.max(0, Math.floor(clock.now())).toString(16).padStart(12, "0").slice(-12);
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}

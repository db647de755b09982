/** A value, or a promise of it. What is there at once is used at once: a memory store adds no turn to an edit. */
export type MaybePromise<T> = T | Promise<T>;

export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> => typeof (value as { then?: unknown } | undefined)?.then === "function";

export function whenDone<T, R>(value: MaybePromise<T>, next: (value: T) => R): R | Promise<Awaited<R>> {
  return isPromise(value) ? (value.then(next) as Promise<Awaited<R>>) : next(value);
}

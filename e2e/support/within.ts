/**
 * Waits until `read` gives something equal to what `wanted` gives, and tells how long it took.
 * @returns milliseconds
 * @throws where it is not so within `limit` milliseconds, with both values.
 */
export async function within<T>(limit: number, read: () => Promise<T>, wanted: (value: T) => boolean | Promise<boolean>): Promise<number> {
  const started = performance.now();
  for (;;) {
    const value = await read();
    const took = performance.now() - started;
    if (await wanted(value)) return took;
    if (took > limit) throw new Error(`not so after ${Math.round(took)} ms: ${JSON.stringify(value)}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

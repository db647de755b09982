/** A function that runs `work` at most once at a time: calls during a run share one further run, which starts after them. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const call = (): Promise<void> => {
    if (!running) {
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    }
    const again = (): Promise<void> => {
      next = undefined;
      return call();
    };
    next ??= running.then(again, again);
    return next;
  };
  return call;
}

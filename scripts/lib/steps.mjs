/** Runs named parts one after the other, tells how each went, and counts. */
export class Steps {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** What is missing on this machine, and what that means. */
  missing = [];
  #started = performance.now();

  /**
   * @param {string} name
   * @param {() => Promise<{ passed: number, failed: number, skipped?: number }>} work
   */
  run = async (name, work) => {
    const from = performance.now();
    console.log(`\n== ${name}`);
    const { passed, failed, skipped = 0 } = await work();
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
    console.log(`== ${name}: ${failed === 0 ? "good" : `${failed} failed`} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
  };

  /** Prints the sums, `N passed, N failed` as the last line, and leaves the exit code. */
  finish() {
    console.log(`\n${((performance.now() - this.#started) / 60_000).toFixed(1)} minutes; ${this.skipped} skipped`);
    for (const line of this.missing) console.log(`Missing: ${line}`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}

/** Sorted, disjoint, non-empty stretches of time as a flat list: start, end, start, end … in wall-clock minutes. */
export type Spans = readonly number[];

/** Sorts and joins stretches that overlap or touch. */
export function normalise(pairs: readonly (readonly [number, number])[]): number[] {
  const sorted = pairs.filter(([a, b]) => a < b).sort((x, y) => x[0] - y[0]);
  const out: number[] = [];
  for (const [a, b] of sorted) push(out, a, b);
  return out;
}

function push(out: number[], a: number, b: number): void {
  const last = out.length - 1;
  if (last > 0 && a <= (out[last] as number)) out[last] = Math.max(out[last] as number, b);
  else out.push(a, b);
}

export function union(x: Spans, y: Spans): Spans {
  if (x.length === 0) return y;
  if (y.length === 0) return x;
  const out: number[] = [];
  for (let i = 0, j = 0; i < x.length || j < y.length; ) {
    const fromX = j >= y.length || (i < x.length && (x[i] as number) <= (y[j] as number));
    if (fromX) {
      push(out, x[i] as number, x[i + 1] as number);
      i += 2;
    } else {
      push(out, y[j] as number, y[j + 1] as number);
      j += 2;
    }
  }
  return out;
}

export function intersect(x: Spans, y: Spans): Spans {
  const out: number[] = [];
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const a = Math.max(x[i] as number, y[j] as number);
    const b = Math.min(x[i + 1] as number, y[j + 1] as number);
    if (a < b) out.push(a, b);
    if ((x[i + 1] as number) < (y[j + 1] as number)) i += 2;
    else j += 2;
  }
  return out;
}

export function subtract(x: Spans, y: Spans): Spans {
  const out: number[] = [];
  for (let i = 0, j = 0; i < x.length; i += 2) {
    let a = x[i] as number;
    const b = x[i + 1] as number;
    while (j < y.length && (y[j + 1] as number) <= a) j += 2;
    for (let k = j; k < y.length && (y[k] as number) < b; k += 2) {
      if ((y[k] as number) > a) out.push(a, y[k] as number);
      a = Math.max(a, y[k + 1] as number);
    }
    if (a < b) out.push(a, b);
  }
  return out;
}

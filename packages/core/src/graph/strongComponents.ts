/** Strongly connected components with more than one node, as node → number of its component: Tarjan's algorithm (1972) with its own stack. */
export function strongComponents(nodes: readonly number[], successors: (node: number, out: number[]) => void): Map<number, number> {
  const among = new Set(nodes);
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const component = new Map<number, number>();
  let components = 0;
  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: { readonly node: number; readonly next: number[]; at: number }[] = [];
    const enter = (node: number): void => {
      index.set(node, index.size);
      low.set(node, index.get(node) as number);
      open.push(node);
      isOpen.add(node);
      const next: number[] = [];
      successors(node, next);
      path.push({ node, next, at: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node, next } = top;
      const own = low.get(node) as number;
      const s = next[top.at++];
      if (s !== undefined) {
        if (!among.has(s)) continue;
        if (!index.has(s)) enter(s);
        else if (isOpen.has(s)) low.set(node, Math.min(own, index.get(s) as number));
        continue;
      }
      path.pop();
      const up = path.at(-1)?.node;
      if (up !== undefined) low.set(up, Math.min(low.get(up) as number, own));
      if (own !== index.get(node)) continue;
      const members = open.splice(open.lastIndexOf(node));
      for (const member of members) isOpen.delete(member);
      if (members.length > 1) {
        components++;
        for (const member of members) component.set(member, components);
      }
    }
  }
  return component;
}

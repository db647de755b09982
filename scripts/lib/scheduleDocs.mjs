import { chartOf, stateOf } from "./scheduleChart.mjs";

const example = /^```plan( half)?\n([\s\S]*?)^```\n\n```chart\n[\s\S]*?^```$/gm;

/** The page with the chart under each plan drawn anew. `core` is the module of `@livegantt/core`; `half` draws two characters a day. */
export function redraw(core, page) {
  return page.replace(example, (_, half, plan) => {
    const chart = chartOf(core, stateOf(core, plan), { cells: half ? 2 : 1 });
    return `\`\`\`plan${half ?? ""}\n${plan}\`\`\`\n\n\`\`\`chart\n${chart}\n\`\`\``;
  });
}

import { decidedElsewhere, pairs } from "./pairs.ts";
import type { Ending, Pair } from "./plan.ts";

const intro = `# Concurrent edits: what comes out

Two people have seen the same plan and edit it without having seen each other. This page lists, pair by pair, what the server answers in either order of arrival. Its tables are written by \`packages/core/src/changes/catalogue/page.ts\` from the table that the tests play on the real code; do not edit them by hand.

The plan of the examples has the tasks P (with X, Y and W), Z, SA (A1), SB (B1 and B2) and Q (Q1), and the resource Rita. Policies are those that a product has from the start: \`ask\` for what people mean, \`local\` for places among siblings and colours.

| answer | meaning |
| --- | --- |
| applied | as it was sent |
| merged | applied beside another's change or after an adjustment; its author gets the difference, and both are told of what stands behind it |
| conflict | nothing was applied; the edit waits in its author's inbox with both values |
| rejected | it cannot be in any plan; its author sees why |
| nothing | it was so already; no revision is made |
`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const line = (cells: readonly (string | number)[]): string => `| ${cells.map((text) => cell(String(text))).join(" | ")} |`;

/** `conflict, hierarchy_cycle y` → conflict: `hierarchy_cycle` on y */
function answerText(answer: string): string {
  const [outcome, ...rest] = answer.split(", ");
  if (rest.length === 0) return String(outcome);
  const told = rest.map((part) => {
    const [kind, id] = part.split(" ");
    return id === undefined ? `\`${kind}\`` : `\`${kind}\` on ${id}`;
  });
  return `${outcome}: ${told.join(", ")}`;
}

function endingText({ answers, violations }: Ending, names: readonly string[]): string {
  const said = answers.map((answer, i) => `${names[i]} ${answerText(answer)}`).join("; ");
  const listed = violations?.map((violation) => `\`${violation.split(" ")[0]}\``) ?? [];
  return listed.length > 0 ? `${said}; the schedule lists ${listed.join(", ")}` : said;
}

function rowOf(pair: Pair): string {
  const names = pair.c ? ["A", "B", "C"] : ["A", "B"];
  const second = pair.c ? `${pair.b.does}; C ${pair.c.does}` : pair.b.does;
  return line([pair.row, pair.a.does, second, endingText(pair.ab, names), endingText(pair.ba, [...names].reverse()), pair.because]);
}

/** The catalogue as a page of the documentation. */
export function cataloguePage(): string {
  const head = line(["#", "A", "B", "A arrives first", "B arrives first", "because"]);
  const rule = line(["---", "---", "---", "---", "---", "---"]);
  const elsewhere = [
    line(["#", "A", "B", "what happens"]),
    line(["---", "---", "---", "---"]),
    ...decidedElsewhere.map(({ row, a, b, because }) => line([row, a, b, because])),
  ];
  return [
    intro,
    "## The pairs",
    "",
    head,
    rule,
    ...pairs.map(rowOf),
    "",
    "## Decided by the server and its commands",
    "",
    "These are no question of two changesets, but of rights, of commands and of the store.",
    "",
    ...elsewhere,
    "",
    "See also [when two people change the same thing](conflicts.md).",
    "",
  ].join("\n");
}

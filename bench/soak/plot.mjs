const width = 760;
const panelHeight = 120;
const gap = 40;
const left = 70;
const colors = ["#2563eb", "#d97706"];

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

/** A round number that is not below `value`. */
function ceiling(value) {
  const size = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((round) => round >= value) ?? value;
}

/**
 * Figures over time, one panel below the other.
 * @param {string} title
 * @param {{ title: string, unit: string, lines: { name: string, points: { at: number, value: number }[] }[] }[]} panels at: seconds
 */
export function plot(title, panels) {
  const end = Math.max(...panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ at }) => at))));
  const x = (at) => left + (at / end) * (width - left - 20);
  const parts = [`<text x="${left}" y="22" font-size="14" font-weight="600">${escaped(title)}</text>`];
  for (const [i, { title: name, unit, lines }] of panels.entries()) {
    const top = 50 + i * (panelHeight + gap);
    const max = ceiling(Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value)).filter(Number.isFinite)));
    const y = (value) => top + panelHeight - (value / max) * panelHeight;
    parts.push(`<text x="${left}" y="${top - 8}" font-weight="600">${escaped(name)}</text>`);
    for (const value of [0, max / 2, max])
      parts.push(
        `<line x1="${left}" x2="${width - 20}" y1="${y(value)}" y2="${y(value)}" stroke="#cbd5e1"/>`,
        `<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${Number(value.toPrecision(3))} ${unit}</text>`,
      );
    for (const [k, { name: line, points }] of lines.entries()) {
      const path = points.filter(({ value }) => Number.isFinite(value)).map(({ at, value }, n) => `${n ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
      parts.push(`<path d="${path.join("")}" fill="none" stroke="${colors[k]}" stroke-width="1.5"/>`);
      if (lines.length > 1) parts.push(`<text x="${left + 90 + 90 * k}" y="${top - 8}" fill="${colors[k]}">${escaped(line)}</text>`);
    }
  }
  const bottom = 50 + panels.length * (panelHeight + gap) - gap;
  for (let i = 0; i <= 6; i++) parts.push(`<text x="${x((end * i) / 6)}" y="${bottom + 18}" text-anchor="middle">${((end * i) / 360).toFixed(1)} min</text>`);
  const height = bottom + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="11" fill="#334155">
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

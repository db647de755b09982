/** White letters are readable on each of them. */
const palette = ["#3f63c8", "#b4522d", "#2e7d5b", "#8a4fb3", "#a8702a", "#2b7a8c", "#b03a5b", "#566379", "#6b7d1e", "#4b53b8"];

/** The same colour for the same id everywhere. */
export function colorOf(id: string): string {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return palette[hash % palette.length] ?? "#566379";
}

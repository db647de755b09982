/** Up to two letters: first and last word of a name. Whole code points, so that no letter is cut in half. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (!first) return "?";
  const last = words.length > 1 ? words.at(-1) : undefined;
  const letter = (word: string): string => [...word][0] ?? "";
  return (letter(first) + (last ? letter(last) : "")).toUpperCase();
}

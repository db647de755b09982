/** Takes a value out of the address's fragment (`#link=…`), and out of the address bar, the history and what people copy from there. */
export function takeFragment(name: string): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1));
  const value = given.get(name);
  if (value === null) return undefined;
  given.delete(name);
  const rest = String(given);
  history.replaceState(history.state, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  return value || undefined;
}

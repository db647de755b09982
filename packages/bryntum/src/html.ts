const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Names and values come from other people: nothing of them is ever markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] as string);

/** A picture's address that cannot run anything; otherwise initials are shown. */
export function safeImage(url: string | undefined): string | undefined {
  if (!url) return undefined;
  return /^(https?:\/\/|\/(?!\/)|\.{0,2}\/|data:image\/(png|jpe?g|gif|webp|svg\+xml);)/i.test(url) || !/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : undefined;
}

/** Up to two initials: "Ada Lovelace" → AL, "ada" → A. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) as string)][0] ?? "") : "";
  return (first + last).toUpperCase();
}

const colour = /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl)a?\([\d\s.,%/-]+\))$/i;
export const safeColor = (value: string): string => (colour.test(value) ? value : "#667085");

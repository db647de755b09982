/** A text of PostgreSQL holds no NUL, ours may. U+0001 marks it and itself; JSON texts hold neither, so only odd names look different in the database. */
const mark = "\u0001";

const toStored = (text: string): string => (text.includes("\0") || text.includes(mark) ? text.replaceAll(mark, `${mark}1`).replaceAll("\0", `${mark}0`) : text);
const fromStored = (text: string): string => (text.includes(mark) ? text.replaceAll(`${mark}0`, "\0").replaceAll(`${mark}1`, mark) : text);

const each =
  (convert: (text: string) => string) =>
  (value: unknown): unknown =>
    typeof value === "string" ? convert(value) : Array.isArray(value) ? value.map((item) => (typeof item === "string" ? convert(item) : item)) : value;

/** A parameter on its way into the database: text, list of texts, or anything else as it is. */
export const toDatabase = each(toStored);
/** A value of a row on its way out. */
export const fromDatabase = each(fromStored);

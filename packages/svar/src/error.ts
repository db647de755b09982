/** What a person asked for cannot be done; the message says why and what to do instead. */
export class EditError extends Error {
  readonly code: string;
  /** Always the author's turn: ask for something else. */
  readonly action = "fix";
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "EditError";
    this.code = code;
    this.data = data;
  }
}

/** A refusal of the server: code for programs, message for people. */
export class HttpError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.code = code;
  }
}

interface Refusal {
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

export function refusal(status: number, body: string): HttpError {
  try {
    const { error } = JSON.parse(body) as Refusal;
    if (typeof error?.message === "string") return new HttpError(status, String(error.code ?? "error"), error.message);
  } catch {
    // Not ours: a proxy's page, or nothing.
  }
  return new HttpError(
    status,
    "error",
    status === 0 ? "The server does not answer. Check the connection and try again." : `The server answered with status ${status}.`,
  );
}

export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? { accept: "application/json" } : { accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw refusal(0, "");
  }
  const text = await answer.text();
  if (!answer.ok) throw refusal(answer.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Sends a file and tells how much of it went out, 0 to 1. */
export function upload<T>(path: string, file: Blob, type: string, onProgress: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = new XMLHttpRequest();
    sent.open("POST", path);
    sent.setRequestHeader("content-type", type);
    sent.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    sent.onerror = () => reject(refusal(0, ""));
    sent.onload = () => {
      if (sent.status >= 200 && sent.status < 300) resolve(JSON.parse(sent.responseText) as T);
      else reject(refusal(sent.status, sent.responseText));
    };
    sent.send(file);
  });
}

// The server's routes, with the types of its own document. Every write carries the session's CSRF
// token and an Idempotency-Key that stays the same while the same request is tried again, so that a
// reply that got lost is given once more and nothing is done twice.
import type { components } from "@shared/api";

export type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Problem = Schemas["ProblemCard"];
export type Detail = Schemas["ProblemDetail"];
export type Photo = Schemas["PhotoCard"];

/** What the server said no with, or that nobody answered. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
  ) {
    super(zh);
  }
}

let csrf = "";
let onExpired = () => {};
const keys = new Map<string, string>();

export function useSession(token: string) {
  csrf = token;
}

export function whenExpired(then: () => void) {
  onExpired = then;
}

async function fail(answer: Response): Promise<never> {
  const text = await answer.text();
  let code = "unreadable";
  let zh = `服务器的回应读不懂（${answer.status}），请稍后再试`;
  let en = `the answer could not be read (${answer.status}); try again`;
  try {
    ({ code, zh, en } = JSON.parse(text));
  } catch {
    // A proxy's page; the words above say so.
  }
  if (answer.status === 401 && code === "unauthorized") onExpired();
  throw new Failure(answer.status, code, zh, en);
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch {
    throw new Failure(0, "offline", "与服务器断开，没有处理", "no connection; nothing was done");
  }
  if (!answer.ok) await fail(answer);
  return answer;
}

let byItself = false;

/** Runs a refresh nobody asked for: what it asks for at once keeps no session alive. */
export function quietly(refresh: () => void) {
  byItself = true;
  refresh();
  byItself = false;
}

/** Reads; `etag` is what a step on it names. */
export async function get<T>(path: string): Promise<{ body: T; etag: string }> {
  const answer = await ask(path, byItself ? { headers: { "X-By-Itself": "1" } } : {});
  return { body: (await answer.json()) as T, etag: answer.headers.get("etag") ?? "" };
}

/** Writes. `rev` is the ETag of what was seen. */
export async function post<T>(path: string, body: unknown, rev?: string): Promise<T> {
  const raw = body instanceof Blob;
  const text = raw ? "" : JSON.stringify(body);
  const same = raw ? "" : `${path} ${rev ?? ""} ${text}`;
  const key = (same && keys.get(same)) || crypto.randomUUID();
  if (same) keys.set(same, key);
  const headers: Record<string, string> = {
    "Content-Type": raw ? (body as Blob).type || "application/octet-stream" : "application/json",
    "X-CSRF-Token": csrf,
    "Idempotency-Key": key,
  };
  if (rev) headers["If-Match"] = rev;
  try {
    const answer = await ask(path, { method: "POST", headers, body: raw ? (body as Blob) : text });
    keys.delete(same);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  } catch (error) {
    // A refusal is an answer; only silence keeps the key for the next try.
    if (error instanceof Failure && error.status !== 0) keys.delete(same);
    throw error;
  }
}

/** A query string without what is empty. */
export function query(values: Record<string, string | number | boolean | undefined | null>) {
  const kept = Object.entries(values).filter(
    ([, v]) => v !== undefined && v !== null && v !== "" && v !== false,
  );
  const text = new URLSearchParams(kept.map(([k, v]) => [k, String(v)])).toString();
  return text ? `?${text}` : "";
}

/** Where a photo's file is. */
export function photoUrl(photo: string, rendition: "original" | "preview" | "thumbnail") {
  return `/v1/photos/${photo}/${rendition}`;
}

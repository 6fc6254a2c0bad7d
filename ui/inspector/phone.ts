// The window's commands. Rules live in Rust; here are only names and shapes.
import { invoke } from "@tauri-apps/api/core";
import { i18n } from "./i18n";

export interface Failure {
  code: string;
  zh: string;
  en: string;
}

export interface Item {
  code: string;
  group: string;
  content: string;
  standard: string;
  method: string;
  scale: "G3" | "O" | "Q" | "R" | "C";
  category: string;
  not_counted: string;
  outcome: Outcome | null;
}

export type Outcome =
  | { is: "grade"; grade: "compliant" | "mostly" | "non_compliant" }
  | { is: "yes_no"; ok: boolean }
  | { is: "quantity"; found: number }
  | { is: "ratio"; passed: number; sampled: number }
  | { is: "count"; count: number }
  | { is: "not_applicable" }
  | { is: "unobserved" };

export interface Site {
  site: string;
  name: string;
  site_type: string;
  area: string;
  address: string;
}
export interface Task {
  task: string;
  duty: string;
  date: string;
  site: Site;
  items: unknown[];
}
export interface Visit {
  visit: string;
  task: Task | null;
  finished: boolean;
  items: Item[];
  problems: number;
}
export interface Draft {
  category: string;
  note: string;
  place: string;
  item: string;
  visit: string | null;
  site: string | null;
  severity: string;
  class: string;
  missing_shot: string;
}
export interface PhotoFact {
  photo: string;
  shot: "near" | "wide" | "after" | "other";
  origin: string;
}
export interface DraftRow {
  problem: string;
  draft: Draft;
  changed_ms: number;
  photos: PhotoFact[];
}
export interface Today {
  duties: { duty: string; date: string; lead: boolean }[];
  tasks: Task[];
  visits: Visit[];
  drafts: DraftRow[];
}
export interface RecordSync {
  synced: boolean;
  stage: string;
  photos_confirmed: number;
  photos: number;
  only_originals_wait: boolean;
}
export interface ProblemRow {
  problem: string;
  temp_no: string;
  no: string;
  state: string;
  reason: string;
  category: string;
  place: string;
  note: string;
  changed_ms: number;
  photo: string | null;
  sync: RecordSync;
}
export interface Status {
  account: string;
  city: string;
  problems: {
    problem: string;
    temp_no: string;
    sync: RecordSync;
    photos: { photo: string; files: { rendition: string; stage: string }[] }[];
  }[];
  ops_waiting: number;
  bytes_waiting: number;
  oldest_unsent_ms: number | null;
}
export interface Category {
  code: string;
  group: string;
  zh: string;
  deadline_class: string;
}
export interface Catalog {
  categories: Category[];
  classes: { code: string; zh: string }[];
}

export const call = invoke;

export function words(error: unknown): string {
  const failure = error as Failure;
  if (failure?.zh) return i18n.global.locale.value === "en" ? failure.en : failure.zh;
  return String(error);
}

export function code(error: unknown): string {
  return (error as Failure)?.code ?? "";
}

/** Where a picture of the vault is shown from; the scheme is this window's own. */
export function picture(photo: string, rendition: "original" | "preview" | "thumbnail"): string {
  const windows =
    navigator.userAgent.includes("Windows") || navigator.userAgent.includes("Android");
  return windows
    ? `http://photo.localhost/${photo}/${rendition}`
    : `photo://localhost/${photo}/${rendition}`;
}

const PART = 384 * 1024;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

/** Hands a file to the vault in parts, with the hash of the whole; gives the photo's id. */
export async function addPhoto(
  problem: string,
  file: File,
  shot: string,
  keepAsAttachment = false,
) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((b) => b.toString(16).padStart(2, "0")).join("");
  const key = await call<string>("photo_open");
  for (let at = 0; at < bytes.length; at += PART) {
    await call("photo_part", { key, part: base64(bytes.subarray(at, at + PART)) });
  }
  return call<string>("photo_close", { key, sha256, problem, shot, keepAsAttachment });
}

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
  manual: string;
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
export interface Fix {
  lat: number;
  lon: number;
  acc_m?: number;
  datum: "WGS-84";
  provider: string;
  age_ms: number;
  simulated: boolean;
}
export interface Stamp {
  ms: number;
  off_min: number;
  server_off_ms?: number;
}
export interface FileFact {
  sha256: string;
  len: number;
  mime: string;
}
export interface PhotoFact {
  photo: string;
  shot: "near" | "wide" | "after" | "other";
  origin: "camera" | "import" | "web";
  original: FileFact;
  preview?: FileFact;
  thumbnail?: FileFact;
  no_preview?: string;
  taken?: Stamp;
  fix?: Fix;
  exif_fix?: Fix;
  exif_taken?: string;
  exif_camera?: string;
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
  /** Tasks whose visit has ended. */
  finished: string[];
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
export interface FileStage {
  rendition: "original" | "preview" | "thumbnail";
  stage: string;
  sha256: string;
  bytes: number;
}
export interface ProblemPage {
  row: ProblemRow;
  draft: Draft;
  site: string;
  photos: { fact: PhotoFact; files: FileStage[] }[];
}
export interface Waiting {
  problem: string;
  temp_no: string;
  no: string;
  text: string;
  sync: RecordSync;
  photos: { photo: string; files: FileStage[] }[];
}
export interface Ledger {
  records: number;
  records_synced: number;
  photos: number;
  photos_confirmed: number;
  ops_waiting: number;
  bytes_waiting: number;
  oldest_unsent_ms: number | null;
  waiting: Waiting[];
}
export interface Me {
  account: string;
  city: string;
  label: string;
  server: string;
  version: string;
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

/** Asks Rust. A vault that closed meanwhile leads to its door, whatever page asked. */
export async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (error) {
    if (code(error) === "locked") window.location.hash = "#/unlock";
    throw error;
  }
}

export function words(error: unknown): string {
  const failure = error as Failure;
  if (failure?.zh) return i18n.global.locale.value === "en" ? failure.en : failure.zh;
  return String(error);
}

export function code(error: unknown): string {
  return (error as Failure)?.code ?? "";
}

export const onAndroid = () => navigator.userAgent.includes("Android");

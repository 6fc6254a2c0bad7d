// What is stored, what waits, and how the last pass ended; and the passes that run by themselves.
import { computed, reactive } from "vue";
import { keep, kept } from "./kept";
import { call, code, words } from "./phone";

interface Strip {
  stored_ms: number | null;
  waiting: number;
  drafts: number;
}

export const strip = reactive({
  stored_ms: null as number | null,
  waiting: kept("waiting", 0),
  drafts: 0,
  online: navigator.onLine,
  running: false,
  /** How the last pass ended: nothing yet, `ok`, or the failure's code. */
  last: "",
  /** The last failure in words. */
  wrong: "",
  /** When the office was last heard, milliseconds since 1970 UTC. */
  heard_ms: kept<number | null>("heard", null),
});

/** The network in a word, from what is known: the system's state and the last pass. */
export const network = computed(() => {
  if (!strip.online) return "none";
  if (strip.running) return "running";
  if (strip.last === "unreachable") return "unreachable";
  if (strip.last && strip.last !== "ok") return "failed";
  return "there";
});

export async function refreshStrip() {
  try {
    const now = await call<Strip>("strip");
    Object.assign(strip, now);
    // The lock screen shows this one number, with the vault closed.
    keep("waiting", now.waiting);
  } catch {
    // A locked vault says nothing; the strip keeps what it last knew.
  }
}

/** The office answered just now. */
export function heard() {
  strip.heard_ms = Date.now();
  keep("heard", strip.heard_ms);
}

let pass: Promise<boolean> | null = null;

/** One pass; asked again while it runs, the same one. Its failure is kept for the strip and /sync. */
export function syncNow(): Promise<boolean> {
  pass ??= run().finally(() => {
    pass = null;
  });
  return pass;
}

async function run(): Promise<boolean> {
  strip.running = true;
  try {
    await call("sync");
    strip.last = "ok";
    strip.wrong = "";
    heard();
    return true;
  } catch (error) {
    if (code(error) !== "busy") {
      strip.last = code(error) || "failed";
      strip.wrong = words(error);
    }
    return false;
  } finally {
    strip.running = false;
    await refreshStrip();
  }
}

/** After something was handed over, or the network came back: quietly, when there is a network. */
export function syncQuietly() {
  if (strip.online) void syncNow();
}

const AGAIN_MS = 60_000;
let watching = false;

/** From the first opening of the vault on. */
export function watchNetwork() {
  void refreshStrip();
  syncQuietly();
  if (watching) return;
  watching = true;
  window.addEventListener("offline", () => {
    strip.online = false;
  });
  window.addEventListener("online", () => {
    strip.online = true;
    syncQuietly();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void refreshStrip();
  });
  window.setInterval(() => {
    if (strip.waiting > 0) syncQuietly();
  }, AGAIN_MS);
}

// What the office's QR says: `zhicha://enrol?server=…&code=…&ca=…`.
import { onAndroid } from "./phone";

export interface Ticket {
  server: string;
  code: string;
  /** SHA-256 of the server's certificate, lower-case hex; empty when the QR names none. */
  ca: string;
}

export function readTicket(text: string): Ticket | null {
  const [head, query] = text.trim().split("?", 2);
  if (head !== "zhicha://enrol" || !query) return null;
  const said = new URLSearchParams(query);
  const ticket = {
    server: said.get("server") ?? "",
    code: said.get("code") ?? "",
    ca: plainHex(said.get("ca") ?? ""),
  };
  return ticket.server && ticket.code ? ticket : null;
}

/** A fingerprint without the spaces and colons people put into it. */
export const plainHex = (text: string) => text.replace(/[\s:]/g, "").toLowerCase();

export const canScan = onAndroid;

/** How long the camera looks for a QR before it gives up by itself. */
const LOOKS_MS = 60_000;

/** Ends a scan that is under way; what it had not seen is not seen. */
export const unscan = { now: () => {} };

/**
 * The text of a QR seen by the camera; `null` when the camera is declined, empty when nothing was seen.
 *
 * The picture lies behind the page, so that the page's own button to give up stays in reach: a reader
 * that fails in the system is only logged there and never answers.
 */
export async function scanned(): Promise<string | null> {
  const camera = await import("@tauri-apps/plugin-barcode-scanner");
  let allowed = await camera.checkPermissions();
  if (allowed !== "granted") allowed = await camera.requestPermissions();
  if (allowed !== "granted") return null;
  let timer = 0;
  const given = new Promise<string>((done) => {
    unscan.now = () => done("");
    timer = window.setTimeout(unscan.now, LOOKS_MS);
  });
  document.documentElement.classList.add("scanning");
  try {
    const seen = camera.scan({ windowed: true, formats: [camera.Format.QRCode] });
    return await Promise.race([seen.then((found) => found.content), given]);
  } finally {
    window.clearTimeout(timer);
    document.documentElement.classList.remove("scanning");
    camera.cancel().catch(() => {});
  }
}

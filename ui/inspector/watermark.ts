// The watermark: at most five lines over a picture, from what the record knows; no inspector's name.
import { minute } from "@shared/format";
import type { Fix, PhotoFact } from "./phone";

type Say = (key: string, named?: Record<string, unknown>) => string;

export interface Marked {
  fact: PhotoFact;
  place: string;
  site: string;
  number: string;
}

/** The first eight digits of a hash as people read them: `7C21 9F3A`. */
export function hash8(sha256: string): string {
  const head = sha256.slice(0, 8).toUpperCase();
  return `${head.slice(0, 4)} ${head.slice(4)}`;
}

/** `49.59780, 117.37850`: five decimals are about a metre, more would claim too much. */
export const degrees = (fix: Fix) => `${fix.lat.toFixed(5)}, ${fix.lon.toFixed(5)}`;

/** The place a picture has: the phone's own, or else the one its file states. */
export function placeOf(fact: PhotoFact): { fix: Fix; exif: boolean } | null {
  if (fact.fix) return { fix: fact.fix, exif: false };
  return fact.exif_fix ? { fix: fact.exif_fix, exif: true } : null;
}

/** EXIF writes its dates with colons: `2026:03:05 14:05:12`. */
const exifTime = (text: string) => text.replace(/^(\d{4}):(\d\d):(\d\d)/, "$1-$2-$3");

/** When it was taken, and how far that is known. */
export function timeWords(fact: PhotoFact, t: Say): string {
  if (fact.taken) {
    const off = fact.taken.server_off_ms;
    const text = minute(fact.taken.ms + (off ?? 0));
    return t(off === undefined ? "mark.unchecked" : "mark.checked", { time: text });
  }
  if (fact.exif_taken) return t("mark.exifTime", { time: exifTime(fact.exif_taken) });
  return t("mark.noTime");
}

/** Coordinates, datum and accuracy, each a piece that is not broken across lines. */
export function fixWords(fix: Fix, t: Say): string[] {
  const parts = [degrees(fix), fix.datum];
  if (fix.acc_m !== undefined) parts.push(t("fix.accuracy", { m: Math.round(fix.acc_m) }));
  if (fix.simulated) parts.push(t("fix.simulated"));
  return parts;
}

export function watermark({ fact, place, site, number }: Marked, t: Say): string[] {
  const at = placeOf(fact);
  const where = at
    ? [...fixWords(at.fix, t), ...(at.exif ? [t("mark.exif")] : [])].join(" · ")
    : t("fix.none");
  const verify = t("mark.verify", { code: hash8(fact.original.sha256) });
  return [timeWords(fact, t), place, where, site, number ? `${number} · ${verify}` : verify].filter(
    (line) => line !== "",
  );
}

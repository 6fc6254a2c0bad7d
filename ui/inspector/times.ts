// Times in words: with a date unless they are today's, and how long ago.
import { minute } from "@shared/format";

type Say = (key: string, named?: Record<string, unknown>) => string;

const withSeconds = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** `14:05:12` when it was today, else `03-05 14:05`. */
export function clock(ms: number, now = Date.now()): string {
  return minute(ms).slice(0, 10) === minute(now).slice(0, 10)
    ? withSeconds.format(ms)
    : minute(ms).slice(5);
}

/** `14:05` when it was today, else `03-05 14:05`. */
export function short(ms: number, now = Date.now()): string {
  const whole = minute(ms);
  return whole.slice(0, 10) === minute(now).slice(0, 10) ? whole.slice(11) : whole.slice(5);
}

/** 6 分钟前 */
export function ago(ms: number, t: Say, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - ms) / 60_000));
  if (minutes < 1) return t("ago.now");
  if (minutes < 60) return t("ago.minutes", { n: minutes });
  if (minutes < 48 * 60) return t("ago.hours", { n: Math.floor(minutes / 60) });
  return t("ago.days", { n: Math.floor(minutes / 1440) });
}

/** 3月5日 周四 */
export function dayWords(at: number | string, locale: string): string {
  const when = typeof at === "string" ? Date.parse(`${at}T12:00:00+08:00`) : at;
  if (Number.isNaN(when)) return String(at);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "zh-CN", {
      timeZone: "Asia/Shanghai",
      ...options,
    }).format(when);
  return `${part({ month: locale === "en" ? "short" : "long", day: "numeric" })} ${part({ weekday: "short" })}`;
}

/** Today's date where the city is, `2026-03-05`: China has one zone, and the phone may stand in another. */
export function cityDate(now_ms = Date.now()): string {
  return new Date(now_ms + 8 * 3_600_000).toISOString().slice(0, 10);
}

// Times as the office prints them: the city's zone (UTC+8), whatever zone the browser is in.

const parts = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** Milliseconds since 1970 UTC → `2026-03-05 14:05`; an empty text for none. */
export function minute(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "" : parts.format(ms);
}

/** Milliseconds since 1970 UTC → `2026-03-05`. */
export function day(ms: number): string {
  return minute(ms).slice(0, 10);
}

/** Bytes → `4.1 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1e6) return `${Math.round(n / 1000)} kB`;
  return `${(n / 1e6).toFixed(1)} MB`;
}

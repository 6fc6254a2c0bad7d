// The colours' contrast, reckoned from the tokens by the WCAG 2.2 formula.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../shared/tokens.css"), "utf8");

function tokens(selector: string): Record<string, string> {
  const block = css.split(`${selector} {`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]),
  );
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const light = tokens(":root");
const themes: [string, Record<string, string>][] = [
  ["light", light],
  ["dark", { ...light, ...tokens(":root.dark") }],
  ["glare", { ...light, ...tokens(":root.glare") }],
];
const FAMILIES = ["primary", "ok", "warn", "bad", "mute", "violet", "teal"];

describe.each(themes)("%s", (_, t) => {
  test("text can be read on every surface", () => {
    for (const surface of ["page", "surface", "sunken"]) {
      expect(contrast(t["text-1"], t[surface])).toBeGreaterThanOrEqual(7);
      for (const text of ["text-2", "text-3", ...FAMILIES]) {
        expect(contrast(t[text], t[surface]), `${text} on ${surface}`).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(t.control, t[surface])).toBeGreaterThanOrEqual(3);
    }
  });

  test("chips can be read on their tints, labels on their colours", () => {
    for (const family of FAMILIES) {
      expect(contrast(t[family], t[`${family}-tint`]), family).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(t["on-primary"], t.primary)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(t["on-bad"], t.bad)).toBeGreaterThanOrEqual(4.5);
  });
});

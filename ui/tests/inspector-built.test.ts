// What is built asks nothing of any other origin, and the phone's first load stays small.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const dist = join(import.meta.dirname, "../dist");

/** Addresses that stand in built files and are never asked: each with its reason. */
const HARMLESS = [
  // Names of XML vocabularies, made into elements by Vue.
  /^http:\/\/www\.w3\.org\/(2000\/svg|1999\/xlink|1998\/Math\/MathML)$/,
  // Where Vue and Element Plus explain a misuse in words.
  /^https:\/\/vuejs\.org\/error-reference\//,
  /^https:\/\/element-plus\.org\/en-US\/component\//,
  // Pictures of the vault: this app's own scheme where a web view knows it only as a host.
  /^http:\/\/photo\.localhost$/,
  // A field's placeholder.
  /^https:\/\/$/,
];

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|css|html)$/.test(name),
  );
}

describe.each(["inspector", "console"])("%s", (which) => {
  const folder = join(dist, which);
  test.skipIf(!existsSync(join(folder, "index.html")))("holds no foreign address", () => {
    const foreign = files(folder).flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const found = [
        ...text.matchAll(/https?:\/\/[A-Za-z0-9._~:/?#@!$&*+,;=%-]*/g),
        ...text.matchAll(/url\(["']?(\/\/[^)]+)\)/g),
      ].map((m) => m[0]);
      return found
        .filter((url) => !HARMLESS.some((ok) => ok.test(url)))
        .map((url) => `${name}: ${url}`);
    });
    expect([...new Set(foreign)]).toEqual([]);
  });
});

test.skipIf(!existsSync(join(dist, "inspector/index.html")))(
  "all of the phone's pages together are under 250 kB",
  () => {
    const folder = join(dist, "inspector");
    const all = files(folder).reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length,
      0,
    );
    expect(all).toBeLessThan(250_000);
  },
);

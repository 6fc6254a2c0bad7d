// Both languages whole: no key missing in one, none that nothing asks for, none asked for in vain.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import consoleEn from "../console/locales/en.json";
import consoleZh from "../console/locales/zh.json";
import inspectorEn from "../inspector/locales/en.json";
import inspectorZh from "../inspector/locales/zh.json";

type Tree = { [key: string]: string | Tree };

function keys(tree: Tree, at = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [at + key] : keys(value, `${at}${key}.`),
  );
}

function sources(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) =>
      statSync(path).isDirectory()
        ? sources(path)
        : /\.(vue|ts)$/.test(path)
          ? readFileSync(path, "utf8")
          : "",
    )
    .join("\n");
}

const flat = (tree: Tree): string[] =>
  Object.values(tree).flatMap((v) => (typeof v === "string" ? [v] : flat(v)));

const root = join(import.meta.dirname, "..");
const products: [string, Tree, Tree, RegExp, string[]][] = [
  ["console", consoleZh, consoleEn, /^(WGS|J|K|Z|T|U|Excel)$/, []],
  ["inspector", inspectorZh, inspectorEn, /^(WGS|PIN)$/, ["轨迹地图", "考勤"]],
];

describe.each(products)("locales of the %s", (which, zh, en, latin, never) => {
  const code = sources(join(root, which)) + sources(join(root, "shared"));
  /** What is asked for whole, and what is asked for by a beginning (`state.${…}`). */
  const whole = new Set(
    [...code.matchAll(/["'`]([a-z]+(?:\.[A-Za-z_]+)+|[a-z][A-Za-z]+)["'`]/g)].map((m) => m[1]),
  );
  const begun = [...code.matchAll(/`([a-z]+\.(?:[a-z]+_)?)\$\{/g)].map((m) => m[1]);

  test("both have the same keys", () => {
    expect(keys(en).sort()).toEqual(keys(zh).sort());
  });

  test("both name the same things in a text", () => {
    const named = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    const pairs = flat(zh).map((text, n) => [named(text), named(flat(en)[n])]);
    expect(pairs.filter(([a, b]) => a.join() !== b.join())).toEqual([]);
  });

  test("every key is asked for somewhere", () => {
    const idle = keys(zh).filter(
      (key) => !whole.has(key) && !begun.some((start) => key.startsWith(start)),
    );
    expect(idle).toEqual([]);
  });

  test("every key asked for is there", () => {
    const there = new Set(keys(zh));
    const asked = [...code.matchAll(/\bt\(\s*["']([^"']+)["']/g)].map((m) => m[1]);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !there.has(key))).toEqual([]);
  });

  test("labels are not mixed: Latin in Chinese only for names and units", () => {
    const mixed = flat(zh).flatMap((text) =>
      (text.replace(/\{\w+\}/g, "").match(/[A-Za-z]+/g) ?? []).filter((word) => !latin.test(word)),
    );
    expect(mixed).toEqual([]);
    expect(flat(en).filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([]);
  });

  test("words that are never used are not used", () => {
    const text = JSON.stringify(zh);
    const forbidden = ["打卡", "签到", "积分", "排行", "已上传", "已核验", "成功", "请勿", "！"];
    for (const word of [...forbidden, ...never]) expect(text).not.toContain(word);
  });
});

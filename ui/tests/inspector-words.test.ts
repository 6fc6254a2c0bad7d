// @vitest-environment happy-dom
// The watermark's lines, times in words, the quality of a position.
import { expect, test } from "vitest";
import { i18n } from "../inspector/i18n";
import { likely, withChosen } from "../inspector/likely";
import type { Fix } from "../inspector/phone";
import { quality } from "../inspector/position";
import { ago, cityDate, clock, dayWords } from "../inspector/times";
import { hash8, watermark } from "../inspector/watermark";
import { photo } from "./inspector.help";

const t = i18n.global.t as (key: string, named?: Record<string, unknown>) => string;
const fix: Fix = {
  lat: 49.5978123,
  lon: 117.3785,
  acc_m: 8,
  datum: "WGS-84",
  provider: "gps",
  age_ms: 0,
  simulated: false,
};
const about = { place: "南门东侧15米", site: "道北市场", number: "临-A7-0305-03" };
const noon = 1_772_690_712_000;

test("five lines: time, place, position, site, number with check value; no name", () => {
  const fact = photo("p", { taken: { ms: noon, off_min: 480 }, fix });
  expect(watermark({ fact, ...about }, t)).toEqual([
    "2026-03-05 14:05（时间未与服务器校对）",
    "南门东侧15米",
    "49.59781, 117.37850 · WGS-84 · ±8 米",
    "道北市场",
    "临-A7-0305-03 · 校验 7C21 9F3A",
  ]);
});

test("it claims no more than is known", () => {
  const [time, where] = watermark(
    { fact: photo("p", { exif_taken: "2026:03:05 14:05:12" }), ...about, place: "" },
    t,
  );
  expect(time).toBe("2026-03-05 14:05:12（照片自带，未核对）");
  expect(where).toBe("未取得位置");
  const checked = photo("p", { taken: { ms: noon, off_min: 480, server_off_ms: 60_000 }, fix });
  expect(watermark({ fact: checked, ...about }, t)[0]).toBe("2026-03-05 14:06（已与服务器校对）");
  const fake = photo("p", { exif_fix: { ...fix, simulated: true } });
  expect(watermark({ fact: fake, ...about }, t)[2]).toContain("检测到模拟定位 · 照片自带");
});

test("a hash is read by its first eight digits", () => {
  expect(hash8("7c219f3abbbb")).toBe("7C21 9F3A");
});

test("over 30 metres, or without a radius, a position is weak", () => {
  expect(quality(fix)).toBe("good");
  expect(quality({ ...fix, acc_m: 46 })).toBe("poor");
  expect(quality({ ...fix, acc_m: undefined })).toBe("poor");
  expect(quality(null)).toBe("none");
});

test("times carry a date when not today, and say how long ago", () => {
  expect(clock(noon, noon + 1000)).toBe("14:05:12");
  expect(clock(noon, noon + 86_400_000)).toBe("03-05 14:05");
  expect(ago(noon, t, noon + 6 * 60_000)).toBe("6 分钟前");
  expect(dayWords("2026-03-05", "zh")).toBe("3月5日 周四");
});

test("five likely categories, the item's first; a chosen one takes the last place", () => {
  expect(likely("D05")).toEqual(["D05", "B01", "B03", "A01", "C01"]);
  expect(withChosen(likely(""), "H08")).toEqual(["B01", "B03", "A01", "C01", "H08"]);
  expect(withChosen(likely(""), "B03")).toEqual(likely(""));
});

test("the date is the city's, wherever the phone's clock stands", () => {
  expect(cityDate(Date.UTC(2026, 2, 4, 15, 59))).toBe("2026-03-04");
  expect(cityDate(Date.UTC(2026, 2, 4, 16, 0))).toBe("2026-03-05");
});

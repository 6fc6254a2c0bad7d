// @vitest-environment happy-dom
// What was left when the app ended is offered back by what it holds; nothing reopens by itself.
import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import Recovery from "../inspector/parts/Recovery.vue";
import { answering, draftRow, photo, show } from "./inspector.help";

const drafts = () => [
  { ...draftRow("old", { note: "旧的" }), changed_ms: 1 },
  {
    ...draftRow("d1", { category: "B01", note: "占道3米", visit: "v1" }),
    photos: [photo("p1"), photo("p2", { shot: "wide" })],
  },
];
const open = (rows = drafts()) =>
  show(Recovery, "/today", { props: { drafts: rows, sites: { v1: "道北市场" } } } as never);

beforeEach(() => {
  localStorage.clear();
  answering({});
});
afterEach(() => {
  document.body.innerHTML = "";
});

test("it tells photos, site, category, words and time, the latest first", async () => {
  const { by } = await open();
  const text = by("recovery-dialog").text();
  for (const word of ["2 张", "道北市场", "店外经营/占道经营（已选）", "占道3米", "2026-03-05"]) {
    expect(text).toContain(word);
  }
  expect(text).toContain("共 2 条未完成");
});

test("恢复并继续 opens that draft", async () => {
  const { by, router } = await open();
  await by("recovery-resume").trigger("click");
  await flushPromises();
  expect(router.currentRoute.value.path).toBe("/capture/d1");
});

test("Esc puts them aside, and they are offered again only when touched since", async () => {
  const { by } = await open();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  await flushPromises();
  expect(by("recovery-dialog").exists()).toBe(false);
  expect((await open()).by("recovery-dialog").exists()).toBe(false);
  const touched = drafts();
  touched[1].changed_ms += 1;
  expect((await open(touched)).by("recovery-dialog").exists()).toBe(true);
});

test("the focus stays inside", async () => {
  const { by } = await open();
  const box = by("recovery-dialog").element;
  const buttons = [...box.querySelectorAll("button")];
  buttons.at(-1)?.focus();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Tab", cancelable: true }));
  expect(document.activeElement).toBe(buttons[0]);
});

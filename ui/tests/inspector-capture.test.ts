// @vitest-environment happy-dom
// Recording a problem: everything typed is on disk, in order, and a failure loses nothing.
import { flushPromises } from "@vue/test-utils";
import { afterEach, expect, test } from "vitest";
import { begin } from "../inspector/capture";
import Capture from "../inspector/pages/Capture.vue";
import { hush, said } from "../inspector/said";
import { type Answers, answering, draftRow, photo, refuse, show } from "./inspector.help";

const row = () => ({ ...draftRow("d1"), photos: [photo("p1")] });
const capture = async (answers: Answers) => {
  const asked = answering({ draft: row, sync: () => ({}), ...answers });
  const page = await show(Capture, "/capture/d1");
  return { asked, ...page };
};
const stored = (asked: { name: string; args: Record<string, unknown> }[]) =>
  asked
    .filter((a) => a.name === "problem_change")
    .map((a) => a.args.draft as { note: string; category: string; class: string });

afterEach(() => {
  document.body.innerHTML = "";
  hush();
});

test("every change is stored, one after the other", async () => {
  let running = 0;
  const { asked, by } = await capture({
    problem_change: async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((done) => setTimeout(done, 5));
      running -= 1;
      return null;
    },
    problem_hand_over: () => ({ temp_no: "临-A7-0305-03" }),
  });
  for (const text of ["占", "占道", "占道3米"]) await by("capture-note").setValue(text);
  await by("category-B01").trigger("click");
  await by("capture-done").trigger("click");
  await new Promise((done) => setTimeout(done, 60));
  await flushPromises();
  expect(stored(asked).map((d) => d.note)).toEqual(["占", "占道", "占道3米", "占道3米"]);
  expect(stored(asked).at(-1)).toMatchObject({ category: "B01", class: "L0" });
  const order = asked.map((a) => a.name).filter((n) => n.startsWith("problem_"));
  expect(order.at(-1)).toBe("problem_hand_over");
  expect(said.text).toBe("已记下第 3 个问题 · 临-A7-0305-03");
});

test("what is missing is named, and the draft stays as it was typed", async () => {
  const { by, router } = await capture({
    problem_change: () => null,
    problem_hand_over: () => refuse("still_missing", "已存草稿，还差：类别"),
  });
  await by("capture-note").setValue("占道3米");
  expect(by("capture-done").attributes("disabled")).toBeUndefined();
  await by("capture-done").trigger("click");
  await flushPromises();
  expect(by("capture-wrong").text()).toBe("已存草稿，还差：类别");
  expect((by("capture-note").element as HTMLTextAreaElement).value).toBe("占道3米");
  expect(router.currentRoute.value.path).toBe("/capture/d1");
});

test("a change that could not be stored is said, and tried again before handing over", async () => {
  let full = true;
  const { asked, by } = await capture({
    problem_change: () => (full ? refuse("disk_full", "空间不足") : null),
    problem_hand_over: () => ({ temp_no: "临-A7-0305-01" }),
  });
  await by("capture-note").setValue("占道");
  await flushPromises();
  expect(by("capture-unstored").text()).toContain("空间不足");
  await by("capture-done").trigger("click");
  await flushPromises();
  expect(asked.some((a) => a.name === "problem_hand_over")).toBe(false);
  full = false;
  await by("capture-done").trigger("click");
  await flushPromises();
  expect(asked.some((a) => a.name === "problem_hand_over")).toBe(true);
  expect(stored(asked).at(-1)?.note).toBe("占道");
});

test("a photo that failed can be kept as an attachment", async () => {
  let kept = false;
  const { asked, by } = await capture({
    photo_open: () => "k",
    photo_part: () => 1,
    photo_close: (args) => {
      kept = args.keepAsAttachment as boolean;
      return kept ? "p2" : refuse("needs_attachment", "不能预览，可以按附件原样保留");
    },
  });
  const input = by("photo-wide");
  expect(input.attributes("accept")).toBe("image/*");
  expect(input.attributes("capture")).toBeDefined();
  const file = new File([new Uint8Array([1, 2, 3])], "a.heic");
  Object.defineProperty(input.element, "files", { value: [file] });
  await input.trigger("change");
  await expect.poll(() => by("keep-attachment").exists()).toBe(true);
  await by("keep-attachment").trigger("click");
  await expect.poll(() => kept).toBe(true);
  const close = asked.filter((a) => a.name === "photo_close").at(-1);
  expect(close?.args).toMatchObject({ problem: "d1", shot: "wide", fix: null });
});

test("without a position the place is asked for in words, and nothing is blocked", async () => {
  const { by } = await capture({});
  expect(by("capture-fix").text()).toContain("没取得位置，请写清具体地点");
});

test("a draft left untouched is taken again; one with content never", async () => {
  const asked = answering({
    drafts: () => [{ ...draftRow("full"), photos: [photo("p1")] }, draftRow("free")],
    problem_begin: () => "new",
  });
  expect(await begin({})).toBe("free");
  expect(await begin({ visit: "v1" })).toBe("new");
  expect(asked.filter((a) => a.name === "problem_begin")).toHaveLength(1);
});

// @vitest-environment happy-dom
// The list grows page by page, never holds more than forty rows, and an old answer never wins.
import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import Problems from "../inspector/pages/Problems.vue";
import { problemPages } from "../inspector/problems";
import { answering, problemRow, refuse, show } from "./inspector.help";

const page = (from: number) => Array.from({ length: 40 }, (_, n) => problemRow(from + n));
const next = (args: Record<string, unknown>) => {
  const after = args.after as { problem: string } | null;
  return after ? Number(after.problem.slice(1)) + 1 : 0;
};

beforeEach(() => {
  // A window so tall that every row of the first page would be seen.
  Object.defineProperty(HTMLElement.prototype, "clientHeight", {
    configurable: true,
    get(this: HTMLElement) {
      return this.classList.contains("body") ? 9000 : 0;
    },
  });
});
afterEach(() => {
  document.body.innerHTML = "";
});

test("the next page begins where the last one ended", async () => {
  const asked = answering({ problems: (args) => page(next(args)) });
  const { rows, more, read } = problemPages();
  await read("", false, []);
  await read("", false, rows.value);
  expect(rows.value.map((r) => r.problem)).toEqual(
    page(0)
      .concat(page(40))
      .map((r) => r.problem),
  );
  expect(more.value).toBe(true);
  expect(asked[1].args.after).toEqual({ changed_ms: rows.value[39].changed_ms, problem: "q39" });
});

test("at most forty rows stand in the page", async () => {
  answering({ problems: (args) => page(next(args)) });
  const { wrapper } = await show(Problems, "/problems");
  await flushPromises();
  const rows = wrapper.findAll('[data-testid="problem-row"]');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThanOrEqual(40);
});

test("an answer to an earlier question is dropped", async () => {
  const late: (() => void)[] = [];
  answering({
    problems: async (args) => {
      if (args.words === "灯") return [problemRow(7)];
      await new Promise<void>((done) => late.push(done));
      return page(0);
    },
  });
  const { rows, read } = problemPages();
  const first = read("", false, []);
  await flushPromises();
  await read("灯", false, []);
  late[0]();
  await first;
  expect(rows.value.map((r) => r.problem)).toEqual(["q7"]);
});

test("nothing found names what was asked; a failure keeps 重试", async () => {
  let broken = true;
  answering({ problems: () => (broken ? refuse("failed", "坏了") : []) });
  const { wrapper, by } = await show(Problems, "/problems");
  expect(wrapper.text()).toContain("问题没读出来，记录仍在本机");
  broken = false;
  await by("retry").trigger("click");
  await flushPromises();
  expect(wrapper.text()).toContain("还没有问题");
  await by("problems-q").setValue("灯");
  await flushPromises();
  expect(wrapper.text()).toContain("没找到「灯」。可换编号、点位或类别");
});

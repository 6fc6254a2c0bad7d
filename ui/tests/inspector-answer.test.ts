// @vitest-environment happy-dom
// One item's answer by each of the five scales.
import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { i18n } from "../inspector/i18n";
import { isBad } from "../inspector/outcomes";
import Answer from "../inspector/parts/Answer.vue";
import type { Item, Outcome } from "../inspector/phone";

function answer(scale: Item["scale"], outcome: Outcome | null = null) {
  const item: Item = {
    code: "X-01",
    group: "设施",
    content: "排水设施",
    standard: "≥2处",
    method: "观察",
    scale,
    category: "D04",
    not_counted: "",
    outcome,
  };
  const wrapper = mount(Answer, { props: { item }, global: { plugins: [i18n] } });
  const press = async (id: string) => {
    await wrapper.find(`[data-testid="answer-X-01-${id}"]`).trigger("click");
    return wrapper.emitted("answer")?.at(-1)?.[0];
  };
  return { wrapper, press };
}

test("three grades, each by its own button", async () => {
  const { press } = answer("G3");
  for (const grade of ["compliant", "mostly", "non_compliant"]) {
    expect(await press(grade)).toEqual({ is: "grade", grade });
  }
});

test("yes and no", async () => {
  const { press } = answer("O");
  expect(await press("true")).toEqual({ is: "yes_no", ok: true });
  expect(await press("false")).toEqual({ is: "yes_no", ok: false });
});

test("a quantity is counted up and never below nothing", async () => {
  expect(await answer("Q", { is: "quantity", found: 2 }).press("more")).toEqual({
    is: "quantity",
    found: 3,
  });
  expect(await answer("Q").press("less")).toEqual({ is: "quantity", found: 0 });
});

test("a ratio keeps what passed apart from what did not, and can be taken back", async () => {
  const { press } = answer("R", { is: "ratio", passed: 7, sampled: 8 });
  expect(await press("good-more")).toEqual({ is: "ratio", passed: 8, sampled: 9 });
  expect(await press("bad-more")).toEqual({ is: "ratio", passed: 7, sampled: 9 });
  expect(await press("bad-less")).toEqual({ is: "ratio", passed: 7, sampled: 7 });
});

test("places of a defect: none, or one more", async () => {
  const { press } = answer("C");
  expect(await press("zero")).toEqual({ is: "count", count: 0 });
  expect(await press("more")).toEqual({ is: "count", count: 1 });
});

test("any scale can be not applicable, and untouched is 未观察", async () => {
  for (const scale of ["G3", "O", "Q", "R", "C"] as const) {
    const { wrapper, press } = answer(scale);
    expect(wrapper.find('[data-testid="state-X-01"]').text()).toBe("未观察（不算符合）");
    expect(wrapper.find('[aria-pressed="true"]').exists()).toBe(false);
    expect(await press("na")).toEqual({ is: "not_applicable" });
  }
});

test("a defect offers to log it, compliance does not", () => {
  const has = (scale: Item["scale"], outcome: Outcome) =>
    answer(scale, outcome).wrapper.find('[data-testid="log-X-01"]').exists();
  expect(has("O", { is: "yes_no", ok: false })).toBe(true);
  expect(has("C", { is: "count", count: 1 })).toBe(true);
  expect(has("R", { is: "ratio", passed: 1, sampled: 2 })).toBe(true);
  expect(has("O", { is: "yes_no", ok: true })).toBe(false);
  expect(has("C", { is: "count", count: 0 })).toBe(false);
  expect(isBad({ is: "unobserved" })).toBe(false);
});

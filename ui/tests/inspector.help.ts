// What the tests of the phone's window share: commands answered by the test, a page mounted as the
// window mounts it.
import { mockIPC } from "@tauri-apps/api/mocks";
import { type ComponentMountingOptions, flushPromises, mount } from "@vue/test-utils";
import type { Component } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";
import { i18n } from "../inspector/i18n";
import type { DraftRow, PhotoFact, ProblemRow, RecordSync } from "../inspector/phone";

type Args = Record<string, unknown>;
export type Answers = Record<string, (args: Args) => unknown>;

/** Answers commands; gives the list of those that were asked. */
export function answering(answers: Answers): { name: string; args: Args }[] {
  const asked: { name: string; args: Args }[] = [];
  mockIPC((name, args) => {
    asked.push({ name, args: JSON.parse(JSON.stringify(args ?? {})) });
    if (name in answers) return answers[name]((args ?? {}) as Args);
    if (name === "strip") return { stored_ms: null, waiting: 0, drafts: 0 };
    if (name === "catalog") return CATALOG;
    throw { code: "failed", zh: `没有 ${name}`, en: `no ${name}` };
  });
  return asked;
}

export function refuse(code: string, zh: string, en = zh): never {
  throw { code, zh, en };
}

export async function show(
  page: Component,
  path = "/",
  options: ComponentMountingOptions<never> = {},
) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/capture/:problem", component: page },
      { path: "/problems/:problem", component: page },
      { path: "/:any(.*)*", component: page },
    ],
  });
  await router.push(path);
  const wrapper = mount(page, {
    attachTo: document.body,
    global: { plugins: [i18n, router] },
    ...options,
  } as never);
  await flushPromises();
  const by = (id: string) => wrapper.find(`[data-testid="${id}"]`);
  return { wrapper, router, by };
}

const category = (code: string, zh: string, deadline_class = "L0") => ({
  code,
  zh,
  group: "市容秩序",
  deadline_class,
});
const CATALOG = {
  categories: [
    category("B01", "店外经营/占道经营"),
    category("B03", "乱堆乱放(物料/杂物)", "L1"),
    category("D05", "路灯缺失/不亮", "L2"),
  ],
  classes: [{ code: "L0", zh: "立行立改" }],
};

const file = (sha256: string) => ({ sha256, len: 1000, mime: "image/jpeg" });

export function photo(id: string, over: Partial<PhotoFact> = {}): PhotoFact {
  return {
    photo: id,
    shot: "near",
    origin: "import",
    original: file("7c219f3a".padEnd(64, "0")),
    preview: file("1".repeat(64)),
    ...over,
  };
}

export function draftRow(problem: string, over: Partial<DraftRow["draft"]> = {}): DraftRow {
  return {
    problem,
    draft: {
      category: "",
      note: "",
      place: "",
      item: "",
      visit: null,
      site: null,
      severity: "normal",
      class: "",
      missing_shot: "",
      ...over,
    },
    changed_ms: 1_772_690_712_000,
    photos: [],
  };
}

export function sync(over: Partial<RecordSync> = {}): RecordSync {
  return {
    synced: false,
    stage: "queued",
    photos_confirmed: 0,
    photos: 2,
    only_originals_wait: false,
    ...over,
  };
}

export function problemRow(n: number): ProblemRow {
  return {
    problem: `q${n}`,
    temp_no: `临-A7-0305-${n}`,
    no: "",
    state: "submitted",
    reason: "",
    category: "B01",
    place: "道北市场",
    note: "",
    changed_ms: 1_772_690_712_000 - n,
    photo: null,
    sync: sync(),
  };
}

// @vitest-environment happy-dom
// Honest words: 已同步 only when the server has confirmed all of it.
import { flushPromises, mount } from "@vue/test-utils";
import { beforeEach, expect, test } from "vitest";
import { i18n } from "../inspector/i18n";
import Sync from "../inspector/pages/Sync.vue";
import SyncWord from "../inspector/parts/SyncWord.vue";
import type { Ledger, RecordSync } from "../inspector/phone";
import { network, strip, syncNow } from "../inspector/strip";
import { answering, refuse, show, sync } from "./inspector.help";

const said = (over: Partial<RecordSync>) =>
  mount(SyncWord, { props: { sync: sync(over) }, global: { plugins: [i18n] } }).text();

beforeEach(() => {
  Object.assign(strip, { last: "", wrong: "", running: false, online: true });
});

test("已同步 is said of what is synced and of nothing else", () => {
  const stages = [
    "local",
    "queued",
    "sending",
    "sent",
    "confirmed",
    "mismatch",
    "failed",
    "refused",
  ];
  for (const stage of stages) {
    expect(said({ stage }), stage).not.toContain("已同步");
    expect(said({ stage, only_originals_wait: true }), stage).not.toContain("已同步");
  }
  expect(said({ stage: "confirmed", synced: true, photos_confirmed: 2 })).toContain("已同步");
});

test("a confirmed text with a photo on its way still waits", () => {
  expect(said({ stage: "confirmed", photos_confirmed: 1 })).toContain("等服务器核对");
});

const ledger = (over: Partial<Ledger> = {}): Ledger => ({
  records: 2,
  records_synced: 1,
  photos: 4,
  photos_confirmed: 3,
  ops_waiting: 1,
  bytes_waiting: 4_100_000,
  oldest_unsent_ms: 60_000,
  waiting: [
    {
      problem: "q1",
      temp_no: "临-A7-0305-01",
      no: "",
      text: "confirmed",
      sync: sync({ stage: "mismatch", photos_confirmed: 1 }),
      photos: [
        {
          photo: "p1",
          files: [{ rendition: "original", stage: "mismatch", sha256: "", bytes: 4_100_000 }],
        },
      ],
    },
  ],
  ...over,
});

test("records and photos are counted apart, and what is wrong stands on top", async () => {
  answering({ ledger: () => ledger() });
  const { wrapper, by } = await show(Sync);
  expect(by("sync-records").text()).toBe("1/2");
  expect(by("sync-photos").text()).toBe("3/4");
  expect(wrapper.text()).toContain("需要处理 1");
  expect(wrapper.text()).toContain("校验不一致，将自动重传，原图在本机");
  expect(by("sync-all").exists()).toBe(false);
});

test("nothing to send is said only when no step waits either", async () => {
  const done = { records_synced: 2, photos_confirmed: 4, bytes_waiting: 0, waiting: [] };
  answering({ ledger: () => ledger({ ...done, ops_waiting: 1 }) });
  expect((await show(Sync)).by("sync-all").exists()).toBe(false);
  answering({ ledger: () => ledger({ ...done, ops_waiting: 0 }) });
  expect((await show(Sync)).by("sync-all").text()).toContain("服务器已核对 4 张照片");
});

test("a failed pass is told on the page, with the state of the data", async () => {
  answering({ ledger: () => ledger(), sync: () => refuse("unreachable", "服务器没有回应") });
  const { by } = await show(Sync);
  await by("sync-now").trigger("click");
  await flushPromises();
  expect(by("sync-wrong").text()).toBe("同步失败：服务器没有回应。数据在本机，稍后自动再试");
  expect(network.value).toBe("unreachable");
});

test("one pass at a time, and one that runs elsewhere is no failure", async () => {
  const asked = answering({ sync: () => refuse("busy", "正在同步") });
  await Promise.all([syncNow(), syncNow()]);
  expect(asked.filter((a) => a.name === "sync")).toHaveLength(1);
  expect(strip.wrong).toBe("");
});

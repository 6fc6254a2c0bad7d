// @vitest-environment happy-dom
// Before the vault is open: the PIN, and binding without losing what was typed.
import { flushPromises } from "@vue/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import Enrol from "../inspector/pages/Enrol.vue";
import Unlock from "../inspector/pages/Unlock.vue";
import { readTicket } from "../inspector/ticket";
import { answering, refuse, show } from "./inspector.help";

afterEach(() => {
  document.body.innerHTML = "";
});

test("a wrong PIN is said and cleared; the keys stand in their order", async () => {
  const asked = answering({ unlock: () => refuse("wrong_pin", "PIN 不对，数据没有改动") });
  const { wrapper, by } = await show(Unlock);
  const keys = wrapper.findAll("[data-testid^=key-]").map((k) => k.attributes("data-testid"));
  expect(keys.slice(0, 9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `key-${n}`));
  expect(by("unlock-open").attributes("disabled")).toBeDefined();
  for (const n of "135790") await by(`key-${n}`).trigger("click");
  await wrapper.find("form").trigger("submit");
  await flushPromises();
  expect(asked.at(-1)).toEqual({ name: "unlock", args: { pin: "135790" } });
  expect(by("unlock-wrong").text()).toBe("PIN 不对，数据没有改动");
  expect((by("unlock-pin").element as HTMLInputElement).value).toBe("");
});

test("privacy is told before anything is sent, and no step loses what was typed", async () => {
  const asked = answering({
    fingerprint: () => "ab".repeat(32),
    enrol: () => refuse("bad_code", "绑定码不对，还可以试 4 次"),
  });
  const { wrapper, by } = await show(Enrol);
  expect(wrapper.findAll("ol li")).toHaveLength(6);
  expect(asked).toEqual([]);
  await by("enrol-address").setValue("https://a.example");
  await by("enrol-code").setValue("7k2m 9qxw");
  await wrapper.find("form").trigger("submit");
  await flushPromises();
  expect(by("enrol-fingerprint").text().replace(/\s/g, "")).toBe("AB".repeat(32));
  await by("enrol-pin").setValue("246802");
  await by("enrol-pin-again").setValue("246803");
  await wrapper.find("form").trigger("submit");
  expect(by("enrol-wrong").text()).toBe("两次输入的 PIN 不一样");
  await by("enrol-pin-again").setValue("246802");
  await wrapper.find("form").trigger("submit");
  await flushPromises();
  expect(by("enrol-wrong").text()).toContain("绑定码不对");
  expect(asked.at(-1)?.args.code).toBe("7K2M9QXW");
  await by("enrol-back").trigger("click");
  expect((by("enrol-code").element as HTMLInputElement).value).toBe("7k2m 9qxw");
});

test("a QR names server, code and fingerprint, or is none of ours", () => {
  expect(
    readTicket("zhicha://enrol?server=https%3A%2F%2Fa.example&code=7K2M9QXW&ca=AB:CD"),
  ).toEqual({ server: "https://a.example", code: "7K2M9QXW", ca: "abcd" });
  for (const text of ["", "https://a.example?server=x&code=y", "zhicha://enrol?code=7K2M9QXW"]) {
    expect(readTicket(text)).toBeNull();
  }
});

test("a scan that never answers can be given up, and what was typed is still there", async () => {
  const agent = vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Android");
  answering({
    "plugin:barcode-scanner|check_permissions": () => ({ camera: "granted" }),
    "plugin:barcode-scanner|scan": () => new Promise(() => {}),
    "plugin:barcode-scanner|cancel": () => null,
  });
  const { by } = await show(Enrol);
  await by("enrol-code").setValue("7k2m 9qxw");
  await by("enrol-scan").trigger("click");
  await vi.waitFor(() => by("enrol-unscan"));
  await vi.waitFor(() => expect(document.documentElement.className).toContain("scanning"));
  await by("enrol-unscan").trigger("click");
  await flushPromises();
  expect(document.documentElement.className).not.toContain("scanning");
  expect((by("enrol-code").element as HTMLInputElement).value).toBe("7k2m 9qxw");
  agent.mockRestore();
});

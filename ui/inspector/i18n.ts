import { createI18n } from "vue-i18n";
import en from "./locales/en.json";
import zh from "./locales/zh.json";

export type Locale = "zh" | "en";

const KEPT = "zhicha.locale";

export const i18n = createI18n({
  legacy: false,
  locale: localStorage.getItem(KEPT) === "en" ? "en" : "zh",
  fallbackLocale: "zh",
  messages: { zh, en },
});

export function setLocale(locale: Locale) {
  i18n.global.locale.value = locale;
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
}

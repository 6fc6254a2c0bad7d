import { createI18n } from "vue-i18n";
import { keep, kept } from "./kept";
import en from "./locales/en.json";
import zh from "./locales/zh.json";

export type Locale = "zh" | "en";

export const i18n = createI18n({
  legacy: false,
  locale: kept<Locale>("locale", "zh") === "en" ? "en" : "zh",
  fallbackLocale: "zh",
  messages: { zh, en },
});

export function setLocale(locale: Locale) {
  i18n.global.locale.value = locale;
  keep("locale", locale);
  showLocale();
}

/** Tells the browser which language the page is in, for its fonts and for screen readers. */
export function showLocale() {
  document.documentElement.lang = i18n.global.locale.value === "en" ? "en" : "zh-CN";
}

// How the screen looks on this phone: four text steps; light, dark, as the system, 强光.
import { computed, reactive, ref, watch, watchEffect } from "vue";
import { keep, kept } from "./kept";

export type Theme = "system" | "light" | "dark" | "glare";
export type Step = 0 | 1 | 2 | 3;

interface Display {
  step: Step;
  theme: Theme;
  /** The theme 强光 was switched on over. */
  before: Theme;
}

export const display = reactive<Display>({
  step: 0,
  theme: "system",
  before: "system",
  ...kept<Partial<Display>>("display", {}),
});
watch(display, (now) => keep("display", now));

const night = window.matchMedia?.("(prefers-color-scheme: dark)");
const systemDark = ref(night?.matches ?? false);
night?.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});

const dark = computed(
  () => display.theme === "dark" || (display.theme === "system" && systemDark.value),
);

/** Text steps as multiples of the standard size. */
export const SCALE = [1, 1.25, 1.5, 2] as const;
export const scale = computed(() => SCALE[display.step]);

export function toggleGlare() {
  if (display.theme === "glare") display.theme = display.before;
  else {
    display.before = display.theme;
    display.theme = "glare";
  }
}

/** Writes the choice on the root element, for as long as the window is open. */
export function applyDisplay() {
  watchEffect(() => {
    const root = document.documentElement;
    root.classList.toggle("dark", dark.value);
    root.classList.toggle("glare", display.theme === "glare");
    root.dataset.step = String(display.step);
  });
}

// How the screen looks on this phone: four text steps, light, dark, 强光.
import { reactive, watch } from "vue";

const KEPT = "zhicha.display";

interface Display {
  step: 0 | 1 | 2 | 3;
  theme: "light" | "dark" | "glare";
}

function kept(): Display {
  try {
    return { step: 0, theme: "light", ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return { step: 0, theme: "light" };
  }
}

export const display = reactive<Display>(kept());
watch(display, (now) => localStorage.setItem(KEPT, JSON.stringify(now)));

// What was just done, said once and politely, with 撤销 where it can be taken back.
import { reactive } from "vue";

interface Said {
  text: string;
  bad: boolean;
  undo?: () => void;
}

export const said = reactive<{ now: Said | null }>({ now: null });
let timer = 0;

export function say(text: string, options: { bad?: boolean; undo?: () => void } = {}) {
  said.now = { text, bad: options.bad ?? false, undo: options.undo };
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    said.now = null;
  }, 12_000);
}

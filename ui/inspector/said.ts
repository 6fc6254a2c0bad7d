// What was just stored or why not, said once and politely, with 撤销 where it can be taken back.
import { reactive } from "vue";

interface Said {
  text: string;
  undo: (() => void) | null;
}

export const said = reactive<Said>({ text: "", undo: null });
let timer = 0;

export function hush() {
  said.text = "";
  said.undo = null;
}

/**
 * What can be taken back stays ten seconds, and then until the next touch or key: a gloved hand is not
 * hurried. A mere word goes by itself.
 */
export function say(text: string, undo: (() => void) | null = null) {
  said.text = text;
  said.undo = undo;
  window.clearTimeout(timer);
  if (!undo) {
    timer = window.setTimeout(hush, 5_000);
    return;
  }
  timer = window.setTimeout(() => {
    const next = () => {
      window.removeEventListener("pointerdown", next);
      window.removeEventListener("keydown", next);
      if (said.text === text) hush();
    };
    window.addEventListener("pointerdown", next);
    window.addEventListener("keydown", next);
  }, 10_000);
}

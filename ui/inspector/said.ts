import { reactive } from "vue";

/** What was just stored or why not, said once and politely. */
export const said = reactive({ text: "" });
let timer = 0;

export function say(text: string) {
  said.text = text;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    said.text = "";
  }, 10_000);
}

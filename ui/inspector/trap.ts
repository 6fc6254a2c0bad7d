// A dialog keeps the focus while it is open and gives it back when it closes.
import { nextTick, onBeforeUnmount, type Ref, watch } from "vue";

const CAN_FOCUS =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

export function keepFocus(box: Ref<HTMLElement | null>, open: () => boolean, close: () => void) {
  let before: HTMLElement | null = null;
  const inside = () => [...(box.value?.querySelectorAll<HTMLElement>(CAN_FOCUS) ?? [])];

  function key(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
      return;
    }
    if (event.key !== "Tab") return;
    const all = inside();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const edge = event.shiftKey ? 0 : all.length - 1;
    if (at === -1 || at === edge) {
      event.preventDefault();
      all[event.shiftKey ? all.length - 1 : 0]?.focus();
    }
  }
  function back() {
    document.removeEventListener("keydown", key);
    before?.focus();
    before = null;
  }
  watch(
    open,
    async (now, was) => {
      if (now) {
        before = document.activeElement as HTMLElement | null;
        document.addEventListener("keydown", key);
        await nextTick();
        (box.value?.querySelector<HTMLElement>("[data-first]") ?? box.value)?.focus();
      } else if (was) back();
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    if (before) back();
  });
}

// Single letters as shortcuts: never while somebody types, composes Chinese or has a dialog open.
import { onBeforeUnmount, onMounted } from "vue";

export function useKeys(keys: Record<string, () => void>) {
  const listen = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target as HTMLElement;
    if (
      at.closest(
        "input:not([type=radio]):not([type=checkbox]), textarea, select, dialog, [role=dialog]",
      )
    )
      return;
    const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  onMounted(() => window.addEventListener("keydown", listen));
  onBeforeUnmount(() => window.removeEventListener("keydown", listen));
}

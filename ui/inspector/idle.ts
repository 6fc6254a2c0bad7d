// Fifteen minutes without a touch lock the phone, except while a problem is being recorded.
import { onBeforeUnmount, onMounted } from "vue";
import type { Router } from "vue-router";
import { call } from "./phone";

export const IDLE_MS = 15 * 60_000;

export async function lock(router: Router) {
  await call("lock");
  await router.replace("/unlock");
}

export function lockWhenIdle(router: Router) {
  let touched = Date.now();
  const touch = () => {
    touched = Date.now();
  };
  const look = () => {
    const meta = router.currentRoute.value.meta;
    if (meta.door || meta.awake) return touch();
    if (Date.now() - touched >= IDLE_MS) {
      touch();
      void lock(router);
    }
  };
  let timer = 0;
  onMounted(() => {
    for (const kind of ["pointerdown", "keydown", "wheel"]) window.addEventListener(kind, touch);
    document.addEventListener("visibilitychange", look);
    timer = window.setInterval(look, 15_000);
  });
  onBeforeUnmount(() => {
    for (const kind of ["pointerdown", "keydown", "wheel"]) window.removeEventListener(kind, touch);
    document.removeEventListener("visibilitychange", look);
    window.clearInterval(timer);
  });
}

// Who is signed in, and what he may open.
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { get, type Me, post, type Schemas, useSession, whenExpired } from "./api";

export const useMe = defineStore("me", () => {
  const me = ref<Me | null>(null);
  const expired = ref(false);

  function enter(who: Me) {
    me.value = who;
    expired.value = false;
    useSession(who.csrf);
  }

  whenExpired(() => {
    if (me.value) expired.value = true;
  });

  /** Whether a session is there, asked once at the start. */
  async function resume() {
    if (me.value) return true;
    try {
      enter((await get<Me>("/v1/me")).body);
      return true;
    } catch {
      return false;
    }
  }

  async function login(login: string, password: string) {
    enter(await post<Me>("/v1/login", { login, password } satisfies Schemas["Login"]));
  }

  async function logout() {
    await post("/v1/logout", {});
    me.value = null;
  }

  const preset = computed(() => me.value?.preset ?? "");
  const isReviewer = computed(() => preset.value === "reviewer");
  const isUnit = computed(() => preset.value === "unit");
  return { me, expired, preset, isReviewer, isUnit, resume, login, logout, enter };
});

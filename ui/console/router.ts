import { createRouter, createWebHashHistory } from "vue-router";
import { useMe } from "./session";

/** Which presets a page is for; a page somebody cannot open is not shown to him at all. */
declare module "vue-router" {
  interface RouteMeta {
    for?: string[];
    title?: string;
  }
}

export const router = createRouter({
  // The service serves files and routes of its own; the part after # never reaches it.
  history: createWebHashHistory(),
  routes: [
    {
      path: "/login",
      component: () => import("./pages/Login.vue"),
      meta: { title: "login.title" },
    },
    {
      path: "/overview",
      component: () => import("./pages/Overview.vue"),
      meta: { for: ["reviewer", "reader", "unit"], title: "nav.overview" },
    },
    {
      path: "/review/:problem?",
      component: () => import("./pages/Review.vue"),
      meta: { for: ["reviewer"], title: "nav.review" },
    },
    {
      path: "/problems/:problem",
      component: () => import("./pages/Problem.vue"),
      meta: { for: ["reviewer", "reader", "unit", "inspector"], title: "problem.title" },
    },
    {
      path: "/dispatch",
      component: () => import("./pages/Dispatch.vue"),
      meta: { for: ["reviewer"], title: "nav.dispatch" },
    },
    {
      path: "/ledger",
      component: () => import("./pages/Ledger.vue"),
      meta: { for: ["reviewer", "reader", "unit", "inspector"], title: "nav.ledger" },
    },
    {
      path: "/rounds",
      component: () => import("./pages/Rounds.vue"),
      meta: { for: ["reviewer"], title: "nav.rounds" },
    },
    {
      path: "/org",
      component: () => import("./pages/Org.vue"),
      meta: { for: ["admin"], title: "nav.org" },
    },
    { path: "/:any(.*)*", redirect: "/" },
    { path: "/", redirect: () => home(useMe().preset) },
  ],
});

/** Where somebody's work begins. */
export function home(preset: string): string {
  if (preset === "admin") return "/org";
  if (preset === "inspector") return "/ledger";
  return "/overview";
}

router.beforeEach(async (to) => {
  const me = useMe();
  const inside = await me.resume();
  if (to.path === "/login") return inside ? home(me.preset) : true;
  if (!inside) return { path: "/login", query: { next: to.fullPath } };
  if (to.meta.for && !to.meta.for.includes(me.preset)) return home(me.preset);
  return true;
});

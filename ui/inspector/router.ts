import { createRouter, createWebHashHistory } from "vue-router";
import { call } from "./phone";

// `door`: before the vault is open. `bare`: without the tabs. `awake`: not locked while idle.
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    {
      path: "/enrol",
      component: () => import("./pages/Enrol.vue"),
      meta: { bare: true, door: true },
    },
    {
      path: "/unlock",
      component: () => import("./pages/Unlock.vue"),
      meta: { bare: true, door: true },
    },
    { path: "/today", component: () => import("./pages/Today.vue") },
    { path: "/visits/:visit", component: () => import("./pages/Visit.vue"), meta: { bare: true } },
    {
      path: "/capture/:problem",
      component: () => import("./pages/Capture.vue"),
      meta: { bare: true, awake: true },
    },
    { path: "/problems", component: () => import("./pages/Problems.vue") },
    {
      path: "/problems/:problem",
      component: () => import("./pages/Problem.vue"),
      meta: { bare: true },
    },
    {
      path: "/photos/:problem/:photo",
      component: () => import("./pages/Photo.vue"),
      meta: { bare: true },
    },
    { path: "/sync", component: () => import("./pages/Sync.vue") },
    { path: "/me", component: () => import("./pages/Me.vue") },
    { path: "/:any(.*)*", redirect: "/today" },
  ],
});

router.beforeEach(async (to) => {
  const door = await call<{ enrolled: boolean; open: boolean }>("door");
  const wanted = door.open ? "" : door.enrolled ? "/unlock" : "/enrol";
  if (wanted) return to.path === wanted ? true : wanted;
  return to.meta.door ? "/today" : true;
});

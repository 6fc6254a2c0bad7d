import { resolve } from "node:path";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// Two products of one package: `--mode console` for the office's browser, `--mode inspector` for the
// phone's window. Neither asks anything of any other origin, so everything is built in.
export default defineConfig(({ mode }) => {
  const which = mode === "inspector" ? "inspector" : "console";
  return {
    root: resolve(import.meta.dirname, which),
    base: "./",
    plugins: [vue()],
    resolve: { alias: { "@shared": resolve(import.meta.dirname, "shared") } },
    define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false },
    build: {
      outDir: resolve(import.meta.dirname, "dist", which),
      emptyOutDir: true,
      target: ["es2022", "safari15"],
      // A picture or font as data: URL would need a wider policy than 'self'.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      proxy: {
        "/v1": { target: process.env.ZHICHA_SERVER ?? "https://127.0.0.1:8443", secure: false },
      },
    },
  };
});

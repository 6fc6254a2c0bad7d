import { resolve } from "node:path";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  resolve: { alias: { "@shared": resolve(import.meta.dirname, "shared") } },
  test: { include: ["tests/**/*.test.ts"] },
});

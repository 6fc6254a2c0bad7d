import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  resolve: { alias: { "@shared": resolve(import.meta.dirname, "shared") } },
  test: { include: ["tests/**/*.test.ts"] },
});

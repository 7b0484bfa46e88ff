import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{asm,src,guests,scripts,bench,conformance,fuzz}/**/*.test.{ts,tsx}"],
    // Tests of the core compile AssemblyScript first.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

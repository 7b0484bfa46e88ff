/** What is emitted for each shape of code; `vitest --update` writes the files anew. */
import { beforeAll, describe, expect, it } from "vitest";
import { SHAPES } from "./golden/shapes.ts";
import { regionText } from "./testing/capture.ts";
import { built, compiledCore } from "./testing/core.ts";

let core: WebAssembly.Module;

function header(about: string, source: string): string {
  const lines = source.split(/[;\n]/).map((line) => line.trim());
  const from = lines.findIndex((line) => line.startsWith("region:"));
  const end = lines.findIndex((line) => /^(start|data):/.test(line));
  const code = lines.slice(from, end).filter((line) => line !== "" && !line.startsWith("."));
  return [about, "", ...code].map((line) => `;; ${line}`.trimEnd()).join("\n");
}

describe.skipIf(!built)("translated code", () => {
  beforeAll(() => {
    core = compiledCore();
  });

  for (const { name, about, source } of SHAPES) {
    it(`${name}: ${about}`, async () => {
      const text = `${header(about, source)}\n\n${regionText(core, source, "region")}`;
      await expect(text).toMatchFileSnapshot(`golden/${name}.wat`);
    });
  }
});

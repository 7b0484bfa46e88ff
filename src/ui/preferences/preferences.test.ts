import { describe, expect, it } from "vitest";
import { DEFAULTS, parsePreferences } from "./preferences.ts";

describe("stored preferences", () => {
  it.each([
    null,
    "",
    "nonsense",
    "null",
    "[]",
    "3",
    '{"theme":"pink","fontSize":999,"gpu":"yes","managerGraphs":["cpu","gpu"]}',
  ])("%j give the defaults", (text) => {
    expect(parsePreferences(text)).toEqual(DEFAULTS);
  });

  it("keep what is legal and drop what is not known", () => {
    const text = JSON.stringify({ theme: "dark", fontSize: 20, constructor: 1 });
    expect(parsePreferences(text)).toEqual({ ...DEFAULTS, theme: "dark", fontSize: 20 });
    const graphs = JSON.stringify({ managerGraphs: ["disk"] });
    expect(parsePreferences(graphs).managerGraphs).toEqual(["disk"]);
  });
});

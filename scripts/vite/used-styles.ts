import postcss, { type Root } from "postcss";
import type { Plugin } from "vite";

/** PatternFly's themes and glyphs that the page does not offer. */
const UNUSED = /pf-v6-theme-(?:high-contrast|felt|glass)|pf-v6-pficon/;

/**
 * Vite plugin: leaves out of the built styles what nothing can show: other themes, and tokens that neither a
 * rule nor a script reads. Scripts name tokens in full.
 */
export function usedStyles(): Plugin {
  return {
    name: "tabvisor:used-styles",
    apply: "build",
    enforce: "post",
    generateBundle: (_options, bundle) => {
      const scripts: string[] = [];
      const sheets = new Map<string, Root>();
      for (const [name, output] of Object.entries(bundle)) {
        if (output.type === "chunk") scripts.push(output.code);
        else if (name.endsWith(".css")) sheets.set(name, postcss.parse(textOf(output.source)));
      }
      const used = usedTokens([...sheets.values()], scripts);
      for (const [name, sheet] of sheets) {
        prune(sheet, used);
        const output = bundle[name];
        if (output?.type === "asset") output.source = sheet.toString();
      }
    },
  };
}

function textOf(source: string | Uint8Array): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

function usedTokens(sheets: readonly Root[], scripts: readonly string[]): ReadonlySet<string> {
  const values = new Map<string, string[]>();
  const waiting: string[] = [];
  for (const sheet of sheets) {
    sheet.walkDecls(({ prop, value }) => {
      if (!prop.startsWith("--")) waiting.push(...tokensIn(value));
      else values.set(prop, [...(values.get(prop) ?? []), value]);
    });
  }
  for (const script of scripts) waiting.push(...(script.match(/--pf-[\w-]+/g) ?? []));
  const used = new Set<string>();
  for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
    if (used.has(token)) continue;
    used.add(token);
    for (const value of values.get(token) ?? []) waiting.push(...tokensIn(value));
  }
  return used;
}

function tokensIn(value: string): string[] {
  return [...value.matchAll(/var\(\s*(--[\w-]+)/g)].flatMap(([, token]) => token ?? []);
}

function prune(sheet: Root, used: ReadonlySet<string>): void {
  sheet.walkDecls(/^--pf-/, (declaration) => {
    if (!used.has(declaration.prop)) declaration.remove();
  });
  sheet.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) => !UNUSED.test(selector));
    if (kept.length === 0 || rule.nodes.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Texts of the page's files whose names the pattern fits. */
function filesOf(pattern: RegExp): string[] {
  return readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

const styles = filesOf(/\.css$/).map((text) => text.replace(/\/\*[^]*?\*\//g, ""));

test("every class of the style sheets is given to something", () => {
  const source = filesOf(/(?<!\.test)\.tsx?$/).join("\n");
  const given = new Set(source.match(/\btv-[\w-]+/g));
  // `tv-state-${state}`: all classes of that form are.
  const forms = [...source.matchAll(/\b(tv-[\w-]+-)\$\{/g)].map(([, before = ""]) => before);
  const classes = new Set(styles.flatMap((text) => text.match(/(?<=\.)tv-[\w-]+/g) ?? []));
  const idle = [...classes].filter(
    (name) => !given.has(name) && !forms.some((form) => name.startsWith(form)),
  );
  expect(idle).toEqual([]);
});

test("no two style sheets say what a class alone looks like", () => {
  const alone = styles.flatMap((text) => {
    const outside = text.replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/g, "");
    return [...new Set(outside.match(/^\.tv-[\w-]+(?=(?:,| \{)$)/gm))];
  });
  expect(alone.filter((name, at) => alone.indexOf(name) !== at)).toEqual([]);
});

import { elfSection } from "./elf.ts";

/** What a kernel module says about itself in its .modinfo section. */
export interface ModuleInfo {
  /** Names of modules whose symbols it uses. */
  readonly depends: readonly string[];
  /** Modules or aliases to load before and after it, where they exist (modprobe.d(5) softdep). */
  readonly softPre: readonly string[];
  readonly softPost: readonly string[];
  /** Patterns of what it drives. */
  readonly aliases: readonly string[];
}

/** Reads .modinfo: "key=value" strings ended by zeros. Null when `module` is no module. */
export function readModuleInfo(module: Uint8Array): ModuleInfo | null {
  const section = elfSection(module, ".modinfo");
  return section === null ? null : parseModuleInfo(Buffer.from(section).toString("latin1"));
}

/** @param text contents of .modinfo */
export function parseModuleInfo(text: string): ModuleInfo {
  const depends: string[] = [];
  const aliases: string[] = [];
  const softPre: string[] = [];
  const softPost: string[] = [];
  for (const entry of text.split("\0")) {
    const equals = entry.indexOf("=");
    const value = entry.slice(equals + 1);
    switch (entry.slice(0, Math.max(equals, 0))) {
      case "depends":
        depends.push(...value.split(",").filter((name) => name !== ""));
        break;
      case "alias":
        aliases.push(value);
        break;
      case "softdep":
        parseSoftdep(value, softPre, softPost);
        break;
    }
  }
  return { depends, softPre, softPost, aliases };
}

/** "pre: a b post: c" */
function parseSoftdep(value: string, pre: string[], post: string[]): void {
  let list = pre;
  for (const word of value.split(/\s+/)) {
    if (word === "pre:") {
      list = pre;
    } else if (word === "post:") {
      list = post;
    } else if (word !== "") {
      list.push(word);
    }
  }
}

/** Dashes and underscores are the same in module names (modprobe(8)). */
export function moduleName(pathOrName: string): string {
  const file = pathOrName.slice(pathOrName.lastIndexOf("/") + 1);
  return file.replace(/\.ko(\.\w+)?$/, "").replaceAll("-", "_");
}

/** True when `name` fits the alias pattern, fnmatch(3) with `*`, `?` and `[…]`. */
export function matchesAlias(pattern: string, name: string): boolean {
  if (!/[*?[]/.test(pattern)) {
    return pattern.replaceAll("-", "_") === name.replaceAll("-", "_");
  }
  const expression = pattern.replace(/[\\^$+.()|{}]|\*|\?/g, (special) =>
    special === "*" ? ".*" : special === "?" ? "." : `\\${special}`,
  );
  return new RegExp(`^${expression}$`).test(name);
}

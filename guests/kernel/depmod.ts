import { loadOrder, type ResolvedModule } from "./resolve.ts";

/**
 * The files by which modprobe finds modules, as depmod(8) makes them: Debian ships none, since its
 * packages run depmod on the machine they are installed on.
 *
 * @param modules a set closed under dependencies, in path order
 * @returns contents by file name in lib/modules/<release>/
 */
export function moduleIndexes(modules: readonly ResolvedModule[]): ReadonlyMap<string, string> {
  return new Map([
    ["modules.dep", lines(modules.map((module) => dependencies(module, modules)))],
    ["modules.alias", lines(modules.flatMap(aliases))],
    ["modules.softdep", lines(modules.flatMap(softdeps))],
  ]);
}

/**
 * "module: dependency …", all of them and not only the direct ones, in the order from which
 * modprobe loads backwards. BusyBox's modprobe knows no softdeps, so those to load before a module
 * stand here too.
 */
function dependencies(module: ResolvedModule, all: readonly ResolvedModule[]): string {
  const paths = loadOrder(module, all).map(({ path }) => path);
  return [`${module.path}:`, ...paths.toReversed()].join(" ");
}

function aliases({ name, info }: ResolvedModule): string[] {
  return info.aliases.map((alias) => `alias ${alias} ${name}`);
}

function softdeps({ name, info }: ResolvedModule): string[] {
  const list = (title: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [title, ...names];
  const words = [...list("pre:", info.softPre), ...list("post:", info.softPost)];
  return words.length === 0 ? [] : [`softdep ${name} ${words.join(" ")}`];
}

function lines(entries: readonly string[]): string {
  return entries.map((entry) => `${entry}\n`).join("");
}

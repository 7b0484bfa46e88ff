import { GuestError } from "../errors.ts";
import type { KernelModule, ModuleTree } from "./module-tree.ts";

/** A module and the modules that modprobe must load around it. */
export interface ResolvedModule extends KernelModule {
  /** Modules it needs, and those a softdep asks for, to be loaded before it, in that order. */
  readonly before: readonly KernelModule[];
  /** Modules that a softdep asks for after it. */
  readonly after: readonly KernelModule[];
}

/**
 * The modules in `names` and all that they need, by path. Softdeps count like dependencies: ext4
 * loads without crc32c, but then refuses to mount.
 *
 * @throws GuestError when a module or one that it depends on does not exist
 */
export async function resolveModules(
  tree: ModuleTree,
  names: readonly string[],
): Promise<ResolvedModule[]> {
  const done = new Map<string, ResolvedModule>();
  const waiting: KernelModule[] = [];
  for (const name of names) {
    waiting.push(...(await required(tree, name, "the guest's recipe")));
  }
  for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
    if (!done.has(module.path)) {
      const resolved = await withNeighbours(tree, module);
      done.set(module.path, resolved);
      waiting.push(...resolved.before, ...resolved.after);
    }
  }
  return [...done.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function withNeighbours(tree: ModuleTree, module: KernelModule): Promise<ResolvedModule> {
  const { depends, softPre, softPost } = module.info;
  const before: KernelModule[] = [];
  const after: KernelModule[] = [];
  for (const name of softPre) {
    before.push(...(await optional(tree, name)));
  }
  for (const name of depends) {
    before.push(...(await required(tree, name, module.name)));
  }
  for (const name of softPost) {
    after.push(...(await optional(tree, name)));
  }
  return { ...module, before, after };
}

async function required(tree: ModuleTree, name: string, by: string): Promise<KernelModule[]> {
  const module = await tree.byName(name);
  if (module !== null) {
    return [module];
  }
  if (tree.isBuiltin(name)) {
    return [];
  }
  throw new GuestError(`The kernel has no module ${name}, which ${by} needs.`);
}

/** modprobe passes over a softdep that names nothing it can find. */
async function optional(tree: ModuleTree, name: string): Promise<KernelModule[]> {
  const module = await tree.byName(name);
  if (module !== null) {
    return [module];
  }
  return tree.isBuiltin(name) ? [] : tree.byAlias(name);
}

/**
 * Everything to load before `module`, in an order that works, without the module itself.
 *
 * @throws GuestError when modules need each other in a circle
 */
export function loadOrder(module: ResolvedModule, all: readonly ResolvedModule[]): KernelModule[] {
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  const order = new Set<KernelModule>();
  const visit = (entry: ResolvedModule, trail: readonly string[]): void => {
    if (trail.includes(entry.path)) {
      throw new GuestError(
        `Kernel modules depend on each other: ${[...trail, entry.path].join(" ")}.`,
      );
    }
    for (const { path } of entry.before) {
      const dependency = byPath.get(path);
      if (dependency !== undefined && !order.has(dependency)) {
        visit(dependency, [...trail, entry.path]);
        order.add(dependency);
      }
    }
  };
  visit(module, []);
  return [...order];
}

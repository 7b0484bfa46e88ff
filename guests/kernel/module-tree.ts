import { GuestError } from "../errors.ts";
import { matchesAlias, moduleName, readModuleInfo, type ModuleInfo } from "./modinfo.ts";

/** A kernel module, expanded. */
export interface KernelModule {
  readonly name: string;
  /** Under lib/modules/<release>/, without a compression suffix. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly info: ModuleInfo;
}

/** All modules of one kernel, as its package has them: compressed, and expanded only on demand. */
export interface ModuleFiles {
  /** Paths under lib/modules/<release>/, without a compression suffix. */
  paths(): Iterable<string>;
  /** The expanded module. */
  read(path: string): Promise<Uint8Array>;
}

/** Finds modules by name and by alias. */
export class ModuleTree {
  readonly #files: ModuleFiles;
  readonly #pathByName = new Map<string, string>();
  readonly #builtin: ReadonlySet<string>;
  readonly #builtinAliases: readonly string[];
  readonly #loaded = new Map<string, KernelModule>();
  /** What those say that were looked into. */
  readonly #infos = new Map<string, ModuleInfo>();

  /**
   * @param builtin contents of modules.builtin: a path a line
   * @param builtinInfo contents of modules.builtin.modinfo: "module.key=value" ended by zeros
   */
  constructor(files: ModuleFiles, builtin: string, builtinInfo: string) {
    this.#files = files;
    for (const path of files.paths()) {
      this.#pathByName.set(moduleName(path), path);
    }
    const lines = builtin.split("\n").filter((line) => line !== "");
    this.#builtin = new Set(lines.map(moduleName));
    this.#builtinAliases = builtinInfo.split("\0").flatMap((entry) => {
      const match = /^[^.=]+\.alias=(.*)$/.exec(entry);
      return match === null ? [] : [match[1] ?? ""];
    });
  }

  /** True when `name` is compiled into the kernel, by its own name or an alias. */
  isBuiltin(name: string): boolean {
    return (
      this.#builtin.has(moduleName(name)) ||
      this.#builtinAliases.some((alias) => matchesAlias(alias, name))
    );
  }

  /** The module of that name; null when there is none. */
  async byName(name: string): Promise<KernelModule | null> {
    const path = this.#pathByName.get(moduleName(name));
    return path === undefined ? null : this.#load(path);
  }

  /**
   * Modules with an alias that fits, in path order. Aliases stand inside the modules, so this
   * expands all of them, save for those of the kernel crypto API: softdeps mean it nearly always,
   * and its home is known.
   */
  async byAlias(alias: string): Promise<KernelModule[]> {
    const paths = [...this.#pathByName.values()].toSorted();
    const isCrypto = (path: string): boolean => /(^|\/)(crypto|lib)\//.test(path);
    const found = await this.#fitting(paths.filter(isCrypto), alias);
    if (found.length > 0 || alias.startsWith("crypto-")) {
      return found;
    }
    return this.#fitting(paths, alias);
  }

  async #fitting(paths: readonly string[], alias: string): Promise<KernelModule[]> {
    const found: KernelModule[] = [];
    for (const path of paths) {
      const wasLoaded = this.#loaded.has(path);
      const info = this.#infos.get(path) ?? (await this.#load(path)).info;
      if (info.aliases.some((pattern) => matchesAlias(pattern, alias))) {
        found.push(await this.#load(path));
      } else if (!wasLoaded) {
        // All modules, expanded, are more than a gigabyte.
        this.#loaded.delete(path);
      }
    }
    return found;
  }

  async #load(path: string): Promise<KernelModule> {
    const known = this.#loaded.get(path);
    if (known !== undefined) {
      return known;
    }
    const bytes = await this.#files.read(path);
    const info = readModuleInfo(bytes);
    if (info === null) {
      throw new GuestError(`${path} of the kernel package is no kernel module.`);
    }
    const module = { name: moduleName(path), path, bytes, info };
    this.#loaded.set(path, module);
    this.#infos.set(path, info);
    return module;
  }
}

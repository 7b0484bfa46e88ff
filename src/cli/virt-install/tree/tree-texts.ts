/** Small text files of a tree, each read at most once. */
import { utf8Text } from "../../../util/bytes.ts";
import { ToolError } from "../../virtinst/errors.ts";
import type { InstallTree } from "./install-tree.ts";
import { type TreeInfo, parseTreeInfo } from "./treeinfo.ts";

export class TreeTexts {
  readonly tree: InstallTree;
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(tree: InstallTree) {
    this.tree = tree;
  }

  /** Undefined where the tree has no such file. */
  text(path: string): Promise<string | undefined> {
    const known = this.#texts.get(path);
    if (known) return known;
    const text = this.#read(path);
    this.#texts.set(path, text);
    return text;
  }

  /** Whether a line of the file begins as `pattern` says. */
  async says(path: string, pattern: RegExp): Promise<boolean> {
    const text = await this.text(path);
    return text?.split("\n").some((line) => pattern.test(line)) ?? false;
  }

  /** Some servers do not serve files whose names begin with a dot. */
  async treeInfo(): Promise<TreeInfo | undefined> {
    const text = (await this.text(".treeinfo")) ?? (await this.text("treeinfo"));
    return text === undefined ? undefined : parseTreeInfo(text);
  }

  async #read(path: string): Promise<string | undefined> {
    try {
      return utf8Text(await this.tree.read(path));
    } catch (error) {
      if (error instanceof ToolError) return undefined;
      throw error;
    }
  }
}

import { beforeEach, describe, expect, it } from "vitest";
import { element } from "../../xml/element.ts";
import { type Moment, MomentTree } from "./moment-tree.ts";

const definition = element("domaincheckpoint");
const moment = (name: string, parent: string | null): Moment => ({ name, parent, definition });
const names = (moments: readonly Moment[]): string[] => moments.map(({ name }) => name);

describe("the moments of a domain", () => {
  let tree: MomentTree;
  beforeEach(() => {
    tree = new MomentTree();
    for (const each of [
      moment("a", null),
      moment("b", "a"),
      moment("c", "a"),
      moment("d", "b"),
      moment("e", null),
    ]) {
      tree.add(each);
    }
  });
  const all = (): string[] =>
    names(tree.list({ wide: false, topological: true, matches: () => true }));

  it("are listed parents first, of siblings the last one first", () => {
    expect(all()).toEqual(["e", "a", "c", "b", "d"]);
    const roots = { wide: true, topological: false, matches: () => true };
    expect(names(tree.list(roots))).toEqual(["e", "a"]);
    expect(names(tree.list(roots, "a"))).toEqual(["c", "b", "d"]);
    expect(names(tree.list({ ...roots, wide: false }, "a"))).toEqual(["c", "b"]);
    const leaves = { ...roots, wide: false, matches: (_: Moment, isLeaf: boolean) => isLeaf };
    expect(names(tree.list(leaves)).toSorted()).toEqual(["c", "d", "e"]);
  });

  it("leave their children to their parents when they go, and being the current one, too", () => {
    tree.current = "b";
    tree.remove("b");
    expect(tree.current).toBe("a");
    expect(all()).toEqual(["e", "a", "d", "c"]);
  });

  it("can go with all below them, or only that", () => {
    tree.current = "d";
    tree.removeTree("b", true);
    expect(tree.current).toBe("b");
    tree.removeTree("a", false);
    expect([all(), tree.current]).toEqual([["e"], null]);
  });

  it("have no namesakes and are not their own ancestors", () => {
    expect(() => tree.add(moment("a", null))).toThrow("domain moment a already exists");
    expect(() => tree.checkParent(moment("x", "y"))).toThrow("parent y for moment x not found");
    expect(() => tree.checkParent(moment("a", "a"))).toThrow("cannot set moment a as its own");
    expect(() => tree.checkParent(moment("a", "d"))).toThrow("parent b would create cycle to a");
  });
});

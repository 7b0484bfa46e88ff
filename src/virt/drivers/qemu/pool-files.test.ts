import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PoolDefinition } from "../../storage/pool.ts";
import { PoolFiles } from "./pool-files.ts";
import type { EarlierPools } from "./ports.ts";
import { MemoryFiles } from "./testing/fake-ports.ts";

const POOL: PoolDefinition = {
  uuid: "11111111-2222-3333-4444-555555555555",
  name: "a",
  type: "dir",
  targetPath: "/a",
  source: {},
  autostart: false,
};
const OTHER = {
  ...POOL,
  name: "b",
  uuid: "21111111-2222-3333-4444-555555555555",
  targetPath: "/b",
};
const GROUP: PoolDefinition = {
  ...POOL,
  type: "logical",
  targetPath: "/dev/vg",
  source: { name: "vg", devices: ["/pv"], deviceBytes: 2 ** 26 },
};

const damaged = vi.fn<(name: string, error: unknown) => void>();
beforeEach(() => damaged.mockClear());

/** The JSON files of an earlier version. */
class Earlier implements EarlierPools {
  readonly files: Map<string, string>;
  isThere = true;
  #changesLeft: number;
  constructor(files: Map<string, string>, dieAfter = Infinity) {
    this.files = files;
    this.#changesLeft = dieAfter;
  }
  list = async () => (this.isThere ? [...this.files.keys()] : null);
  read = async (name: string) => this.files.get(name) ?? null;
  remove = async (name: string) => {
    if (this.#changesLeft-- <= 0) throw new Error("the writer died");
    this.files.delete(name);
  };
  clear = async () => {
    this.isThere = [...this.files.keys()].some((name) => name.endsWith(".json"));
  };
}

function open(files: Map<string, string>, dieAfter = Infinity, earlierPools?: EarlierPools) {
  const ports = { files: new MemoryFiles(files, dieAfter), newUuid: () => "new" };
  return new PoolFiles(earlierPools ? { ...ports, earlierPools } : ports, damaged);
}

/** Files that hold `definitions`. */
async function filesOf(...definitions: PoolDefinition[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const definition of definitions) await open(files).save(definition);
  return files;
}

const byName = (pools: readonly PoolDefinition[] | null): PoolDefinition[] =>
  (pools ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));

const json = (definition: PoolDefinition): string => JSON.stringify({ form: 1, definition });

describe("definitions of pools", () => {
  it.each([[POOL], [{ ...POOL, autostart: true }], [GROUP]])(
    "are libvirt's XML, which says all that they are",
    async (definition) => {
      const files = await filesOf(definition);
      expect(files.get("storage/a.xml")).toMatch(
        /^<pool type='(dir|logical)'>\n {2}<name>a<\/name>/,
      );
      expect(await open(files).load()).toEqual([definition]);
    },
  );

  it("are missing only at the very first time", async () => {
    const files = new Map<string, string>();
    expect(await open(files).load()).toBeNull();
    await open(files).save(POOL);
    await open(files).remove(POOL);
    expect(await open(files).load()).toEqual([]);
  });

  it.each([
    ["cut off", "<pool type='dir'><na"],
    ["another pool's", "<pool type='dir'><name>x</name><target><path>/x</path></target></pool>"],
    [
      "a twin's",
      `<pool type='dir'><name>c</name><uuid>${POOL.uuid}</uuid><target><path>/c</path></target></pool>`,
    ],
  ])("are left alone and told where a file is %s", async (_what, text) => {
    const files = await filesOf(POOL);
    files.set("storage/c.xml", text);
    expect(await open(files).load()).toEqual([POOL]);
    expect(damaged).toHaveBeenCalledWith("c", expect.any(Error));
    expect(files.get("storage/c.xml")).toBe(text);
  });

  const started = { ...POOL, autostart: true };
  const moved = { ...POOL, targetPath: "/moved" };
  it.each<[string, PoolDefinition[], PoolDefinition[], (store: PoolFiles) => Promise<void>]>([
    ["a definition", [OTHER], [POOL, OTHER], (store) => store.save(POOL)],
    ["the first start", [], [started], (store) => store.save(started)],
    ["a redefinition", [POOL], [moved], (store) => store.save(moved)],
    ["marking for autostart", [POOL], [started], (store) => store.setAutostart(POOL, true)],
    ["unmarking", [started], [POOL], (store) => store.setAutostart(started, false)],
    ["forgetting", [started], [], (store) => store.remove(started)],
  ])("are the old or the new ones after a crash in %s", async (_what, before, after, change) => {
    const stored = await filesOf(...before);
    for (let changes = 0, done = false; !done; changes++) {
      const files = new Map(stored);
      done = await change(open(files, changes)).then(
        () => true,
        () => false,
      );
      const found = byName(await open(files).load());
      expect(done ? [after] : [before, after]).toContainEqual(found);
      expect(damaged).not.toHaveBeenCalled();
      const left = [...files.keys()].filter((path) => path.endsWith(".xml"));
      expect(left).toHaveLength(
        found.flatMap(({ autostart }) => (autostart ? [1, 1] : [1])).length,
      );
    }
  });

  it("of an earlier version are converted, whenever that is cut off", async () => {
    for (let changes = 0, done = false; !done; changes++) {
      const [files, old] = [new Map<string, string>(), new Map([["visited", ""]])];
      old.set(`${GROUP.uuid}.json`, json({ ...GROUP, autostart: true }));
      old.set(`${OTHER.uuid}.json`, json(OTHER));
      const total = 5;
      // The writer dies in the new files or, the rounds after, between the old ones.
      const dying = new Earlier(old, Math.max(0, changes - total));
      await open(files, Math.min(changes, total), dying)
        .load()
        .catch(() => {});
      done = !dying.isThere;
      const next = new Earlier(old);
      if (done) next.isThere = false;
      const found = await open(files, Infinity, next).load();
      expect(byName(found)).toEqual([{ ...GROUP, autostart: true }, OTHER]);
      expect(next.isThere).toBe(false);
      expect(await open(files).load()).toEqual(found);
    }
  });

  it("of an earlier version stay where they are damaged", async () => {
    const earlier = new Earlier(new Map([["x.json", '{"form":1,"defin']]));
    expect(await open(new Map(), Infinity, earlier).load()).toEqual([]);
    expect(damaged).toHaveBeenCalledWith("x.json", expect.any(Error));
    expect([...earlier.files.keys()]).toEqual(["x.json"]);
  });

  it("that were all forgotten by an earlier version do not come back", async () => {
    const [files, earlier] = [new Map<string, string>(), new Earlier(new Map([["visited", ""]]))];
    expect(await open(files, Infinity, earlier).load()).toEqual([]);
    expect(await open(files, Infinity, earlier).load()).toEqual([]);
  });
});

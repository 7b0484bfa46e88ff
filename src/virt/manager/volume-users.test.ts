import { describe, expect, it } from "vitest";
import { parseXml } from "../xml/parse.ts";
import type { ManagedDomain } from "./objects.ts";
import { usersOf } from "./volume-users.ts";

const domain = (name: string, sources: string, live?: string): ManagedDomain => {
  const tree = (disks: string) =>
    parseXml(`<domain><devices>${disks}</devices></domain>`, "domain_definition");
  return {
    ref: { name, uuid: name, id: live === undefined ? -1 : 1 },
    uuid: name,
    name,
    state: 0,
    reason: 0,
    isPersistent: true,
    autostart: false,
    hasManagedSave: false,
    messages: [],
    definition: tree(sources),
    live: live === undefined ? null : tree(live),
  };
};

describe("a volume's users", () => {
  it("name it by path, by pool and volume, or only while they run", () => {
    const domains = [
      domain("file", "<disk><source file='/p/a.img'/></disk>"),
      domain("block", "<disk/><disk type='block'><source dev='/p/a.img'/></disk>"),
      domain("volume", "<disk type='volume'><source pool='p' volume='a.img'/></disk>"),
      domain("live", "", "<disk><source file='/p/a.img'/></disk>"),
      domain("other", "<disk><source file='/p/b.img'/></disk>"),
      domain("same name", "<disk type='volume'><source pool='q' volume='a.img'/></disk>"),
    ];
    const volume = { path: "/p/a.img", ref: { pool: "p", name: "a.img", key: "/p/a.img" } };
    expect(usersOf(volume, domains).map(({ name }) => name)).toEqual([
      "file",
      "block",
      "volume",
      "live",
    ]);
  });
});

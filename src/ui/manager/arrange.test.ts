import { describe, expect, it } from "vitest";
import { DomainState } from "../../virt/driver/domain-flags.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { element, textElement } from "../../virt/xml/element.ts";
import { arrange, type Order } from "./arrange.ts";
import { rowsOf } from "./rows.ts";
import { matches, parseSearch } from "./search.ts";

const OWN = "https://tabvisor.dev/xmlns/domain/1.0";

interface Given {
  readonly state?: number;
  readonly group?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
}

function domain(name: string, given: Given = {}): ManagedDomain {
  const { state = DomainState.shutoff, group, tags = [], description } = given;
  const labels = element("labels", { xmlns: OWN }, [
    ...(group === undefined ? [] : [textElement("group", group)]),
    ...tags.map((tag) => textElement("tag", tag)),
  ]);
  return {
    ref: { name, uuid: name, id: -1 },
    uuid: name,
    name,
    state,
    reason: 0,
    isPersistent: true,
    autostart: false,
    hasManagedSave: false,
    messages: [],
    definition: element("domain", {}, [
      ...(description === undefined ? [] : [textElement("description", description)]),
      element("metadata", {}, [labels]),
    ]),
    live: null,
  };
}

const WEB = domain("web", { state: DomainState.running, group: "Shop", tags: ["prod", "http"] });
const DB = domain("db", { group: "Shop", tags: ["prod"] });
const VM2 = domain("vm2", { state: DomainState.crashed });
const VM10 = domain("vm10", { state: DomainState.running, description: "Two Words" });
const ALL = [DB, VM2, VM10, WEB];

const PLAIN: Order = { groupBy: "none", sortBy: "name", down: false };
const CPU: Readonly<Record<string, number>> = { web: 10, vm10: 90 };

const arranged = (order: Partial<Order>) =>
  arrange(ALL, { ...PLAIN, ...order }, (uuid) => CPU[uuid] ?? null).map(
    ({ name, domains }) => `${name}: ${domains.map((each) => each.name).join(" ")}`,
  );

describe("the manager's order", () => {
  it.each([
    [{}, [": db vm2 vm10 web"]],
    [{ down: true }, [": web vm10 vm2 db"]],
    [{ sortBy: "state" }, [": vm10 web vm2 db"]],
    [{ sortBy: "cpu", down: true }, [": vm10 web db vm2"]],
    [{ sortBy: "cpu" }, [": db vm2 web vm10"]],
    [{ groupBy: "group" }, ["Shop: db web", ": vm2 vm10"]],
    [{ groupBy: "tag" }, ["http: web", "prod: db web", ": vm2 vm10"]],
    [{ groupBy: "state" }, ["running: vm10 web", "crashed: vm2", "shutoff: db"]],
  ] as const)("by %j is %j", (order, expected) => {
    expect(arranged(order)).toEqual(expected);
  });

  it("has a row for each heading, and for each machine in what is open", () => {
    const groups = arrange(ALL, { ...PLAIN, groupBy: "tag" }, () => null);
    const ids = (closed: readonly string[], isGrouped = true) =>
      rowsOf(groups, isGrouped, new Set(closed)).map(({ place }) => `${place.level} ${place.id}`);
    expect(ids(["group "])).toEqual([
      "1 connection",
      "2 group http",
      "3 vm http web",
      "2 group prod",
      "3 vm prod db",
      "3 vm prod web",
      "2 group ",
    ]);
    expect(ids(["connection"])).toEqual(["1 connection"]);
    expect(ids([], false)[1]).toBe("2 vm http web");
  });
});

describe("the search", () => {
  const found = (text: string) =>
    ALL.filter((each) => matches(each, parseSearch(text), (state) => `(${state})`)).map(
      ({ name }) => name,
    );

  it.each([
    ["", ["db", "vm2", "vm10", "web"]],
    ["SHOP", ["db", "web"]],
    ["tag:prod", ["db", "web"]],
    ["tag:prod -http", ["db"]],
    ["-tag:prod", ["vm2", "vm10"]],
    ["state:run vm", ["vm10"]],
    ["state:(crashed)", ["vm2"]],
    ["group:shop state:shutoff", ["db"]],
    ['"two words"', ["vm10"]],
    ['description:"o w"', ["vm10"]],
    ['name:"we', ["web"]],
    ["tag:", ["db", "vm2", "vm10", "web"]],
    ["other:prod", []],
    ["-", []],
  ])("for %j finds %j", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

import { expect, it } from "vitest";
import { hrefOf, parseRoute, type Route } from "./route.ts";

const UUID = "6695eb01-f6a4-8304-79aa-97f2502e193f";

it.each<Route>([
  { view: "manager" },
  { view: "new" },
  { view: "preferences" },
  { view: "vm", uuid: UUID, tab: "console" },
  { view: "vm", uuid: UUID, tab: "details", item: "disk vda/1" },
  { view: "console", uuid: UUID, device: "serial0" },
  { view: "connection", tab: "storage", uuid: UUID },
  { view: "connection", tab: "host" },
])("the address of %j leads there", (route) => {
  expect(parseRoute(hrefOf(route))).toEqual(route);
});

it.each(["", "#", "#/nowhere", "#/vms", "#/%zz"])("%j is the manager", (hash) => {
  expect(parseRoute(hash)).toEqual({ view: "manager" });
});

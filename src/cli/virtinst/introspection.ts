/** Lists that are printed instead of anything else: sub-options, operating systems. */
import type { Given } from "./arguments.ts";
import { OPTION_TABLES } from "./options/index.ts";
import { osNames } from "../../virt/os-table.ts";
import { listRows } from "./row-list.ts";

/** What `--disk=?` or `--osinfo list` ask for, or undefined where nothing does. */
export function askedList(given: Given): string | undefined {
  const asked = OPTION_TABLES.filter(({ name }) =>
    given.all(name).some((text) => text === "?" || text === "help"),
  );
  if (asked.length > 0) return asked.map(listRows).join("");
  if (given.text("os-variant") !== "list") return undefined;
  const names = osNames().map((name) => `${name}\n`);
  return `${names.join("")}\nYou can see additional information with:\n\n  osinfo-query os\n\n`;
}

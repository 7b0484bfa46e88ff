/** The texts of `virsh help`. */
import { findCommand } from "./parse.ts";
import type { CommandGroup, CommandSpec, OptionSpec } from "./spec.ts";

/** `virsh help`: all groups with their commands. */
export function allHelp(groups: readonly CommandGroup[]): string {
  const parts = groups.map((group) => `${groupHelp(group)}\n`);
  return `Grouped commands:\n\n${parts.join("")}`;
}

/** `virsh help <keyword>`. */
export function groupHelp(group: CommandGroup): string {
  return ` ${group.title} (help keyword '${group.keyword}'):\n${commandLines(group)}`;
}

/** The commands of a group, a line each. */
export function commandLines({ commands }: CommandGroup): string {
  return Object.entries(commands)
    .filter(([, spec]) => !("alias" in spec) && spec.hidden !== true)
    .map(([name, spec]) => `    ${name.padEnd(30)} ${"summary" in spec ? spec.summary : ""}\n`)
    .join("");
}

/** `virsh help <what>`, or null where nothing has that name. */
export function helpOn(groups: readonly CommandGroup[], what: string): string | null {
  const command = findCommand(groups, what);
  if (command) return commandHelp(command.name, command.spec);
  const group = groups.find(({ title, keyword }) => title === what || keyword === what);
  return group ? groupHelp(group) : null;
}

/** `virsh help <command>`. */
export function commandHelp(name: string, spec: CommandSpec): string {
  const options = Object.entries(spec.options).filter(([, { kind }]) => kind !== "alias");
  const description = spec.description === "" ? "" : `\n  DESCRIPTION\n    ${spec.description}\n`;
  return [
    `  NAME\n    ${name} - ${spec.summary}\n`,
    `\n  SYNOPSIS\n    ${[name, ...synopsis(options)].join(" ")}\n`,
    description,
    options.length === 0 ? "" : `\n  OPTIONS\n${optionLines(options)}`,
    "\n",
  ].join("");
}

type NamedOption = readonly [string, OptionSpec];

/** Whether a bare word can fill one of the options before `at`. */
function hasPlaceBefore(options: readonly NamedOption[], at: number): boolean {
  return options
    .slice(0, at)
    .some(
      ([, option]) =>
        (option.kind === "int" || option.kind === "string" || option.kind === "data") &&
        option.named !== true,
    );
}

function synopsis(options: readonly NamedOption[]): string[] {
  return options.map(([name, option], at) => {
    switch (option.kind) {
      case "bool":
        return `[--${name}]`;
      case "int":
        return option.required ? `<${name}>` : `[--${name} <number>]`;
      case "string":
        return `[--${name} <string>]`;
      case "data":
        return option.required ? `<${name}>` : `[<${name}>]`;
      case "argv":
        if (!hasPlaceBefore(options, at))
          return option.required ? `<${name}>...` : `[<${name}>]...`;
        return option.required ? `{[--${name}] <string>}...` : `[[--${name}] <string>]...`;
      case "alias":
        return "";
    }
  });
}

function optionLines(options: readonly NamedOption[]): string {
  return options
    .map(([name, option], at) => {
      const help = option.kind === "alias" ? "" : option.help;
      return `    ${optionShown(name, option, hasPlaceBefore(options, at)).padEnd(15)}  ${help}\n`;
    })
    .join("");
}

function optionShown(name: string, option: OptionSpec, placed: boolean): string {
  switch (option.kind) {
    case "bool":
    case "alias":
      return `--${name}`;
    case "int":
      return option.required ? `[--${name}] <number>` : `--${name} <number>`;
    case "string":
      return `--${name} <string>`;
    case "data":
      return `[--${name}] <string>`;
    case "argv":
      return placed ? `[--${name}] <string>` : `<${name}>`;
  }
}

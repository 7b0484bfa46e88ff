/** The commands of `virsh help virsh`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const VIRSH = {
  cd: {
    summary: "change the current directory",
    description: "Change the current directory.",
    noConnect: true,
    options: {
      dir: { kind: "string", help: "directory to switch to (default: home or else root)" },
    },
  },
  echo: {
    summary: "echo arguments. Used for internal testing.",
    description: "Echo back arguments, possibly with quoting. Used for internal testing.",
    noConnect: true,
    options: {
      shell: { kind: "bool", help: "escape for shell use" },
      xml: { kind: "bool", help: "escape for XML use" },
      split: { kind: "bool", help: "split each argument on ','; ',,' is an escape sequence" },
      err: { kind: "bool", help: "output to stderr" },
      str: { kind: "alias", of: "string" },
      hi: { kind: "alias", of: "string=hello" },
      string: { kind: "argv", help: "arguments to echo" },
    },
  },
  exit: {
    summary: "quit this interactive terminal",
    description: "",
    noConnect: true,
    options: {},
  },
  help: {
    summary: "print help",
    description:
      "Prints global help, command specific help, or help for a\n    group of related commands",
    noConnect: true,
    options: {
      command: {
        kind: "string",
        completes: "vsh-complete-help-command",
        help: "Prints global help, command specific help, or help for a group of related commands",
      },
    },
  },
  pwd: {
    summary: "print the current directory",
    description: "Print the current directory.",
    noConnect: true,
    options: {},
  },
  quit: {
    summary: "quit this interactive terminal",
    description: "",
    noConnect: true,
    options: {},
  },
  "self-test": {
    summary: "internal command for testing virt shells",
    description: "internal use only",
    noConnect: true,
    hidden: true,
    options: {
      "completers-missing": {
        kind: "bool",
        help: "output the list of options which are missing completers",
      },
    },
  },
  complete: {
    summary: "internal command for autocompletion",
    description: "internal use only",
    noConnect: true,
    hidden: true,
    options: {
      string: { kind: "argv", emptyOk: true, help: "partial string to autocomplete" },
    },
  },
  connect: {
    summary: "(re)connect to hypervisor",
    description: "Connect to local hypervisor. This is built-in command after shell start up.",
    noConnect: true,
    options: {
      name: {
        kind: "string",
        emptyOk: true,
        completes: "nothing",
        help: "hypervisor connection URI",
      },
      readonly: { kind: "bool", help: "read-only connection" },
    },
  },
} as const satisfies CommandTable;

/** virt-clone's options. */
import { type Given, type SwitchGroup, made, parseArguments } from "../virtinst/arguments.ts";

export const GROUPS: readonly SwitchGroup[] = [
  {
    switches: [
      made("-h --help", "ends", { help: "print this and end" }),
      made("--version", "ends", { help: "print the version and end" }),
      made("--connect", "one", { value: "URI", help: "the connection, as test:///default" }),
    ],
  },
  {
    title: "General Options",
    switches: [
      made("-o --original", "one", { value: "NAME", help: "the guest to clone" }),
      made("--original-xml", "one", { value: "FILE", help: "its XML instead, in a file" }),
      made("--auto-clone", "flag", { help: "choose the name and the disks' paths" }),
      made("-n --name", "one", { value: "NAME", help: "the clone's name" }),
      made("-u --uuid", "one"),
      made("--reflink", "flag", { help: "share data until it changes, where files can" }),
    ],
  },
  {
    title: "Storage Configuration",
    switches: [
      made("-f --file", "many", { value: "PATH", help: "a disk's new path; once for each disk" }),
      made("--force-copy", "many", { value: "TARGET", help: "copy that disk even if read-only" }),
      made("--skip-copy", "many", { value: "TARGET", help: "share that disk with the original" }),
      made("--nonsparse", "flag", { help: "take all room at once" }),
      made("--preserve-data", "flag", { help: "leave what is at the new paths as it is" }),
      made("--nvram", "one", { value: "PATH", help: "where the firmware's variables go" }),
    ],
  },
  {
    title: "Networking Configuration",
    switches: [
      made("-m --mac", "many", { value: "MAC", help: "a network card's address; RANDOM is usual" }),
    ],
  },
  {
    title: "Miscellaneous Options",
    switches: [
      made("--__test-nodry", "flag"),
      made("--prompt", "flag"),
      made("--force", "flag"),
      made("--replace", "flag", { help: "undefine a guest of that name first" }),
      made("--print-xml", "flag", { help: "print the clone's XML and make nothing" }),
      made("--check", "many", { value: "NAME=off", help: "allow what is refused otherwise" }),
      made("-q --quiet", "flag", { help: "errors only" }),
      made("-d --debug", "flag", { help: "say what is done, too" }),
    ],
  },
];

export const USAGE = "usage: virt-clone --original [NAME] ...";

/** @throws UsageError in argparse's words */
export function parseCommandLine(args: readonly string[]): Given {
  return parseArguments(
    args,
    GROUPS.flatMap(({ switches }) => switches),
  );
}

/** virt-xml's options. */
import {
  type Given,
  type Switch,
  type SwitchGroup,
  made,
  parseArguments,
} from "../virtinst/arguments.ts";
import {
  GUEST_SWITCHES,
  OS_SWITCH,
  XML_SWITCH,
  deviceSwitches,
  optionSwitch,
  optionSwitches,
} from "../virtinst/options/switches.ts";

const DOMAIN: Switch = {
  name: "domain",
  spellings: [],
  kind: "one",
  help: "the guest's name, number or UUID; without it, XML is read from the input",
};

const ACTIONS: readonly Switch[] = [
  made("--edit", "optional", {
    fixed: "",
    value: "WHICH",
    help: "change what is there:\n--edit --disk …  (the first disk)\n--edit 2 --disk …\n--edit all --disk …\n--edit target=vda --disk …",
  }),
  made("--remove-device", "flag", {
    help: "take a device out:\n--remove-device --disk 1\n--remove-device --disk all\n--remove-device --disk PATH",
  }),
  made("--add-device", "flag", { help: "add a device:\n--add-device --disk …" }),
  made("--build-xml", "flag", { help: "print the XML of an option alone" }),
];

const OUTPUT: readonly Switch[] = [
  made("--update", "flag", { help: "change the running guest, too" }),
  made("--define", "flag", { excludes: "define", help: "change the guest, even if printing" }),
  made("--no-define", "flag", {
    name: "define",
    fixed: "no",
    excludes: "define",
    help: "leave the guest's definition as it is",
  }),
  made("--start", "flag", { help: "start the guest" }),
  made("--print-diff", "flag", { help: "print what changes" }),
  made("--print-xml", "flag", { help: "print the changed XML" }),
  made("--confirm", "flag", { help: "ask before anything is changed" }),
];

export const GROUPS: readonly SwitchGroup[] = [
  { title: "positional arguments", switches: [DOMAIN] },
  {
    switches: [
      made("-h --help", "ends", { help: "print this and end" }),
      made("--version", "ends", { help: "print the version and end" }),
      made("-c --connect", "one", { value: "URI", help: "the connection, as test:///default" }),
    ],
  },
  { title: "XML actions", switches: ACTIONS },
  { title: "Output options", switches: OUTPUT },
  { title: "OS options", switches: [OS_SWITCH] },
  {
    title: "XML options",
    switches: [
      ...optionSwitches("disk network graphics metadata memory vcpus cpu"),
      XML_SWITCH,
      ...GUEST_SWITCHES,
      ...optionSwitches("boot idmap"),
      ...deviceSwitches([optionSwitch("sound")]),
    ],
  },
  {
    title: "Miscellaneous Options",
    switches: [
      made("-q --quiet", "flag", { help: "errors only" }),
      made("-d --debug", "flag", { help: "say what is done, too" }),
    ],
  },
];

export const USAGE = "usage: virt-xml [options]";

/** @throws UsageError in argparse's words */
export function parseCommandLine(args: readonly string[]): Given {
  return parseArguments(
    args,
    GROUPS.flatMap(({ switches }) => switches),
  );
}

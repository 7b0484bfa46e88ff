/**
 * Lines made of virsh's own tables: each command with too few options, with what it requires, and with
 * each of its options and each pair of its flags besides. What a value is does not matter much; that
 * both virshs look at the same options in the same order, and say the same, does.
 */
import { GROUPS } from "../../src/cli/virsh/groups.ts";
import type { CommandGroup, CommandSpec } from "../../src/cli/virsh/shell/spec.ts";
import type { CommandList } from "./lists.ts";

/** Values of options by name, or by `command option`. */
const VALUES: Readonly<Record<string, string>> = {
  domain: "test",
  network: "default",
  pool: "default-pool",
  vol: "v1",
  interface: "eth1",
  device: "computer",
  secret: "55c30b4c-5d62-4d3c-b6c9-7ee6a2b0a5bb",
  file: "nosuch.xml",
  snapshotname: "s1",
  checkpointname: "c1",
  name: "n1",
  path: "vda",
  key: "k",
  newname: "nn",
  "new-name": "nn",
  uri: "http://a.b/",
  type: "dir",
  "attach-disk type": "disk",
  "attach-interface type": "network",
  "detach-interface type": "network",
  "blkdeviotune device": "vda",
  "domblkinfo device": "vda",
  "domblkstat device": "vda",
  "domifstat interface": "testnet0",
  "domiftune interface": "testnet0",
  kilobytes: "1024",
  size: "1048576",
  count: "1",
  vcpu: "0",
  cpulist: "0",
  iothread: "1",
  id: "1",
  bandwidth: "5",
  capacity: "1M",
  keycode: "30",
  pid: "1",
  signame: "1",
  duration: "5",
  target: "mem",
  mode: "static",
  mac: "52:54:00:11:22:33",
};

/** What has to be there before the commands of a group do anything, by the group's keyword. */
const BEFORE: Readonly<Record<string, string>> = {
  volume: "vol-create-as default-pool v1 1M; ",
  snapshot: "snapshot-create-as test s1; ",
  checkpoint: "checkpoint-create-as test c1; ",
};

/**
 * They end the line, need a terminal, wait, or need libvirt's map of processors: lists of their own have
 * lines of some of them.
 */
const LEFT_OUT = /^(?:quit|exit|connect|console|cpu-baseline|self-test|event|.*-event)$/;

/** The lists of all groups, named `options-<keyword>`. */
export function optionLists(): CommandList[] {
  return GROUPS.map((group) => ({
    name: `options-${group.keyword}`,
    options: ["-c", "test:///default"],
    lines: [...new Set(linesOf(group))],
  }));
}

function linesOf({ keyword, commands }: CommandGroup): string[] {
  const before = BEFORE[keyword] ?? "";
  return Object.entries(commands).flatMap(([name, spec]) => {
    if (LEFT_OUT.test(name)) return [];
    if ("alias" in spec) return [name];
    return linesWith(name, spec).map((line) => `${before}${line}`);
  });
}

function linesWith(name: string, { options }: CommandSpec): string[] {
  const valueOf = (option: string): string => VALUES[`${name} ${option}`] ?? VALUES[option] ?? "x";
  const entries = Object.entries(options);
  const required = entries.filter(([, spec]) => "required" in spec).map(([option]) => option);
  const base = [name, ...required.map(valueOf)].join(" ");
  const lines = [name, base];
  const add = (line: string, stopped: boolean): void => {
    lines.push(line);
    if (stopped) lines.push(`destroy test; ${line}`);
  };
  const hasDomain = "domain" in options;
  if (hasDomain) {
    lines.push(base.replace(" test", " nosuch"));
    lines.push(`destroy test; ${base}`);
  }
  for (const [option, { kind, ...spec }] of entries) {
    if (kind === "alias" || "required" in spec) continue;
    if (kind === "bool") {
      add(`${base} --${option}`, hasDomain && /^(?:live|config|current|persistent)$/.test(option));
      continue;
    }
    for (const value of [valueOf(option), "7", "''"]) lines.push(`${base} --${option} ${value}`);
  }
  const flags = entries.flatMap(([option, { kind }]) => (kind === "bool" ? [option] : []));
  for (const [at, one] of flags.entries()) {
    for (const other of flags.slice(at + 1)) lines.push(`${base} --${one} --${other}`);
  }
  return lines;
}

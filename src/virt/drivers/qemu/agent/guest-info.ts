/** `virDomainGetGuestInfo`: what the agent knows of its guest, as typed parameters. */
import { vmError } from "../../../../protocol/vm-error.ts";
import type { DomainInterface } from "../../../driver/domain-calls.ts";
import { param, type TypedParam, type TypedParams } from "../../../driver/typed-params.ts";
import { QEMU } from "../qemu-state.ts";
import type { Agent } from "./agent.ts";
import { type FileSystem, fileSystems, type GuestDisk, guestDisk } from "./file-systems.ts";
import type { AgentReply } from "./reply.ts";

/** What finds a disk's target by where the guest sees it. */
export type TargetOf = (disk: GuestDisk) => string | undefined;

interface Asked {
  readonly agent: Agent;
  readonly targetOf: TargetOf;
}

type Group = (reply: AgentReply, asked: Asked) => TypedParam[];

/** `virDomainGuestInfoTypes` with their commands, in libvirt's order. */
const GROUPS: readonly (readonly [bit: number, command: string, group: Group])[] = [
  [1, "guest-get-users", users],
  [2, "guest-get-osinfo", system],
  [4, "guest-get-timezone", timezone],
  [8, "guest-get-host-name", (reply) => [param.string("hostname", reply.text("host-name"))]],
  [16, "guest-get-fsinfo", (reply, { targetOf }) => fileSystemParams(fileSystems(reply), targetOf)],
  [32, "guest-get-disks", disks],
  [64, "guest-network-get-interfaces", (reply) => interfaceParams(interfacesOf(reply))],
];
const KNOWN = GROUPS.reduce((sum, [bit]) => sum | bit, 0);

/**
 * @param types bits of `virDomainGuestInfoTypes`; 0 asks for all that the agent knows
 * @throws VmError invalidArg, and what the agent's commands throw
 */
export async function guestInfo(asked: Asked, types: number): Promise<TypedParams> {
  const unknown = (types & ~KNOWN) >>> 0;
  if (unknown !== 0) {
    const words = `unsupported guest information types '0x${unknown.toString(16)}'`;
    throw vmError("invalidArg", words, QEMU);
  }
  const params: TypedParam[] = [];
  for (const [bit, command, group] of GROUPS) {
    if (types !== 0 && (types & bit) === 0) continue;
    const { agent } = asked;
    const reply = types === 0 ? await agent.runIfKnown(command) : await agent.run(command);
    if (reply) params.push(...group(reply, asked));
  }
  return params;
}

function users(reply: AgentReply): TypedParam[] {
  const list = reply.list();
  const rows = list.flatMap((user, i) => [
    param.string(`user.${i}.name`, user.text("user")),
    ...optional(`user.${i}.domain`, user.optionalText("domain")),
    param.ullong(`user.${i}.login-time`, whole(user.number("login-time") * 1000)),
  ]);
  return [param.uint("user.count", list.length), ...rows];
}

const OS_FIELDS = [
  ...["id", "name", "pretty-name", "version", "version-id", "machine"],
  ...["variant", "variant-id", "kernel-release", "kernel-version"],
];

function system(reply: AgentReply): TypedParam[] {
  return OS_FIELDS.flatMap((name) => optional(`os.${name}`, reply.optionalText(name)));
}

function timezone(reply: AgentReply): TypedParam[] {
  return [
    ...optional("timezone.name", reply.optionalText("zone")),
    param.int("timezone.offset", reply.number("offset")),
  ];
}

function fileSystemParams(all: readonly FileSystem[], targetOf: TargetOf): TypedParam[] {
  const rows = all.flatMap((each, i) => [
    param.string(`fs.${i}.name`, each.name),
    param.string(`fs.${i}.mountpoint`, each.mountpoint),
    param.string(`fs.${i}.fstype`, each.fstype),
    ...bytes(`fs.${i}.total-bytes`, each.totalBytes),
    ...bytes(`fs.${i}.used-bytes`, each.usedBytes),
    param.uint(`fs.${i}.disk.count`, each.disks.length),
    ...each.disks.flatMap((disk, j) => [
      ...optional(`fs.${i}.disk.${j}.alias`, targetOf(disk)),
      ...optional(`fs.${i}.disk.${j}.serial`, disk.serial),
      ...optional(`fs.${i}.disk.${j}.device`, disk.device),
    ]),
  ]);
  return [param.uint("fs.count", all.length), ...rows];
}

function disks(reply: AgentReply, { targetOf }: Asked): TypedParam[] {
  const list = reply.list();
  const rows = list.flatMap((disk, i): TypedParam[] => {
    const dependencies = disk.listAt("dependencies").map(({ value }) => String(value));
    const address = disk.object("address");
    const place = address && guestDisk(address);
    return [
      param.string(`disk.${i}.name`, disk.text("name")),
      param.boolean(`disk.${i}.partition`, disk.isTrue("partition")),
      ...(dependencies.length > 0
        ? [param.uint(`disk.${i}.dependency.count`, dependencies.length)]
        : []),
      ...dependencies.map((name, j) => param.string(`disk.${i}.dependency.${j}.name`, name)),
      ...optional(`disk.${i}.serial`, place?.serial),
      ...optional(`disk.${i}.alias`, place ? targetOf(place) : undefined),
      ...optional(`disk.${i}.guest_alias`, disk.optionalText("alias")),
    ];
  });
  return [param.uint("disk.count", list.length), ...rows];
}

/** Addresses of names like `eth0:1` are `eth0`'s. */
export function interfacesOf(reply: AgentReply): DomainInterface[] {
  const found = new Map<string, DomainInterface>();
  for (const each of reply.list()) {
    const name = each.text("name").split(":")[0] ?? "";
    const before = found.get(name);
    const addrs = each.listAt("ip-addresses").map((address) => ({
      type: address.text("ip-address-type") === "ipv6" ? 1 : 0,
      addr: address.text("ip-address"),
      prefix: address.number("prefix"),
    }));
    const hwaddr = before?.hwaddr ?? each.optionalText("hardware-address") ?? null;
    found.set(name, { name, hwaddr, addrs: [...(before?.addrs ?? []), ...addrs] });
  }
  return [...found.values()];
}

function interfaceParams(all: readonly DomainInterface[]): TypedParam[] {
  const rows = all.flatMap(({ name, hwaddr, addrs }, i) => [
    param.string(`if.${i}.name`, name),
    ...optional(`if.${i}.hwaddr`, hwaddr ?? undefined),
    param.uint(`if.${i}.addr.count`, addrs.length),
    ...addrs.flatMap(({ type, addr, prefix }, j) => [
      param.string(`if.${i}.addr.${j}.type`, type === 0 ? "ipv4" : "ipv6"),
      param.string(`if.${i}.addr.${j}.addr`, addr),
      param.uint(`if.${i}.addr.${j}.prefix`, prefix),
    ]),
  ]);
  return [param.uint("if.count", all.length), ...rows];
}

function optional(field: string, value: string | undefined): TypedParam[] {
  return value === undefined ? [] : [param.string(field, value)];
}

function bytes(field: string, value: number | undefined): TypedParam[] {
  return value === undefined ? [] : [param.ullong(field, whole(value))];
}

function whole(value: number): bigint {
  return BigInt(Math.max(0, Math.round(value)));
}

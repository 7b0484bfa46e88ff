/** Names of a domain's parts, which complete options' values. */
import { devicesOf, interfaceAt, vcpuCounts } from "../../../virt/conf/domain/view.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import { DomainXMLFlags } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { childElements, find, type XmlElement } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Wanted } from "../shell/completion.ts";

/** Names, or those of which several can be given, separated by commas. */
type Found = string[] | { readonly listOf: readonly string[] };

type Source = (connect: Connect, domain: DomainRef, wanted: Wanted) => Promise<Found>;

export const OF_DOMAIN: Readonly<Record<string, Source>> = {
  "domain-disk-target": diskTargets,
  "domain-undefine-storage-disks": async (connect, domain) => ({
    listOf: await diskTargets(connect, domain),
  }),
  "domain-migrate-disks": async (connect, domain) => ({
    listOf: await diskTargets(connect, domain),
  }),
  "domain-blockjob-base-top": async (connect, domain, { given }) => {
    const disks = devicesOf(await definitionOf(connect, domain), "disk");
    const path = given.get("path");
    const isNamed = disks.some((disk) => targetOf(disk) === path);
    return disks.filter((disk) => !isNamed || targetOf(disk) === path).flatMap(chainOf);
  },
  "domain-interface": async (connect, domain, { among }) =>
    devicesOf(await definitionOf(connect, domain), "interface").flatMap((each) => {
      const name = among === "mac" ? "" : targetOf(each);
      return name === "" ? (find(each, "mac")?.attributes.get("address") ?? []) : name;
    }),
  "domain-interface-state": async (connect, domain, { given }) => {
    const definition = await definitionOf(connect, domain);
    const found = interfaceAt(definition, given.get("interface") ?? "");
    const state = found && find(found, "link")?.attributes.get("state");
    return found ? [state === "down" ? "up" : "down"] : [];
  },
  "domain-device-alias": async (connect, domain) =>
    devicesIn(await definitionOf(connect, domain)).flatMap(aliasOf),
  "domain-console": async (connect, domain) => {
    const definition = await definitionOf(connect, domain);
    return [...devicesOf(definition, "serial"), ...devicesOf(definition, "parallel")]
      .filter((each) => each.attributes.get("type") === "pty")
      .flatMap(aliasOf);
  },
  "domain-iothread-id": async (connect, domain) =>
    (await connect.domainGetIOThreadInfo(domain, 0)).map(({ id }) => String(id)),
  "domain-vcpu": vcpus,
  "domain-vcpulist": async (connect, domain) => ({ listOf: await vcpus(connect, domain) }),
  "domain-fs-mountpoints": async (connect, domain) =>
    (await connect.domainGetFSInfo(domain, 0)).map(({ mountpoint }) => mountpoint),
  "domain-perf-enable": perfEvents,
  "domain-perf-disable": perfEvents,
  "snapshot-name": async (connect, domain) =>
    (await connect.domainListAllSnapshots(domain, 0)).map(({ name }) => name),
  "checkpoint-name": async (connect, domain) =>
    (await connect.domainListAllCheckpoints(domain, 0)).map(({ name }) => name),
};

async function definitionOf(connect: Connect, domain: DomainRef, flags = 0): Promise<XmlElement> {
  return parseXml(await connect.domainGetXMLDesc(domain, flags), "domain_definition");
}

function devicesIn(definition: XmlElement): XmlElement[] {
  const devices = find(definition, "devices");
  return devices ? childElements(devices) : [];
}

function targetOf(device: XmlElement): string {
  return find(device, "target")?.attributes.get("dev") ?? "";
}

function aliasOf(device: XmlElement): string[] {
  const name = find(device, "alias")?.attributes.get("name");
  return name === undefined ? [] : [name];
}

async function diskTargets(connect: Connect, domain: DomainRef): Promise<string[]> {
  return devicesOf(await definitionOf(connect, domain), "disk").map(targetOf);
}

/** A disk, and the images of its chain that have a number: `vda`, `vda[1]`. */
function chainOf(disk: XmlElement): string[] {
  const images = [...childElements(disk, "source"), ...childElements(disk, "backingStore")];
  const indexes = images.flatMap((each) => each.attributes.get("index") ?? []);
  return [targetOf(disk), ...indexes.map((index) => `${targetOf(disk)}[${index}]`)];
}

async function vcpus(connect: Connect, domain: DomainRef): Promise<string[]> {
  const { max } = vcpuCounts(await definitionOf(connect, domain, DomainXMLFlags.inactive));
  return Array.from({ length: max }, (_, at) => String(at));
}

async function perfEvents(connect: Connect, domain: DomainRef): Promise<Found> {
  const events = await connect.domainGetPerfEvents(domain, 0);
  return { listOf: events.map(({ field }) => field) };
}

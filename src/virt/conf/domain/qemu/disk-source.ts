/** Where a disk's images are: what is left out of `<source>` and its backing images. */
import { childAt, childrenOf, defaultAttribute, type Draft } from "../../../xml/draft.ts";

/** Ports that a host of a protocol has where it names none. */
const PORTS: Readonly<Record<string, string>> = {
  http: "80",
  https: "443",
  ftp: "21",
  ftps: "990",
  tftp: "69",
  sheepdog: "7000",
  nbd: "10809",
  ssh: "22",
  iscsi: "3260",
  gluster: "24007",
  vxhs: "9999",
};

/**
 * Fills in the sources of a disk and of the images that it stands on.
 *
 * @param inactive images have numbers only while the domain runs
 */
export function fillSources(disk: Draft, inactive: boolean): void {
  fillEncryption(disk);
  fillImage(disk, inactive);
}

/** An image: a disk, or a backing one of it. */
function fillImage(image: Draft, inactive: boolean): void {
  const source = childAt(image, "source");
  if (source) fillSource(source, inactive);
  const backing = childAt(image, "backingStore");
  if (!backing) return;
  if (inactive) backing.attributes.delete("index");
  fillImage(backing, inactive);
}

function fillSource(source: Draft, inactive: boolean): void {
  if (inactive) source.attributes.delete("index");
  if (source.children.every((each) => each.kind === "text")) source.children = [];
  fillEncryption(source);
  const { protocol, name } = Object.fromEntries(source.attributes);
  if (protocol === undefined) return;
  if (protocol === "iscsi" && name?.includes("/") === false) {
    source.attributes.set("name", `${name}/0`);
  }
  const port = PORTS[protocol];
  for (const host of childrenOf(source, "host")) {
    const transport = host.attributes.get("transport") ?? "tcp";
    if (port !== undefined && transport !== "unix") defaultAttribute(host, "port", port);
  }
}

/** What unlocks an image is QEMU itself. */
function fillEncryption(parent: Draft): void {
  const encryption = childAt(parent, "encryption");
  if (encryption) defaultAttribute(encryption, "engine", "qemu");
}

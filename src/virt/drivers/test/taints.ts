/** What is wrong about a domain of a file of objects (testDomainObjCheckTaint). */
import { devicesOf } from "../../conf/domain/view.ts";
import { find, textAt, type XmlElement } from "../../xml/element.ts";

/** `virDomainMessageType`. */
const MESSAGES = { deprecation: 1, tainting: 2 } as const;

/** The one CPU model that is out of fashion here. */
const DEPRECATED_MODEL = "Deprecated-Test";

/** What makes each taint, in libvirt's order and words. */
const TAINTS: readonly (readonly [string, (domain: XmlElement) => boolean])[] = [
  ["running with undesirable elevated privileges", hasRawIo],
  [
    "network configuration using opaque shell scripts",
    (domain) => devicesOf(domain, "interface").some((each) => find(each, "script") !== undefined),
  ],
  [
    "use of host cdrom passthrough",
    (domain) =>
      devicesOf(domain, "disk").some(
        (each) =>
          each.attributes.get("device") === "cdrom" &&
          each.attributes.get("type") === "block" &&
          find(each, "source")?.attributes.get("dev") !== undefined,
      ),
  ],
  ["custom device tree blob used", (domain) => find(domain, "os", "dtb") !== undefined],
  ["use of deprecated configuration settings", isDeprecated],
];

function hasRawIo(domain: XmlElement): boolean {
  const scsi = devicesOf(domain, "hostdev").filter(
    (each) => each.attributes.get("type") === "scsi",
  );
  return [...devicesOf(domain, "disk"), ...scsi].some(
    (each) => each.attributes.get("rawio") === "yes",
  );
}

function isDeprecated(domain: XmlElement): boolean {
  const isCustom = find(domain, "cpu")?.attributes.get("mode") === "custom";
  return isCustom && textAt(domain, "cpu", "model") === DEPRECATED_MODEL;
}

/** `flags` are of `virDomainMessageType`; 0 asks for all. */
export function messagesOf(domain: XmlElement, flags: number): string[] {
  const wants = (kind: number): boolean => flags === 0 || (flags & kind) !== 0;
  const taints = TAINTS.filter(([, applies]) => applies(domain));
  return [
    ...(wants(MESSAGES.tainting) ? taints.map(([words]) => `tainted: ${words}`) : []),
    ...(wants(MESSAGES.deprecation) && isDeprecated(domain)
      ? [`deprecated configuration: CPU model ${DEPRECATED_MODEL}`]
      : []),
  ];
}

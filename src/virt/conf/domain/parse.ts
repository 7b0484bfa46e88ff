/**
 * libvirt's domain XML to its canonical form: checked, with defaults filled in, in libvirt's order
 * (virDomainDefParseXML and virDomainDefFormat). What is not known is kept.
 */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  type Draft,
  draft,
  draftOf,
  ensureChild,
  removeChildren,
} from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange } from "../arrange.ts";
import { fillBasics } from "./basics.ts";
import type { DomainContext, DomainParseOptions } from "./context.ts";
import { fillDevices } from "./devices.ts";
import { DOMAIN_ORDER } from "./order.ts";
import { validate } from "../validate.ts";
import { fillTuning } from "./tuning.ts";

/**
 * Parses a definition.
 *
 * @throws VmError xmlDetail, xmlError, noName, internalError, in libvirt's words
 */
export function parseDomain(
  text: string,
  context: DomainContext,
  options: DomainParseOptions,
): XmlElement {
  return canonicalDomain(parsedTree(text, options), context, options);
}

/** @throws VmError xmlDetail, and with `validate` xmlInvalidSchema */
export function parsedTree(
  text: string,
  { validate: check = false }: DomainParseOptions,
): XmlElement {
  const tree = parseXml(text, "domain_definition", "domain");
  if (check) validate(tree, DOMAIN_ORDER, "domain");
  return tree;
}

/** As `parseDomain`, for a tree. */
export function canonicalDomain(
  tree: XmlElement,
  context: DomainContext,
  options: DomainParseOptions,
): XmlElement {
  const domain = draftOf(tree);
  dropComments(domain);
  checkType(domain, context);
  if (options.inactive) domain.attributes.delete("id");
  const inactive = !domain.attributes.has("id");
  fillBasics(domain, context);
  fillTuning(domain);
  fillActions(domain);
  fillDevices(domain, context, { inactive });
  const devices = ensureChild(domain, "devices");
  devices.children.push({ kind: "open" });
  arrange(domain, DOMAIN_ORDER);
  return domain;
}

function checkType(domain: Draft, { virtTypes }: DomainContext): void {
  const type = domain.attributes.get("type");
  if (type === undefined) {
    throw vmError("xmlError", "Missing required attribute 'type' in element 'domain'", {
      domain: ErrorDomain.domain,
    });
  }
  if (virtTypes.length > 0 && !virtTypes.includes(type)) {
    throw vmError("invalidArg", `could not find capabilities for domaintype=${type} `, {
      domain: ErrorDomain.domain,
    });
  }
}

/** libvirt keeps comments in `metadata` only. */
function dropComments(node: Draft): void {
  if (node.name === "metadata") return;
  node.children = node.children.filter(({ kind }) => kind !== "comment");
  for (const child of node.children) if (child.kind === "element") dropComments(child);
}

const ACTIONS = {
  on_poweroff: { default: "destroy", words: ["destroy", "restart", "rename-restart", "preserve"] },
  on_reboot: { default: "restart", words: ["destroy", "restart", "rename-restart", "preserve"] },
  on_crash: {
    default: "destroy",
    words: [
      "destroy",
      "restart",
      "rename-restart",
      "preserve",
      "coredump-destroy",
      "coredump-restart",
    ],
  },
} as const;

function fillActions(domain: Draft): void {
  const clock = ensureChild(domain, "clock");
  if (!clock.attributes.has("offset")) clock.attributes.set("offset", "utc");
  for (const [name, action] of Object.entries(ACTIONS)) {
    const old = childAt(domain, name);
    const text = old?.children.map((each) => (each.kind === "text" ? each.text : "")).join("");
    if (!old || text === "") {
      removeChildren(domain, name);
      domain.children.push(draft(name, {}, action.default));
    } else if (!(action.words as readonly string[]).includes(text ?? "")) {
      throw vmError("internalError", `unknown lifecycle action ${text}`, {
        domain: ErrorDomain.domain,
      });
    }
  }
}

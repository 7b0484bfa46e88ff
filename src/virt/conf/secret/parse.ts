/** Secrets' XML to its canonical form (virSecretDefParse and its format). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, defaultAttribute, draftOf, draftText } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange, type OrderTable } from "../arrange.ts";
import { dropComments, fillUuid, type ObjectContext } from "../common.ts";
import { checkWord } from "../values.ts";

const SECRET = { domain: ErrorDomain.secret } as const;

const SECRET_ORDER: OrderTable = {
  secret: { attributes: "ephemeral private", children: "uuid description usage" },
};

/** The element of each type of usage that says what the secret is for. */
export const SECRET_USAGE: Readonly<Record<string, string>> = {
  volume: "volume",
  ceph: "name",
  iscsi: "target",
  tls: "name",
  vtpm: "name",
};

/** Parses a definition. @throws VmError in libvirt's words */
export function parseSecret(text: string, context: ObjectContext): XmlElement {
  const secret = draftOf(parseXml(text, "secret_definition", "secret"));
  dropComments(secret);
  for (const name of ["ephemeral", "private"]) {
    defaultAttribute(secret, name, "no");
    checkWord(secret, name, ["yes", "no"]);
  }
  fillUuid(secret, context, ErrorDomain.secret);
  const usage = childAt(secret, "usage");
  const type = usage?.attributes.get("type");
  if (usage && type === undefined) {
    throw vmError("xmlError", "unknown secret usage type", SECRET);
  }
  if (usage && type !== undefined && type !== "none") {
    const element = Object.hasOwn(SECRET_USAGE, type) ? SECRET_USAGE[type] : undefined;
    if (element === undefined) {
      throw vmError("xmlError", `unknown secret usage type ${type}`, SECRET);
    }
    const id = childAt(usage, element);
    if (!id || draftText(id) === "") {
      throw vmError("xmlError", `${type} usage specified, but ${element} is missing`, SECRET);
    }
  }
  arrange(secret, SECRET_ORDER);
  return secret;
}

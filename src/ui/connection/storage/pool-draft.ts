/** A new pool as its user describes it: what libvirt says of it, and its definition. */
import { parsePool } from "../../../virt/conf/pool/parse.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { errorText } from "../../common/error-text.ts";
import { type Size, sizeBytes } from "../../common/size.ts";

export const POOL_TYPES = ["dir", "logical", "http"] as const;
export type NewPoolType = (typeof POOL_TYPES)[number];

export interface PoolDraft {
  readonly name: string;
  readonly type: NewPoolType;
  /** Of a directory. */
  readonly path: string;
  /** Of the file that a volume group is in. */
  readonly size: Size;
  /** Addresses of images, one a line, or the one of a list of them. */
  readonly addresses: string;
}

export interface PoolProblems {
  readonly name?: string;
  readonly place?: string;
}

/** Where the files of volume groups are. */
const GROUPS = "/var/lib/tabvisor/volume-groups";

/** The draft as libvirt takes it. */
export function poolDefinition(draft: PoolDraft): XmlElement {
  const { type } = draft;
  const name = draft.name.trim();
  return element("pool", { type }, [
    textElement("name", name),
    ...PLACES[type]({ ...draft, name }),
  ]);
}

const PLACES: Readonly<Record<NewPoolType, (draft: PoolDraft) => XmlElement[]>> = {
  dir: ({ path }) => [element("target", {}, [textElement("path", path.trim())])],
  logical: ({ name, size }) => [
    // How long the file is made that is its physical volume.
    element("capacity", { unit: "bytes" }, [String(sizeBytes(size))]),
    element("source", {}, [
      element("device", { path: `${GROUPS}/${name}.pv` }),
      textElement("name", name),
      element("format", { type: "lvm2" }),
    ]),
    element("target", {}, [textElement("path", `/dev/${name}`)]),
  ],
  http: ({ addresses }) => {
    const lines = linesOf(addresses);
    const [only, ...more] = lines;
    return [
      element(
        "source",
        {},
        only !== undefined && more.length === 0 && IS_LIST.test(only)
          ? [textElement("name", only)]
          : lines.map((path) => element("device", { path })),
      ),
    ];
  },
};

/** Addresses that look like images are images; others are lists. */
const IS_LIST = /(?:\/|\.json|\.html?)$/;

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What libvirt would say of the draft, field by field. */
export function poolProblems(draft: PoolDraft): PoolProblems {
  const name = said({ ...SOUND, name: draft.name });
  const place = placeProblem(draft) ?? said({ ...draft, name: SOUND.name });
  return { ...(name !== null && { name }), ...(place !== null && { place }) };
}

const SOUND: PoolDraft = {
  name: "pool",
  type: "dir",
  path: "/",
  size: { text: "1", unit: 1 },
  addresses: "",
};

/** What libvirt's parser does not look at. */
function placeProblem({ type, path, size, addresses }: PoolDraft): string | null {
  if (type === "dir" && path.trim() !== "" && !path.trim().startsWith("/")) {
    return `cannot open directory '${path.trim()}': No such file or directory.`;
  }
  if (type === "logical" && !(sizeBytes(size) > 0 && Number.isSafeInteger(sizeBytes(size)))) {
    return `XML error: Invalid value '${size.text}' for element or attribute './capacity'.`;
  }
  if (type !== "http") return null;
  const lines = linesOf(addresses);
  if (lines.length === 0) return "XML error: missing storage pool source address.";
  const wrong = lines.find((line) => !URL.canParse(line) || !/^https?:/.test(line));
  return wrong === undefined ? null : `XML error: malformed storage pool source address ${wrong}.`;
}

function said(draft: PoolDraft): string | null {
  try {
    parsePool(formatXml(poolDefinition(draft)), { newUuid: () => NO_UUID });
    return null;
  } catch (error) {
    return errorText(error);
  }
}

const NO_UUID = "00000000-0000-0000-0000-000000000000";

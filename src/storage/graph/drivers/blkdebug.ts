import { utf8Text } from "../../../util/bytes.ts";
import { StorageError, errnoOf, errnoOfNumber, strerror } from "../../errors.ts";
import { BlkdebugNode } from "../../filters/blkdebug/blkdebug-node.ts";
import { type Section, parseConfig } from "../../filters/blkdebug/config-file.ts";
import { type Limits, demandSoundLimits } from "../../filters/blkdebug/limits.ts";
import {
  EVENTS,
  IO_TYPES,
  type IoType,
  type Rule,
  RuleMachine,
} from "../../filters/blkdebug/rules.ts";
import { type ImageOptions, childOptions, listOf, textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { numberOption, sizeOption, switchOption } from "../option-values.ts";
import { demandKnown, described } from "./described.ts";

const SECTOR = 512;
const KNOWN = [
  "config",
  "x-image",
  "image",
  "inject-error",
  "set-state",
  "align",
  "max-transfer",
  "opt-write-zero",
  "max-write-zero",
  "opt-discard",
  "max-discard",
  "take-child-perms",
  "unshare-child-perms",
];

/** `blkdebug:CONFIG:IMAGE`: the image, with the rules of a file and of the options. */
export async function openBlkdebug(nodes: NodeOpener, request: NodeRequest): Promise<OpenImage> {
  const options = { ...fromName(request.filename), ...request.options };
  demandKnown(options, "blkdebug", "protocol", KNOWN);
  const config = textOf(options, "config");
  const sections = config === undefined || config === "" ? [] : await readConfig(nodes, config);
  const rules = rulesOf([...sections, ...givenSections(options)]);
  const limits = limitsOf(options);
  const image = await nodes.open({
    ...request,
    driver: undefined,
    filename: textOf(options, "x-image"),
    options: childOptions(options, "image"),
  });
  const node = new BlkdebugNode(image.node, new RuleMachine(rules), limits, nodes.trace);
  return {
    ...image,
    node,
    driver: "blkdebug",
    ...described(exactName(options, image), {
      driver: "blkdebug",
      image: image.fullOptions,
      config,
    }),
    debugger: node,
  };
}

function fromName(filename: string | undefined): ImageOptions {
  if (filename === undefined) return {};
  if (!filename.startsWith("blkdebug:")) return { "x-image": filename };
  const rest = filename.slice("blkdebug:".length);
  const colon = rest.indexOf(":");
  if (colon < 0) {
    throw new StorageError("EINVAL", "blkdebug requires both config file and image path");
  }
  const image = { "x-image": rest.slice(colon + 1) };
  return colon === 0 ? image : { config: rest.slice(0, colon), ...image };
}

/** The name says all when no other options were given. */
function exactName(options: ImageOptions, image: OpenImage): string | undefined {
  const nameless = ["x-image", "image", "config", "driver", "filename"];
  if (image.exactName === undefined) return undefined;
  if (Object.keys(options).some((key) => !nameless.includes(key))) return undefined;
  return `blkdebug:${textOf(options, "config") ?? ""}:${image.exactName}`;
}

async function readConfig({ files }: NodeOpener, name: string): Promise<readonly Section[]> {
  let bytes: Uint8Array;
  try {
    const file = await files.open(name, { write: false });
    bytes = new Uint8Array(file.sizeBytes);
    await file.read(0, bytes);
    await file.close();
  } catch (error) {
    const errno = errnoOf(error);
    const message = `Could not read blkdebug config file: ${strerror(errno)}`;
    throw new StorageError(errno, message, error);
  }
  return parseConfig(utf8Text(bytes), name);
}

function givenSections(options: ImageOptions): readonly { name: string; values: ImageOptions }[] {
  return ["inject-error", "set-state"].flatMap((name) =>
    listOf(options, name).map((values) => ({ name, values })),
  );
}

function rulesOf(
  sections: readonly { readonly name: string; readonly values: ImageOptions }[],
): readonly Rule[] {
  return sections.map(({ name, values }) => {
    if (name === "inject-error") return injection(values);
    if (name === "set-state") return stateChange(values);
    throw new StorageError("EINVAL", `There is no option group '${name}'`);
  });
}

function common(values: ImageOptions): { readonly event: string; readonly state: number } {
  const event = textOf(values, "event");
  if (event === undefined) throw new StorageError("EINVAL", "Missing event name for rule");
  if (!EVENTS.has(event)) throw new StorageError("EINVAL", `Invalid event name "${event}"`);
  return { event, state: numberOption(values, "state") ?? 0 };
}

function injection(values: ImageOptions): Rule {
  const sector = numberOption(values, "sector") ?? -1;
  return {
    kind: "inject",
    ...common(values),
    errno: errnoOfNumber(numberOption(values, "errno") ?? 5),
    types: typesOf(textOf(values, "iotype")),
    offset: sector < 0 ? undefined : sector * SECTOR,
    once: switchOption(values, "once") ?? false,
  };
}

function typesOf(text: string | undefined): readonly IoType[] {
  if (text === undefined) return IO_TYPES.filter((type) => type !== "block-status");
  const type = IO_TYPES.find((known) => known === text);
  if (type === undefined) throw new StorageError("EINVAL", `Invalid parameter '${text}'`);
  return [type];
}

function stateChange(values: ImageOptions): Rule {
  return { kind: "set-state", ...common(values), newState: numberOption(values, "new_state") ?? 0 };
}

function limitsOf(options: ImageOptions): Limits {
  const size = (name: string): number => sizeOption(options, name) ?? 0;
  const limits = {
    align: size("align") || 1,
    maxTransfer: size("max-transfer"),
    optWriteZero: size("opt-write-zero"),
    maxWriteZero: size("max-write-zero"),
    optDiscard: size("opt-discard"),
    maxDiscard: size("max-discard"),
  };
  demandSoundLimits(limits);
  return limits;
}

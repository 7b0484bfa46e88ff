import { checkQcow2 } from "../../formats/qcow2/check.ts";
import type { Qcow2Unlocking } from "../../formats/qcow2/encryption.ts";
import { openQcow2 } from "../../formats/qcow2/open.ts";
import { Qcow2Node } from "../../formats/qcow2/qcow2-node.ts";
import type { JsonObject } from "../../json.ts";
import { run } from "../../task.ts";
import { resolveBacking } from "../filename.ts";
import { childOptions, textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { openBacking } from "./backing.ts";
import { demandKnown, described } from "./described.ts";
import { QCOW2_RUNTIME_OPTIONS, qcow2Runtime } from "./qcow2-options.ts";

const KNOWN_OPTIONS = ["file", "backing", "data-file", "encrypt", ...QCOW2_RUNTIME_OPTIONS];

/** A qcow2 image with its data file and its backing chain. */
export async function openQcow2Image(
  nodes: NodeOpener,
  request: NodeRequest,
  file: OpenImage,
): Promise<OpenImage> {
  const { options, write } = request;
  demandKnown(options, "qcow2", "format", KNOWN_OPTIONS);
  let dataFile: OpenImage | undefined;
  const image = await openQcow2(file.node, {
    readOnly: !write,
    forCheck: request.forCheck === true,
    runtime: (clusterSize, l2Bytes) => qcow2Runtime(options, clusterSize, l2Bytes),
    unlocking: unlockingOf(nodes, request),
    report: nodes.report,
    complain: nodes.complain,
    openDataFile: async (inImage) => {
      dataFile = await openDataFile(nodes, request, file, inImage);
      return dataFile?.node;
    },
  });
  const node = new Qcow2Node(image);
  if (write && request.forCheck !== true && (image.header.incompatible & 1) !== 0)
    await run(checkQcow2(image, "all"));
  const backing = await openBacking(nodes, request, file, image.header);
  image.backing = backing?.node;
  const own = file.allocatedBytes;
  return {
    node,
    driver: "qcow2",
    ...described(isOverridden(request) ? undefined : file.exactName, {
      driver: "qcow2",
      file: file.fullOptions,
      ...overriddenOptions(request, backing, dataFile),
    }),
    dataName: dataFile?.dataName ?? file.dataName,
    basePath: file.basePath,
    backing,
    probed: false,
    allocatedBytes: own === undefined ? undefined : own + (dataFile?.allocatedBytes ?? 0),
    debugger: file.debugger,
  };
}

function unlockingOf(
  { keys, legacyAes }: NodeOpener,
  { options, lookOnly = false }: NodeRequest,
): Qcow2Unlocking {
  const given = childOptions(options, "encrypt");
  const keySecret = textOf(given, "key-secret");
  return { keys, legacyAes, lookOnly, keySecret, format: textOf(given, "format") };
}

/** The image would not be the same when its name alone was opened again. */
function isOverridden({ options }: NodeRequest): boolean {
  const children = [options["backing"], options["data-file"], options["encrypt"]];
  return children.some((child) => child !== undefined);
}

function overriddenOptions(
  { options }: NodeRequest,
  backing: OpenImage | undefined,
  dataFile: OpenImage | undefined,
): JsonObject {
  const secret = textOf(childOptions(options, "encrypt"), "key-secret");
  return {
    ...(secret !== undefined && { "encrypt.key-secret": secret }),
    ...(options["backing"] !== undefined && backing && { backing: backing.fullOptions }),
    ...(options["data-file"] !== undefined && dataFile && { "data-file": dataFile.fullOptions }),
  };
}

async function openDataFile(
  nodes: NodeOpener,
  { options, write, share }: NodeRequest,
  file: OpenImage,
  inImage: string | undefined,
): Promise<OpenImage | undefined> {
  const common = { write, share, isProtocol: true, chain: [] };
  if (options["data-file"] !== undefined)
    return nodes.open({ ...common, options: childOptions(options, "data-file") });
  if (inImage === undefined) return undefined;
  return nodes.open({
    ...common,
    filename: resolveBacking(file.basePath ?? "", inImage),
    options: {},
  });
}

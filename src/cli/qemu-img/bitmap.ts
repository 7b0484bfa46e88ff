import {
  addBitmap,
  clearBitmap,
  mergeBitmap,
  removeBitmap,
  setRecording,
} from "../../storage/formats/qcow2/bitmap-store.ts";
import { Qcow2Node } from "../../storage/formats/qcow2/qcow2-node.ts";
import { StorageError } from "../../storage/errors.ts";
import { type Task, run } from "../../storage/task.ts";
import { parseSize } from "../../storage/parse-size.ts";
import { CommandError } from "../image/tools.ts";
import { type Subcommand, has, lastOf, openImage, orFail, scan, withImage } from "./common.ts";

const LONG = {
  help: "h",
  "object:": "object",
  "image-opts": "image-opts",
  add: "add",
  remove: "remove",
  clear: "clear",
  enable: "enable",
  disable: "disable",
  "merge:": "merge",
  "granularity:": "g",
  "source-file:": "b",
  "source-format:": "F",
};

const ACTIONS = ["add", "remove", "clear", "enable", "disable", "merge"];

export async function bitmapCommand(command: Subcommand): Promise<number> {
  const scanned = scan(command.args, { short: "b:f:F:g:h", long: LONG });
  const actions = scanned.options.filter(({ name }) => ACTIONS.includes(name));
  const [filename, bitmap, extra] = scanned.words;
  if (filename === undefined || bitmap === undefined || extra !== undefined)
    throw new CommandError("Expecting filename and bitmap name");
  if (actions.length === 0) {
    throw new CommandError(
      "Need at least one of --add, --remove, --clear, --enable, --disable, or --merge",
    );
  }
  const granularity = granularityOf(lastOf(scanned, "g"));
  if (granularity !== undefined && !has(scanned, "add"))
    throw new CommandError("granularity only supported with --add");
  const sourceFile = lastOf(scanned, "b");
  if (sourceFile !== undefined && !has(scanned, "merge"))
    throw new CommandError("Merge bitmap source file only supported with --merge");
  const image = await openImage(command, filename, {
    driver: lastOf(scanned, "f"),
    write: true,
    noBacking: true,
    imageOpts: has(scanned, "image-opts"),
  });
  return withImage(image, async ({ node }) => {
    const source =
      sourceFile === undefined
        ? undefined
        : await openImage(command, sourceFile, {
            driver: lastOf(scanned, "F"),
            write: false,
            noBacking: true,
          });
    try {
      for (const { name, value } of actions) {
        await orFail(
          () =>
            act(node, name, bitmap, {
              granularity,
              sourceName: value,
              source: source?.node ?? node,
            }),
          `Operation ${name} on bitmap ${bitmap} failed: `,
        );
      }
    } finally {
      await source?.node.close();
    }
    return 0;
  });
}

interface Details {
  readonly granularity: number | undefined;
  readonly sourceName: string;
  readonly source: unknown;
}

async function act(node: unknown, name: string, bitmap: string, details: Details): Promise<void> {
  if (!(node instanceof Qcow2Node))
    throw new StorageError("ENOTSUP", "Can't store persistent bitmaps: Operation not supported");
  const { image } = node;
  const task = (): Task<void> => {
    switch (name) {
      case "add":
        return addBitmap(image, bitmap, details.granularity);
      case "remove":
        return removeBitmap(image, bitmap);
      case "clear":
        return clearBitmap(image, bitmap);
      case "enable":
        return setRecording(image, bitmap, true);
      case "disable":
        return setRecording(image, bitmap, false);
      default:
        if (!(details.source instanceof Qcow2Node)) throw new StorageError("ENOTSUP");
        return mergeBitmap(image, bitmap, details.source.image, details.sourceName);
    }
  };
  await run(image.exclusive(task()));
}

function granularityOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined)
    throw new CommandError(
      "Invalid granularity specified. You may use k, M, G, T, P or E suffixes for\nqemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.",
    );
  return size;
}

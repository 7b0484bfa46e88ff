/** `-fw_cfg`: files for firmware, in QEMU's form and words. */
import { UsageError } from "./usage-error.ts";
import { onlyKeys, parseKeyed } from "./values.ts";

/** A file for firmware whose bytes are still to be read where it is a path. */
export type GivenFirmwareFile = { readonly name: string; readonly option: string } & (
  | { readonly path: string }
  | { readonly text: string }
);

const LONGEST_NAME = 55;

/** @throws UsageError in QEMU's words */
export function parseFirmwareFiles(texts: readonly string[]): readonly GivenFirmwareFile[] {
  const files = texts.map(parseFile);
  files.forEach(({ name, option }, i) => {
    if (files.findIndex((other) => other.name === name) < i) {
      throw new UsageError(`${option}: duplicate fw_cfg file name: ${name}`);
    }
  });
  return files;
}

function parseFile(argument: string): GivenFirmwareFile {
  const option = `-fw_cfg ${argument}`;
  const list = parseKeyed(argument);
  onlyKeys("-fw_cfg", list, ["name", "file", "string"]);
  const name = list.keys.get("name") ?? list.head ?? "";
  const { path, text } = { path: list.keys.get("file"), text: list.keys.get("string") };
  if (name === "" || (path ? 1 : 0) + (text ? 1 : 0) !== 1) {
    throw new UsageError(
      `${option}: name, plus exactly one of file, string and gen_id, are needed`,
    );
  }
  if (name.length > LONGEST_NAME) {
    throw new UsageError(`${option}: name too long (max. ${LONGEST_NAME} char)`);
  }
  if (!/^[\x20-\x7e]+$/.test(name)) {
    throw new UsageError(`${option}: a name is made of printable ASCII characters`);
  }
  return path ? { name, option, path } : { name, option, text: text ?? "" };
}

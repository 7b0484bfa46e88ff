import type { Snapshot } from "../../storage/formats/qcow2/snapshot-table.ts";
import { sizeText } from "./sizes.ts";

/** The list that `snapshot -l` and `info` print. */
export function snapshotTable(snapshots: readonly Snapshot[]): string {
  const head = row("ID", "TAG", "VM SIZE", "DATE", "VM CLOCK", "ICOUNT");
  return ["Snapshot list:", head, ...snapshots.map(snapshotRow)]
    .map((line) => `${line}\n`)
    .join("");
}

function row(
  id: string,
  tag: string,
  size: string,
  date: string,
  clock: string,
  icount: string,
): string {
  const name = `${id.padEnd(9)} ${tag.padEnd(16)} ${size.padStart(8)}`;
  return `${name}${date.padStart(20)}${clock.padStart(13)}${icount.padStart(11)}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

function snapshotRow(snapshot: Snapshot): string {
  const { id, name, vmStateBytes, icount } = snapshot;
  const counted = icount === -1n ? "--" : String(icount);
  return row(
    id,
    name,
    sizeText(vmStateBytes),
    dateText(snapshot.dateSeconds),
    clockText(snapshot.vmClockNs),
    counted,
  );
}

function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function clockText(ns: bigint): string {
  const ms = Number((ns / 1_000_000n) % 1000n);
  const seconds = Number(ns / 1_000_000_000n);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${two(h)}:${two(m)}:${two(s)}.${String(ms).padStart(3, "0")}`;
}

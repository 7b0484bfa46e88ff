/** `--serial`, `--parallel`, `--channel` and `--console`. */
import { type OptionRows, option } from "../option-row.ts";
import { ADDRESS, characterSource } from "./common.ts";

export const CHARACTER_DEVICE: OptionRows = [
  ...ADDRESS,
  option("type char_type", "@type"),
  option("path", "source:@path", { rule: "none" }),
  option("mode", "source:@mode", { rule: "none" }),
  option("bind_host", "source:../source[@mode='bind']/@host", { rule: "none" }),
  option("host", "source:@host", { rule: "charHost" }),
  ...characterSource("", { "protocol.type": "protocol" }),
  option("target.address target_address", "target/@address", { rule: "targetAddress" }),
  option("target.type target_type", "target/@type"),
  option("target.name name", "target/@name"),
  option("target.port", "target/@port"),
  option("target.model.name", "target/model/@name"),
];

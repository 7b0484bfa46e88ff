/** `--graphics`, `--video`, `--sound` and `--audio`. */
import { type OptionRows, option } from "../option-row.ts";
import { ADDRESS, VIRTIO } from "./common.ts";

export const GRAPHICS: OptionRows = [
  ...ADDRESS,
  option("type", "@type", { rule: "graphicsType" }),
  option("port", "@port", { rule: "graphicsPort" }),
  option("tlsPort tlsport", "@tlsPort", { rule: "graphicsPort" }),
  option("websocket", "@websocket"),
  option("listen", "@listen", { rule: "graphicsListen" }),
  option("keymap", "@keymap", { rule: "keymap" }),
  option("password passwd", "@passwd"),
  option("passwordValidTo passwdValidTo", "@passwdValidTo"),
  option("connected", "@connected"),
  option("defaultMode", "@defaultMode"),
  option("listens#.type", "@type", { each: "listens" }),
  option("listens#.address", "@address", { each: "listens" }),
  option("listens#.network", "@network", { each: "listens" }),
  option("listens#.socket", "@socket", { each: "listens" }),
  option("image.compression image_compression", "image/@compression"),
  option("streaming.mode streaming_mode", "streaming/@mode"),
  option("clipboard.copypaste clipboard_copypaste", "clipboard/@copypaste", { onOff: true }),
  option("mouse.mode mouse_mode", "mouse/@mode"),
  option("filetransfer.enable filetransfer_enable", "filetransfer/@enable", { onOff: true }),
  option("zlib.compression", "zlib/@compression"),
  option("gl.enable gl", "gl/@enable", { onOff: true }),
  option("gl.rendernode rendernode", "gl/@rendernode"),
];

export const VIDEO: OptionRows = [
  ...ADDRESS,
  ...VIRTIO,
  option("model.type model", "model/@type", { skipDefault: true }),
  option("model.acceleration.accel3d accel3d", "model/acceleration/@accel3d", { onOff: true }),
  option("model.heads heads", "model/@heads"),
  option("model.ram ram", "model/@ram"),
  option("model.vram vram", "model/@vram"),
  option("model.vram64 vram64", "model/@vram64"),
  option("model.vgamem vgamem", "model/@vgamem"),
];

export const SOUND: OptionRows = [
  ...ADDRESS,
  option("model", "@model", { skipDefault: true }),
  option("audio.id", "audio/@id"),
  option("codec#.type", "@type", { each: "codec=codecs" }),
];

export const AUDIO: OptionRows = [option("type", "@type"), option("id", "@id")];

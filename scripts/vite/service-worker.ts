import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Plugin } from "vite";

const NAME = "service-worker.js";
/** Of the headless page; maps of sources. */
const LEFT_OUT = /^src\/|\.map$/;

/** Vite plugin: tells the service worker which files the page is made of. */
export function serviceWorker(): Plugin {
  let directory = "";
  return {
    name: "tabvisor:service-worker",
    apply: "build",
    configResolved: (config) => {
      directory = join(config.root, config.build.outDir);
    },
    closeBundle: () => {
      const files = filesBelow(directory).filter((file) => file !== NAME && !LEFT_OUT.test(file));
      const hash = createHash("sha256");
      for (const file of files) hash.update(file).update(readFileSync(join(directory, file)));
      const list = files.map((file) => (file === "index.html" ? "./" : `./${file}`));
      const path = join(directory, NAME);
      const script = readFileSync(path, "utf8")
        .replace("/* files */ []", JSON.stringify(list))
        .replace('/* version */ "development"', JSON.stringify(hash.digest("hex").slice(0, 16)));
      writeFileSync(path, script);
    },
  };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .toSorted();
}

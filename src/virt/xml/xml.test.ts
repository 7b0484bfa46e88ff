import { describe, expect, it } from "vitest";
import { VmError } from "../../protocol/vm-error.ts";
import { childElements, element, find, textAt, textElement } from "./element.ts";
import { formatXml } from "./format.ts";
import { parseXml } from "./parse.ts";

describe("XML", () => {
  it("is formatted as libvirt does", () => {
    const text = `<domain type="test" xmlns:q='urn:q'><!-- a --><name>a &amp; 'b'</name>
      <devices>   </devices><q:x y='&lt;"&gt;'/></domain>`;
    expect(formatXml(parseXml(text, "domain_definition", "domain"))).toBe(
      [
        "<domain type='test' xmlns:q='urn:q'>",
        "  <!-- a -->",
        "  <name>a &amp; &apos;b&apos;</name>",
        "  <devices>   </devices>",
        "  <q:x y='&lt;&quot;&gt;'/>",
        "</domain>",
        "",
      ].join("\n"),
    );
  });

  it("is made and searched", () => {
    const tree = element("pool", { type: "dir", id: undefined }, [
      textElement("name", "p"),
      element("target", {}, [textElement("path", "/a")]),
      element("empty"),
    ]);
    expect(textAt(tree, "target", "path")).toBe("/a");
    expect(textAt(tree, "empty")).toBeUndefined();
    expect(find(tree, "target", "none")).toBeUndefined();
    expect(childElements(tree).map(({ name }) => name)).toEqual(["name", "target", "empty"]);
    expect(formatXml(tree)).toContain("<pool type='dir'>");
  });

  it("refuses what is not well formed, names the root it wants, and takes no entities", () => {
    for (const text of ["", "no xml", "<a>", "<a></b>", "<a/><b/>", "<a x=1/>", "<a>&b;</a>"]) {
      expect(() => parseXml(text, "domain_definition")).toThrow(VmError);
    }
    expect(() => parseXml("<a>\n<b></a>", "x")).toThrow("(x):2: Missing end tag for element b");
    expect(() => parseXml("<b/>", "x", "a")).toThrow(
      "XML error: unexpected root element <b>, expecting <a>",
    );
    const bomb = `<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>`;
    expect(() => parseXml(bomb, "x")).toThrow(VmError);
    expect(() => parseXml(`<!DOCTYPE a><a/>`, "x")).toThrow("not allowed");
  });
});

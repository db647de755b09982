import { readFileSync } from "node:fs";
import { checkInvariants, projectFromJSON } from "@livegantt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileError, importMspdi, maxFileSize } from "./index.ts";

const workshop = readFileSync(new URL("../samples/workshop.xml", import.meta.url));
const xml = workshop.toString("utf8");

function refusal(file: string | Uint8Array): FileError {
  try {
    importMspdi(file);
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
  throw new Error("the file was not refused");
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("files that are refused whole", () => {
  it("F3 an XML bomb is refused before anything is expanded", () => {
    const levels = Array.from({ length: 12 }, (_, i) => `<!ENTITY b${i + 1} "${`&b${i};`.repeat(10)}">`).join("");
    const error = refusal(`<?xml version="1.0"?>\n<!DOCTYPE Project [<!ENTITY b0 "boom">${levels}]>\n<Project><Name>&b12;</Name></Project>`);
    expect(error).toMatchObject({ code: "unsafe_xml", action: "fix", line: 2 });
    expect(error.message).toMatch(/DOCTYPE/);
  });

  it("F3 an external entity is refused", () => {
    expect(refusal('<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project><Name>&x;</Name></Project>').code).toBe("unsafe_xml");
    expect(refusal('<Project><!DOCTYPE x SYSTEM "http://example.org/x.dtd"><Name>a</Name></Project>').code).toBe("unsafe_xml");
  });

  it("F3 an undeclared entity stays the text it is", () => {
    expect(importMspdi("<Project><Name>a &unknown; &#x42; &amp;#65; b</Name></Project>").plan.project.name).toBe("a &unknown; B &#65; b");
  });

  it("F3 a truncated file says where it ends", () => {
    const cut = xml.slice(0, xml.indexOf("<Name>Floor coating"));
    const error = refusal(cut);
    expect(error).toMatchObject({ code: "broken_xml", line: cut.split("\n").length });
    expect(error.message).toMatch(/truncated/);
    expect(error.message).toMatch(/Task/);
  });

  it("F3 a broken file says the line", () => {
    expect(refusal(xml.replace("</Calendars>", "</Calendar>"))).toMatchObject({
      code: "broken_xml",
      line: xml.slice(0, xml.indexOf("</Calendars>")).split("\n").length,
    });
    expect(refusal("<Project><Name>a</Name></Project> more").code).toBe("broken_xml");
    expect(refusal("<Project/>").code).toBe("broken_xml");
    expect(refusal("<Project><Name>a</Name></Project><Project><Name>b</Name></Project>").code).toBe("broken_xml");
    expect(refusal(`<Project>${"<Tasks>".repeat(500)}${"</Tasks>".repeat(500)}</Project>`).code).toBe("broken_xml");
    expect(refusal("<Project><__proto__><x>1</x></__proto__></Project>").code).toBe("broken_xml");
  });

  it.each([
    ["an MPP file", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), /MPP.*Save as type/],
    ["an Excel workbook", new Uint8Array([0x50, 0x4b, 3, 4, 20, 0]), /zip/],
    ["a PDF", bytes("%PDF-1.7"), /PDF/],
    ["an HTML page", bytes("<!DOCTYPE html><html><body>login</body></html>"), /HTML/],
    ["JSON", bytes('{"tasks":[]}'), /JSON/],
    ["a XER file", bytes("ERMHDR\t8.2.0\t2020-03-17\n%E"), /Primavera XER/],
    ["Primavera XML", bytes("<?xml version='1.0'?><APIBusinessObjects/>"), /Primavera P6 XML/],
    ["another XML", bytes("<?xml version='1.0'?><svg/>"), /another kind/],
    ["a table", bytes("Name,Start\nA,2026-01-01\n"), /CSV/],
    ["prose", bytes("Dear all"), /unknown format/],
  ])("F3 %s is named", (_, file, message) => {
    const error = refusal(file);
    expect(error.code).toBe("wrong_format");
    expect(error.message).toMatch(message);
  });

  it("F3 an empty file, one that is no text, and one that is too large", () => {
    expect(refusal("").code).toBe("empty_file");
    expect(refusal(new Uint8Array(0)).code).toBe("empty_file");
    expect(refusal(new Uint8Array([0x3c, 0x61, 0xff, 0xfe, 0x3e])).code).toBe("bad_encoding");
    const large = refusal(new Uint8Array(maxFileSize + 1));
    expect(large.code).toBe("too_large");
    expect(large.message).toContain(`${maxFileSize + 1} bytes; the limit is ${maxFileSize}`);
  });

  it("F1 other encodings are read by their mark or their declaration", () => {
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(new Uint16Array([..."<Project><Name>Größe</Name></Project>"].map((c) => c.charCodeAt(0))).buffer),
    ]);
    expect(importMspdi(utf16).plan.project.name).toBe("Größe");
    const latin = new Uint8Array([...bytes('<?xml version="1.0" encoding="ISO-8859-1"?><Project><Name>Gr'), 0xf6, 0xdf, ...bytes("e</Name></Project>")]);
    expect(importMspdi(latin).plan.project.name).toBe("Größe");
  });
});

describe("damaged files", () => {
  const lawful = (file: string | Uint8Array): void => {
    try {
      expect(checkInvariants(projectFromJSON(importMspdi(file).plan))).toEqual([]);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  };

  it("F3 a truncation at any place is a FileError or a lawful plan, never a crash", () => {
    fc.assert(
      fc.property(fc.nat(workshop.length), (length) => lawful(workshop.subarray(0, length))),
      { numRuns: 60 },
    );
  }, 60_000);

  it("F3 random bytes in it are a FileError or a lawful plan, never a crash", () => {
    const flips = fc.array(fc.record({ at: fc.nat(workshop.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(flips, (changes) => {
        const damaged = Uint8Array.from(workshop);
        for (const { at, byte } of changes) damaged[at] = byte;
        lawful(damaged);
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it("F3 wild values in any element give a lawful plan", () => {
    const wild = fc.constantFrom(
      "",
      "-1",
      "99999999999999999999",
      "NaN",
      "1e400",
      "-0.5",
      "PT-5H",
      "9999-99-99T99:99:99",
      "\u0000x",
      "P1Y",
      "true",
      "∞",
      "0",
      "7",
      "2",
      "1",
    );
    const places = [...xml.matchAll(/>([^<>\s][^<>]*)</g)].map((match) => [match.index + 1, match.index + 1 + (match[1]?.length ?? 0)] as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(places.length - 1), wild), { minLength: 1, maxLength: 15 }), (changes) => {
        const byPlace = new Map(changes);
        let text = "";
        let at = 0;
        for (const [i, [from, to]] of places.entries()) {
          const value = byPlace.get(i);
          if (value === undefined) continue;
          text += xml.slice(at, from) + value;
          at = to;
        }
        lawful(text + xml.slice(at));
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

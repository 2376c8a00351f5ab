/** What a file is and how large its pages are, told from its bytes alone. Nothing is rendered or recognised here. */

import { pageCount } from "./pdf.mjs";

const A4 = { width: 1240, height: 1754 }; // what 150 dpi make of it

/** {type, pages: [{width, height}]}, or null for what is neither an image nor a PDF. Throws where a PDF is unreadable. */
export function inspect(bytes) {
  if (bytes.subarray(0, 1024).includes("%PDF-")) {
    return { type: "application/pdf", pages: Array(pageCount(bytes)).fill(A4) };
  }
  const start = bytes.toString("latin1", 0, 16);
  const found = IMAGES.find(([, opening]) => opening.test(start));
  if (!found) return null;
  try {
    return { type: found[0], pages: found[2](bytes) };
  } catch (error) {
    if (error instanceof RangeError) return null; // it ends within its header
    throw error;
  }
}

const IMAGES = [
  ["image/png", /^\x89PNG\r\n\x1a\n/, (b) => [{ width: b.readUInt32BE(16), height: b.readUInt32BE(20) }]],
  ["image/jpeg", /^\xff\xd8\xff/, jpeg],
  ["image/gif", /^GIF8[79]a/, (b) => [{ width: b.readUInt16LE(6), height: b.readUInt16LE(8) }]],
  ["image/bmp", /^BM/, (b) => [{ width: b.readInt32LE(18), height: Math.abs(b.readInt32LE(22)) }]],
  ["image/webp", /^RIFF[^]{4}WEBP/, webp],
  ["image/tiff", /^(II\*\0|MM\0\*)/, tiff],
];

function jpeg(bytes) {
  let at = 2;
  for (;;) {
    const marker = bytes.readUInt8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [{ width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }];
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

function webp(bytes) {
  const chunk = bytes.toString("latin1", 12, 16);
  if (chunk === "VP8X") return [{ width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }];
  if (chunk === "VP8 ") return [{ width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }];
  const bits = bytes.readUInt32LE(21);
  return [{ width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }];
}

/** One page an image file directory. */
function tiff(bytes) {
  const little = bytes[0] === 0x49;
  const short = (at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const pages = [];
  const seen = new Set();
  for (let at = long(4); at && !seen.has(at); ) {
    seen.add(at);
    const page = {};
    const entries = short(at);
    for (let entry = at + 2; entry < at + 2 + 12 * entries; entry += 12) {
      const value = short(entry + 2) === 3 ? short(entry + 8) : long(entry + 8);
      if (short(entry) === 256) page.width = value;
      if (short(entry) === 257) page.height = value;
    }
    pages.push(page);
    at = long(at + 2 + 12 * entries);
  }
  return pages;
}

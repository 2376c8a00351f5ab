/** The number of pages of a PDF: objects are found by scanning, object streams inflated, and the page tree walked. */

import { inflateSync } from "node:zlib";

export class Unreadable extends Error {}

/** Throws Unreadable, whose message is `encrypted` or `broken`. */
export function pageCount(bytes) {
  const text = bytes.toString("latin1");
  const objects = scan(text, bytes);
  const trailers = [...text.matchAll(/trailer\s*<<([^]*?)startxref/g)].map((found) => found[1]);
  const heads = [...trailers, ...[...objects.values()].filter((object) => /\/Type\s*\/XRef/.test(object))];
  if (heads.some((head) => /\/Encrypt\b/.test(head))) throw new Unreadable("encrypted");
  const root = heads.map((head) => reference(head, "Root")).filter(Boolean).at(-1);
  const tree = root && objects.has(root) && reference(objects.get(root), "Pages");
  const count = tree ? leaves(objects, tree, new Set()) : 0;
  if (!count) throw new Unreadable("broken");
  return count;
}

/** The text of each object by its number, without its stream; a later one takes the place of an earlier one. */
function scan(text, bytes) {
  const objects = new Map();
  for (const found of text.matchAll(/(?:^|[\s>])(\d+)\s+\d+\s+obj\b([^]*?)(?:\bendobj\b|\bstream\r?\n)/g)) {
    objects.set(found[1], found[2]);
    if (/\/Type\s*\/ObjStm/.test(found[2])) unpack(found[2], bytes.subarray(found.index + found[0].length), objects);
  }
  return objects;
}

function unpack(head, data, objects) {
  const number = (name) => Number(new RegExp(`/${name}\\s+(\\d+)`).exec(head)?.[1]);
  const plain = (/\/FlateDecode/.test(head) ? inflated(data) : data).toString("latin1");
  const numbers = plain.slice(0, number("First")).trim().split(/\s+/).map(Number);
  for (let index = 0; index < number("N"); index++) {
    const end = numbers[2 * index + 3];
    const start = number("First") + numbers[2 * index + 1];
    objects.set(String(numbers[2 * index]), plain.slice(start, end === undefined ? undefined : number("First") + end));
  }
}

function inflated(data) {
  try {
    return inflateSync(data);
  } catch {
    throw new Unreadable("broken");
  }
}

const reference = (text, name) => new RegExp(`/${name}\\s+(\\d+)\\s+\\d+\\s+R`).exec(text)?.[1];

function leaves(objects, id, seen) {
  if (seen.has(id) || !objects.has(id)) return 0;
  seen.add(id);
  const node = objects.get(id);
  const kids = /\/Kids\s*\[([^\]]*)\]/.exec(node)?.[1] ?? objects.get(reference(node, "Kids"));
  if (kids === undefined) return 1;
  return [...kids.matchAll(/(\d+)\s+\d+\s+R/g)].reduce((sum, kid) => sum + leaves(objects, kid[1], seen), 0);
}

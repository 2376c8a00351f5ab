/** A submission: the steps that each may refuse it, in order, and what is done with one that none refused. */

import { Unreadable } from "./pdf.mjs";

/** `code` is the error code, `why` tells apart what shares one. */
export class Refusal extends Error {
  constructor(code, why = "") {
    super(code);
    this.code = code;
    this.why = why;
  }
}

export const refuse = (code, why) => {
  throw new Refusal(code, why);
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/; // a pattern of groups of four would overflow the stack on a long text

export const submission = {
  order: ["bearer", "key", "mediaType", "size", "json", "field", "decode", "provider", "document", "charge"],
  accepted: 200,
  limit: 10 * 2 ** 20,
  providers: { paddle: "queued", baidu: "synchronous" },
  defaultProvider: "paddle",

  async submit(call) {
    for (const step of this.order) await this[step](call);
    await this.handOver(call.task, call);
    return { status: this.accepted, body: this.success(call), accepted: true };
  },

  success: (call) => ({ success: true, taskId: call.task.id, provider: call.provider }),

  bearer(call) {
    const found = /^bearer(?: +(.*))?$/i.exec(call.headers.authorization ?? "");
    if (!found) refuse("missing_api_key", call.headers.authorization === undefined ? "absent" : "scheme");
    call.token = found[1] ?? refuse("missing_api_key", "empty");
  },

  key(call) {
    const key = this.findKey(call.token, call) ?? refuse("invalid_api_key", "unknown");
    if (this.isRevoked(key, call)) refuse("invalid_api_key", "revoked");
    call.account = key.account;
  },

  isRevoked: (key) => key.revoked,

  mediaType(call) {
    const type = (call.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
    if (type !== "application/json") refuse("unsupported_media_type", type ? "other" : "absent");
  },

  async size(call) {
    call.body = await this.readBody(call);
    if (!call.body) refuse("payload_too_large");
  },

  /** The body; null as soon as it is too large, while the rest is read and dropped. */
  async readBody(call) {
    const chunks = [];
    let size = 0;
    for await (const chunk of call.request) {
      size += chunk.length;
      if (size <= this.limit) chunks.push(chunk);
    }
    return size > this.limit ? null : Buffer.concat(chunks);
  },

  json(call) {
    try {
      call.json = JSON.parse(call.body);
    } catch {
      this.malformed(call);
    }
    if (call.json === null || typeof call.json !== "object" || Array.isArray(call.json)) this.noObject(call);
  },

  malformed: () => refuse("invalid_image_base64", "json"),
  noObject: () => refuse("missing_image_base64", "json"),

  field(call) {
    const image = call.json.imageBase64;
    if (image === undefined) refuse("missing_image_base64", "absent");
    if (image === null) this.nullImage(call);
    if (image === "") this.emptyImage(call);
    if (typeof image !== "string" && image !== null) this.otherImage(call);
  },

  nullImage: () => refuse("missing_image_base64", "null"),
  emptyImage: () => refuse("missing_image_base64", "empty"),
  otherImage: () => refuse("invalid_image_base64", "type"),

  decode(call) {
    const uri = /^data:([^,]*?);base64,([^]*)$/i.exec(call.json.imageBase64 ?? "");
    call.uriType = uri?.[1].toLowerCase();
    if (uri && !this.takesUri(call.uriType)) refuse("invalid_image_base64", "uri");
    call.base64 = uri ? uri[2] : (call.json.imageBase64 ?? "");
    if (!this.isBase64(call.base64, call)) refuse("invalid_image_base64", "base64");
    call.bytes = Buffer.from(call.base64, "base64");
  },

  takesUri: (type) => /^(image\/|application\/pdf)/.test(type),
  isBase64: (text) => text.length % 4 === 0 && BASE64.test(text),

  provider(call) {
    const name = call.json.provider === undefined ? this.defaultProvider : call.json.provider;
    // A list of one name would pass for the name: properties are looked up by texts.
    const isKnown = typeof name === "string" && Object.hasOwn(this.providers, name);
    call.provider = isKnown ? name : this.unknownProvider(call, name);
  },

  unknownProvider: () => refuse("unknown_provider"),

  document(call) {
    try {
      call.document = this.inspect(call.bytes, call) ?? this.unrecognised(call);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      call.document = this.unreadable(call, error.message);
    }
    call.pages = this.price(call);
  },

  price: (call) => call.document.pages.length,
  unrecognised: () => refuse("invalid_image_base64", "type"),
  unreadable: (call, why) => refuse("invalid_image_base64", why),

  /** Deducts and creates without a pause between, so that nothing comes in between. */
  charge(call) {
    if (!this.affords(call.account, call.pages, call)) refuse("insufficient_pages");
    this.deduct(call.account, call.pages, call);
    if (call.account.failures > 0) {
      call.account.failures -= 1;
      this.refund(call.account, call.pages, call);
      refuse("task_creation_failed");
    }
    call.task = this.createTask(call);
  },
};

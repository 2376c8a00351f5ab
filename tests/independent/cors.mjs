/** CORS: what a browser page of which origin may do. Without an `Origin`, nothing of this happens. */

export const cors = {
  allowedOrigins: ["https://app.example.com"],

  allows(origin) {
    return this.allowedOrigins.includes(origin);
  },

  /** The headers of any answer to a call with an origin. */
  corsHeaders(call) {
    if (call.origin === undefined) return {};
    return this.allows(call.origin, call) ? { "Access-Control-Allow-Origin": call.origin, Vary: "Origin" } : { Vary: "Origin" };
  },

  isPreflight: (call) =>
    call.method === "OPTIONS" && call.origin !== undefined && "access-control-request-method" in call.headers,

  preflight(call) {
    const granted = {
      "Access-Control-Allow-Methods": "POST",
      "Access-Control-Allow-Headers": "Authorization, Content-Type",
      "Access-Control-Max-Age": "600",
    };
    return { status: 204, headers: this.allows(call.origin, call) ? granted : {} };
  },

  /** What a call from elsewhere gets, where it is refused at all. */
  foreign: () => null,
};

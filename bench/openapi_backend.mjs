// openapi-backend as its documentation has it, on the http module of Node.js: it validates, and answers the example.
import http from "node:http";
import { OpenAPIBackend } from "openapi-backend";

const [definition, port] = process.argv.slice(2);
const api = new OpenAPIBackend({ definition, quick: true });

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

api.register({
  submitDocument: (context, request, response) => {
    const { status, mock } = context.api.mockResponseForOperation("submitDocument");
    answer(response, status, mock);
  },
  validationFail: (context, request, response) => answer(response, 400, { errors: context.validation.errors }),
  unauthorizedHandler: (context, request, response) => answer(response, 401, { error: "unauthorized" }),
  notFound: (context, request, response) => answer(response, 404, { error: "not found" }),
});
api.registerSecurityHandler("apiKey", (context) => /^Bearer ./.test(context.request.headers.authorization ?? ""));
await api.init();

http
  .createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      const body = Buffer.concat(chunks).toString();
      // Ajv throws where the engine gives up on the pattern of ten megabytes of Base64.
      api
        .handleRequest({ method, path, headers, body }, request, response)
        .catch((problem) => answer(response, 500, { error: problem.message }));
    });
  })
  .listen(Number(port), "127.0.0.1");

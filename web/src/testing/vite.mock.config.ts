/** Serves the built app over the fixture API, with a strict content security policy: `npm run build && npm run mock`. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Connect, defineConfig, type PreviewServer } from "vite";
import base from "../../vite.config";
import { MockApi } from "./mock-api";

const POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; object-src 'none'";

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `POST /testing/switches` sets the switches, so that a browser test can take the server down and up. */
async function answer(api: MockApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (request.url === "/testing/switches") {
    Object.assign(api.switches, JSON.parse(body));
    response.end();
    return;
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
  const init: RequestInit = { method: request.method ?? "GET", headers, ...(body === "" ? {} : { body }) };
  try {
    const made = await api.fetch(`http://127.0.0.1${request.url}`, init);
    response.writeHead(made.status, Object.fromEntries(made.headers));
    response.end(await made.text());
  } catch {
    response.destroy();
  }
}

function mockApi(server: PreviewServer): void {
  const api = new MockApi({ loggedIn: false });
  const handler: Connect.NextHandleFunction = (request, response, next) => {
    response.setHeader("Content-Security-Policy", POLICY);
    if (/^\/(v1|health|testing)/.test(request.url ?? "")) void answer(api, request, response);
    else next();
  };
  server.middlewares.use(handler);
}

export default defineConfig({
  ...base,
  plugins: [{ name: "mock-api", configurePreviewServer: mockApi }],
  preview: { host: "127.0.0.1", port: 4173, strictPort: true },
});

// The real endpoint: a process with its own folder, its keys and its access log.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const KEYS = { access: "e2e-access-key", secret: "e2e-secret-key-of-the-journeys" };
const BUCKET = "dianbu";

/** A setting that the command line gives to the journeys; without it none of them can run. */
export function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the journeys by "cargo xtask test e2e"`);
  return value;
}

/** A bucket and, at the same origin, the app. */
export class Endpoint {
  /** Starts one on a free port of this machine, over an empty folder. It serves the app in `dist`. */
  static async start(dist = setting("DIANBU_DIST")) {
    const folder = await mkdtemp(path.join(tmpdir(), "dianbu-e2e-endpoint-"));
    const endpoint = new Endpoint();
    endpoint.folder = folder;
    endpoint.data = path.join(folder, "data");
    endpoint.logFile = path.join(folder, "access.log");
    endpoint.dist = dist;
    endpoint.origin = await endpoint.#serve("127.0.0.1:0");
    return endpoint;
  }

  /** Starts the process. Returns where it listens. */
  async #serve(listen) {
    const args = ["serve", "--listen", listen, "--data", this.data, "--app", this.dist];
    this.process = spawn(setting("DIANBU_ENDPOINT"), [...args, "--bucket", BUCKET, "--log", this.logFile], {
      env: { ...process.env, DIANBU_ACCESS_KEY: KEYS.access, DIANBU_SECRET_KEY: KEYS.secret },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return this.#address();
  }

  /** Does something to its folder while it is down, as whoever looks after the machine would. */
  async whileDown(work) {
    await this.#end();
    await work(this.objects);
    await this.#serve(new URL(this.origin).host);
  }

  async #address() {
    const lines = createInterface({ input: this.process.stdout });
    for await (const line of lines) {
      const found = /http:\/\/[\d.]+:\d+/.exec(line);
      if (found) return found[0];
    }
    throw new Error("the endpoint ended before it said where it listens");
  }

  /** The route that fills in everything about this bucket. */
  get connectRoute() {
    const filled = { endpoint: this.origin, bucket: BUCKET, key: KEYS.access, secret: KEYS.secret };
    return `/connect?${new URLSearchParams(filled)}`;
  }

  /** Folder of the objects. */
  get objects() {
    return path.join(this.data, "objects");
  }

  /** The requests that reached the bucket, in order: `{ method, path, name, query, status }`. Files of the app are left out. */
  async requests() {
    const lines = (await readFile(this.logFile, "utf8")).split("\n").filter(Boolean);
    return lines.map(request).filter(({ path }) => path === `/${BUCKET}` || path.startsWith(`/${BUCKET}/`));
  }

  async #end() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      await ended;
    }
  }

  /** Stops it and forgets its bucket. */
  async stop() {
    await this.#end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function request(line) {
  const [, method, target, status] = line.split(" ");
  const url = new URL(target, "http://endpoint");
  const name = decodeURIComponent(url.pathname).slice(BUCKET.length + 2);
  return { method, path: url.pathname, name, query: url.searchParams, status: Number(status), target };
}

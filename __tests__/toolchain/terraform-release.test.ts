import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { isAbsolute, join, relative } from "node:path";
import { findTerraform } from "../../toolchain";
import { terraformPlatform } from "../../toolchain/platform";
import { Sandbox, TERRAFORM_ZIP } from "./sandbox";

const zipName = `terraform_1.11.4_${terraformPlatform()}.zip`;
const zipPath = `/terraform/1.11.4/${zipName}`;
const sumsPath = "/terraform/1.11.4/terraform_1.11.4_SHA256SUMS";
const sumOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

let sandbox: Sandbox;
let server: Server;
let served: Record<string, Buffer | string>;
let requests: string[];

beforeEach(async () => {
  sandbox = new Sandbox();
  requests = [];
  served = {
    [zipPath]: TERRAFORM_ZIP,
    [sumsPath]: `${"0".repeat(64)}  terraform_1.11.4_other_one.zip\n${sumOf(TERRAFORM_ZIP)}  ${zipName}\n`,
  };
  server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const body = served[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { connection: "close" }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterEach(async () => {
  await new Promise((closed) => server.close(closed));
  sandbox.remove();
});

const find = (cacheDir = sandbox.cacheDir) =>
  findTerraform({
    ...sandbox.options,
    cacheDir,
    releasesUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

const folder = `terraform-1.11.4-${terraformPlatform()}`;

describe("the download of Terraform", () => {
  it("gives a binary that runs", async () => {
    const binary = join(sandbox.cacheDir, folder, "terraform");
    expect(await find()).toEqual({ binary, version: "1.11.4", product: "Terraform" });
  });

  it("gives an absolute path, as stacks run it in folders of their own", async () => {
    const { binary } = await find(relative(".", sandbox.cacheDir));
    expect(isAbsolute(binary)).toBe(true);
  });

  it("leaves nothing but the binary in the cache", async () => {
    await find();
    expect(sandbox.cached()).toEqual([folder, `${folder}/terraform`]);
  });

  it("says where it downloads from", async () => {
    await find();
    expect(sandbox.log).toEqual([expect.stringMatching(/^Downloading Terraform 1.11.4 from http.*\.zip$/)]);
  });

  it("happens once", async () => {
    await find();
    await find();
    expect(requests).toEqual([sumsPath, zipPath]);
  });

  it("sweeps away what a process that was killed has left", async () => {
    const leftover = join(sandbox.cacheDir, folder, "terraform.partial-99999999-0");
    mkdirSync(leftover, { recursive: true });
    writeFileSync(join(leftover, "terraform"), "half a bin");
    await find();
    expect(sandbox.cached()).toEqual([folder, `${folder}/terraform`]);
  });

  describe("with a wrong checksum", () => {
    beforeEach(() => (served[sumsPath] = `${sumOf(Buffer.from("another"))}  ${zipName}\n`));

    it("is refused, with both checksums", async () => {
      await expect(find()).rejects.toThrow(
        `has the SHA256 checksum ${sumOf(TERRAFORM_ZIP)}, but the release lists ${sumOf(Buffer.from("another"))}`,
      );
    });

    it("leaves nothing in the cache", async () => {
      await expect(find()).rejects.toThrow();
      expect(sandbox.cached()).toEqual([]);
    });
  });

  it("is refused when the checksums do not list it", async () => {
    served[sumsPath] = `${sumOf(TERRAFORM_ZIP)}  terraform_1.11.4_other_one.zip\n`;
    await expect(find()).rejects.toThrow(`SHA256SUMS do not list ${zipName}`);
  });

  it("leaves no file when the archive cannot be read", async () => {
    served[zipPath] = Buffer.from("no zip at all, but with the right checksum");
    served[sumsPath] = `${sumOf(served[zipPath] as Buffer)}  ${zipName}\n`;
    await expect(find()).rejects.toThrow("not a zip archive");
    expect(sandbox.cached()).toEqual([folder]);
  });

  it("says what the server answered", async () => {
    delete served[zipPath];
    await expect(find()).rejects.toThrow(
      `${zipName} could not be downloaded: the server answered 404 Not Found`,
    );
  });
});

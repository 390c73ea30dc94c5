import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readOrganization } from "../../stacks/read-organization";
import { ANSWERS } from "./json";
import { headOf, versionsXml } from "./s3";
import { fakeTargets, type FakeTarget } from "./targets";

/**
 * A process that answers, on loopback, the calls of `session-audit report` for the targets of a map, in the formats of the
 * AWS APIs and page by page, with sessions that are made while they are asked for. It checks no signature and no permission.
 * @example npx tsx bench/fake-aws/server.ts accounts.json 10000 # prints its port
 */

const [map, sessions] = process.argv.slice(2);
const now = Math.floor(Date.now() / 1000) * 1000;
const targets = fakeTargets(readOrganization(map!), Number(sessions));
const byPlace = new Map(targets.map((target) => [`${target.accountId} ${target.region}`, target]));
const byBucket = new Map(targets.map((target) => [target.bucket, target]));

/** Credentials of an account have its id in their access key, so that a call says which account it is for. */
const PREFIX = "ASIA";

/** The account and region in the signature of a call. */
const SIGNED = /Credential=ASIA(\d{12})\/\d{8}\/([a-z0-9-]+)\//;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [status, headers, text] = answerTo(request, Buffer.concat(chunks).toString("utf8"));
    send(response, request.method === "HEAD", status, headers, text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().on("end", () => {
  server.close();
  server.closeAllConnections();
});

type Answer = readonly [status: number, headers: Readonly<Record<string, string>>, text: string];

function answerTo(request: IncomingMessage, body: string): Answer {
  const { method, url = "/", headers } = request;
  const operation = headers["x-amz-target"] as string | undefined;
  if (operation !== undefined) {
    const [, accountId, region] = SIGNED.exec(headers.authorization ?? "") ?? [];
    const target = byPlace.get(`${accountId} ${region}`);
    const answer = ANSWERS[operation];
    if (target === undefined || answer === undefined)
      return unknown(`${operation} of ${accountId} ${region}`);
    const json = JSON.stringify(answer(target, JSON.parse(body) as Record<string, unknown>, now));
    return [200, { "content-type": "application/x-amz-json-1.1" }, json];
  }
  if (method === "POST") return [200, { "content-type": "text/xml" }, assumed(new URLSearchParams(body))];
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const [, bucket, ...key] = decodeURIComponent(pathname).split("/");
  const target = byBucket.get(bucket ?? "");
  if (target === undefined) return unknown(`bucket ${bucket}`);
  return method === "HEAD" ? head(target, key.join("/")) : listed(target, searchParams);
}

const listed = (target: FakeTarget, query: URLSearchParams): Answer => [
  200,
  { "content-type": "application/xml" },
  versionsXml(target, query, now),
];

function head(target: FakeTarget, key: string): Answer {
  const headers = headOf(target, key, now);
  return headers === null ? [404, {}, ""] : [200, headers, ""];
}

/** What the fake does not know is an error of the benchmark, and no answer of AWS. */
const unknown = (what: string): Answer => {
  process.stderr.write(`the fake knows nothing of ${what}\n`);
  return [400, { "content-type": "application/x-amz-json-1.1" }, JSON.stringify({ __type: "UnknownFake" })];
};

function assumed(query: URLSearchParams): string {
  const arn = query.get("RoleArn") ?? "";
  const account = arn.split(":")[4];
  const expiration = new Date(Date.now() + 60 * 60 * 1000).toISOString();
  return (
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>` +
    `<AccessKeyId>${PREFIX}${account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>` +
    `<SessionToken>token</SessionToken><Expiration>${expiration}</Expiration></Credentials>` +
    `<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROA:report</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>` +
    `<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>`
  );
}

function send(
  response: ServerResponse,
  isHead: boolean,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  const length = isHead ? {} : { "content-length": String(Buffer.byteLength(text)) };
  response.writeHead(status, { "x-amzn-requestid": "1", ...headers, ...length });
  response.end(isHead ? undefined : text);
}

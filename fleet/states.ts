import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Organization } from "../accounts/model/organization";
import { UserError } from "../processes/user-error";
import { attemptsIn, wantsPathStyle } from "./client-settings";

/** Where Terraform keeps the states of an organization. */
export type StateBackend = Organization["state"];

/** A state file that Terraform has written. */
export interface StoredState {
  /** Id of the stack whose name the file has. */
  readonly stack: string;
  /** Number of resources in the state. A state of a destroyed stack has none. */
  readonly resources: number;
}

/** What a look at the backend has found: states, or why it could not look. */
export type StateListing =
  | { readonly looked: true; readonly states: readonly StoredState[] }
  | { readonly looked: false; readonly reason: string };

const SUFFIX = ".tfstate";

/** The key of a stack's state in the backend: a path, an S3 key or a workspace. */
export function stateKey(state: StateBackend, id: string): string {
  switch (state.backend) {
    case "local":
      return `${state.directory}/${id}${SUFFIX}`;
    case "s3":
      return `s3://${state.bucket}/${state.keyPrefix}/${id}${SUFFIX}`;
    case "cloud":
      return `${state.hostname}/${state.organization}/${state.workspacePrefix}${id}`;
  }
}

/**
 * The states below the key prefix to which no stack of the map belongs, because a region or an account was taken out.
 * States without resources are left out: their stacks were destroyed.
 * @param ids ids of all stacks of the map
 * @param root the directory to which a local backend's directory is relative
 */
export async function orphans(
  state: StateBackend,
  ids: readonly string[],
  { root, env }: { readonly root: string; readonly env: NodeJS.ProcessEnv },
): Promise<StateListing> {
  const known = new Set(ids);
  const unknown = (stack: string) => !known.has(stack);
  switch (state.backend) {
    case "local":
      return looked(await localStates(join(root, state.directory), unknown));
    case "s3":
      try {
        return looked(await s3States(state, unknown, env));
      } catch (error) {
        return {
          looked: false,
          reason: `s3://${state.bucket}/${state.keyPrefix}: ${(error as Error).message}`,
        };
      }
    case "cloud":
      return { looked: false, reason: "session-audit does not list workspaces of HCP Terraform" };
  }
}

const looked = (states: readonly StoredState[]): StateListing => ({
  looked: true,
  states: states.filter(({ resources }) => resources > 0).sort((a, b) => (a.stack < b.stack ? -1 : 1)),
});

const countResources = (text: string, where: string): number => {
  try {
    return (JSON.parse(text) as { resources?: unknown[] }).resources?.length ?? 0;
  } catch (error) {
    throw new UserError({ what: `${where} is no Terraform state: ${(error as Error).message}` });
  }
};

async function localStates(directory: string, wanted: (stack: string) => boolean): Promise<StoredState[]> {
  const files = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const stacks = files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .filter(wanted);
  return Promise.all(
    stacks.map(async (stack) => {
      const file = join(directory, `${stack}${SUFFIX}`);
      return { stack, resources: countResources(await readFile(file, "utf8"), file) };
    }),
  );
}

async function s3States(
  { bucket, keyPrefix, region, roleArn, planRoleArn = roleArn }: Extract<StateBackend, { backend: "s3" }>,
  wanted: (stack: string) => boolean,
  env: NodeJS.ProcessEnv,
): Promise<StoredState[]> {
  // Loaded here, because most commands need no AWS SDK.
  const { S3Client, paginateListObjectsV2, GetObjectCommand } = await import("@aws-sdk/client-s3");
  // The list of states is read alone, also by who plans.
  const credentials = planRoleArn === undefined ? undefined : await roleCredentials(planRoleArn, region, env);
  const client = new S3Client({
    region,
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
    credentials,
    forcePathStyle: wantsPathStyle(env),
  });
  const states: StoredState[] = [];
  const Prefix = `${keyPrefix}/`;
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix })) {
    for (const { Key = "" } of page.Contents ?? []) {
      const stack = Key.slice(Prefix.length, -SUFFIX.length);
      if (!Key.endsWith(SUFFIX) || stack.includes("/") || !wanted(stack)) continue;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      states.push({
        stack,
        resources: countResources(await Body!.transformToString(), `s3://${bucket}/${Key}`),
      });
    }
  }
  return states;
}

async function roleCredentials(RoleArn: string, region: string, env: NodeJS.ProcessEnv) {
  const { STSClient, AssumeRoleCommand } = await import("@aws-sdk/client-sts");
  const { Credentials } = await new STSClient({ region, maxAttempts: attemptsIn(env) }).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "session-audit" }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}

/** Warns of states that have left the map. */
export async function warnOfOrphans(
  {
    organization,
    all,
  }: { readonly organization: Organization; readonly all: readonly { readonly id: string }[] },
  root: string,
  env: NodeJS.ProcessEnv,
  note: (text: string) => void,
): Promise<void> {
  const listing = await orphans(
    organization.state,
    all.map(({ id }) => id),
    { root, env },
  );
  if (listing.looked && listing.states.length > 0) {
    const ids = listing.states.map(({ stack }) => stack);
    note(
      `Warning: deployed, but not in the map any more: ${ids.join(", ")}. ` +
        "`session-audit list --orphans` says what to do.",
    );
  }
  if (!listing.looked && organization.state.backend === "s3") {
    note(`Warning: no look at states that have left the map: ${listing.reason}`);
  }
}

import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";

/**
 * A copy of the example map with a change.
 * @example exampleWith((map) => delete map.archive)
 */
export const exampleWith = (change: (map: AccountsMap) => void): AccountsMap => {
  const map = structuredClone(exampleMap);
  change(map);
  return map;
};

/** A place for a pipeline, with workers in CodeBuild. */
export const PIPELINE = {
  account: { id: "111111111111" },
  region: "eu-central-1",
  workers: {
    repository: "https://github.com/acme/session-audit.git",
    connection: "arn:aws:codeconnections:eu-central-1:111111111111:connection/0f0f0f0f",
  },
} satisfies NonNullable<AccountsMap["pipeline"]>;

/** Adds a pipeline to a map, and keeps the states in S3, where its workers find them. */
export function addPipeline(map: AccountsMap): void {
  map.state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "session-audit" };
  map.pipeline = PIPELINE;
}

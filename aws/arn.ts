/** The parts of an ARN; an empty text for what it leaves out. */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** All that follows the account, colons included. */
  readonly resource: string;
}

/** Takes an ARN apart. Of a text that is none, all parts are empty. */
export function arnParts(arn: string): ArnParts {
  const [, partition = "", service = "", region = "", accountId = "", ...resource] = arn.split(":");
  return { partition, service, region, accountId, resource: resource.join(":") };
}

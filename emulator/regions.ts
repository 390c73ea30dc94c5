import { ALL_REGIONS, dnsSuffix, partitionOf } from "../aws/regions";
import type { Identities } from "./clients/identities";
import { AwsError, ec2ErrorResponse, type AwsResponse, type Handler, type Room } from "./gateway/protocol";

/**
 * The regions that every account has, and that nobody can disable.
 * @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const ALWAYS_ENABLED = new Set([
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2"],
  ...["ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1"],
  ...["eu-west-2", "eu-west-3", "eu-north-1", "sa-east-1"],
]);

/** Which regions an account may use, as AWS Account Management knows it. */
export interface Regions {
  /** Refuses calls in disabled regions. It comes before every judgment: nobody is known there. */
  readonly refusals: Room;
  /** Answers `DescribeRegions`. */
  readonly answers: Room;
  /** Disables a region in an account. @throws AwsError `ValidationException` for a region that every account has */
  disable(accountId: string, region: string): void;
}

/**
 * Refuses every call in a region that its account has disabled, and answers `DescribeRegions`. At first, every region is
 * enabled: on AWS, regions that are younger than 2019 are not, until somebody enables them.
 */
export function regionsOf(identities: Identities): Regions {
  const disabled = new Set<string>();
  const isDisabled = (accountId: string, region: string) => disabled.has(`${accountId} ${region}`);

  /** Credentials are not known in a region that the account does not use. Each protocol has a code of its own for it. */
  const refuse: Handler = async ({ accessKeyId, region, service, protocol }) => {
    if (disabled.size === 0) return undefined;
    const { accountId } = await identities.of(accessKeyId, region);
    if (!isDisabled(accountId, region)) return undefined;
    if (service === "ec2") {
      const words = "AWS was not able to validate the provided access credentials";
      return ec2ErrorResponse(new AwsError("AuthFailure", words, 401));
    }
    const code =
      service === "s3"
        ? "InvalidAccessKeyId"
        : protocol === "query"
          ? "InvalidClientTokenId"
          : "UnrecognizedClientException";
    const status = protocol === "json" ? 400 : 403;
    throw new AwsError(code, "The security token included in the request is invalid.", status);
  };

  const describeRegions: Handler = async ({ accessKeyId, region, service, operation, body }) => {
    if (service !== "ec2" || operation !== "DescribeRegions") return undefined;
    const { accountId } = await identities.of(accessKeyId, region);
    const parameters = new URLSearchParams(body.toString("utf8"));
    const filtered = [...parameters.keys()].find((key) => key.startsWith("Filter."));
    if (filtered !== undefined)
      throw new AwsError("InvalidParameterValue", `DescribeRegions with ${filtered} is not emulated.`);
    const names = [...parameters].flatMap(([key, value]) => (key.startsWith("RegionName.") ? [value] : []));
    const partition = partitionOf(region) ?? "aws";
    const known = ALL_REGIONS.filter((name) => partitionOf(name) === partition);
    const invalid = names.find((name) => !known.includes(name));
    if (invalid !== undefined)
      throw new AwsError("InvalidParameterValue", `Invalid region provided: ${invalid}`);
    const all = parameters.get("AllRegions") === "true" || names.length > 0;
    const listed = known.filter(
      (name) => (names.length === 0 || names.includes(name)) && (all || !isDisabled(accountId, name)),
    );
    return regionsResponse(
      listed.map((name) => ({
        name,
        endpoint: `ec2.${name}.${dnsSuffix(partition)}`,
        status: ALWAYS_ENABLED.has(name)
          ? "opt-in-not-required"
          : isDisabled(accountId, name)
            ? "not-opted-in"
            : "opted-in",
      })),
    );
  };

  return {
    refusals: { handlers: [refuse] },
    answers: { handlers: [describeRegions] },
    disable: (accountId, region) => {
      if (ALWAYS_ENABLED.has(region))
        throw new AwsError("ValidationException", `The region ${region} is enabled by default.`);
      disabled.add(`${accountId} ${region}`);
    },
  };
}

/** @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
function regionsResponse(
  regions: readonly { readonly name: string; readonly endpoint: string; readonly status: string }[],
): AwsResponse {
  const items = regions.map(
    ({ name, endpoint, status }) =>
      `<item><regionName>${name}</regionName><regionEndpoint>${endpoint}</regionEndpoint>` +
      `<optInStatus>${status}</optInStatus></item>`,
  );
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body:
      `<?xml version="1.0" encoding="UTF-8"?><DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
      `<requestId>emulator</requestId><regionInfo>${items.join("")}</regionInfo></DescribeRegionsResponse>`,
  };
}

import type { Emulator } from "../../emulator";

/** An answer of EC2, as XML. */
export type Ec2 = (action: string, parameters?: Readonly<Record<string, string>>) => Promise<string>;

/**
 * Asks EC2 of the embedded AWS, which believes whatever key is named: there is no client of EC2 among the dependencies.
 * @throws Error with EC2's answer, unless it is a success
 */
export async function ec2Query(
  emulator: Emulator,
  { accountId, region }: { accountId: string; region: string },
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const { accessKeyId } = await emulator.credentials(accountId);
  const answer = await fetch(emulator.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }).toString(),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${action}: ${text}`);
  return text;
}

/** What stands in every element of a name. */
export const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text]) => text!);

/** The ids of the VPC that an account has by default in a region. */
export async function defaultVpc(ec2: Ec2) {
  const [vpcId] = textsOf(await ec2("DescribeVpcs"), "vpcId");
  const of = async (action: string, element: string) => [
    ...new Set(
      textsOf(await ec2(action, { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": vpcId! }), element),
    ),
  ];
  return {
    vpcId: vpcId!,
    subnetIds: await of("DescribeSubnets", "subnetId"),
    routeTableIds: await of("DescribeRouteTables", "routeTableId"),
  };
}

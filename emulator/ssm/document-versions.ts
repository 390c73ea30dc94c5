import { DescribeDocumentCommand } from "@aws-sdk/client-ssm";
import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { absentIf } from "../iam/deployed-policies";

const MOST = 50;

/**
 * `ListDocumentVersions`, which moto lacks: the versions of a document, the newest first, from moto's answers about each.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListDocumentVersions.html
 * @throws AwsError `InvalidDocument` when there is no such document
 */
export function documentVersions({ accounts, identities }: Pick<Core, "accounts" | "identities">): Handler {
  return async (request) => {
    if (request.service !== "ssm" || request.operation !== "ListDocumentVersions") return undefined;
    const parameters = JSON.parse(request.body.toString("utf8")) as {
      readonly Name: string;
      readonly MaxResults?: number;
      readonly NextToken?: string;
    };
    const { Name, MaxResults = MOST, NextToken } = parameters;
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    const { ssm } = await accounts.in(accountId, request.region);
    const latest = await absentIf("InvalidDocument", () => ssm.send(new DescribeDocumentCommand({ Name })));
    if (latest === undefined)
      throw new AwsError("InvalidDocument", `Document with name ${Name} does not exist.`);
    const newest = NextToken === undefined ? Number(latest.Document?.LatestVersion) : Number(NextToken);
    const versions: object[] = [];
    let version = newest;
    for (; version > 0 && versions.length < MaxResults; version--) {
      const describe = new DescribeDocumentCommand({ Name, DocumentVersion: String(version) });
      const found = (await absentIf("InvalidDocument", () => ssm.send(describe)))?.Document;
      if (found === undefined) continue;
      versions.push({
        Name,
        DocumentVersion: String(version),
        CreatedDate: (found.CreatedDate?.getTime() ?? 0) / 1000,
        IsDefaultVersion: found.DefaultVersion === String(version),
        DocumentFormat: found.DocumentFormat,
        Status: "Active",
      });
    }
    return jsonResponse({
      DocumentVersions: versions,
      ...(version > 0 && { NextToken: String(version) }),
    });
  };
}

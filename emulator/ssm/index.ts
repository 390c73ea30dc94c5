import { DescribeDocumentCommand } from "@aws-sdk/client-ssm";
import { isAwsDocument } from "../../aws/session-manager";
import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { absentIf } from "../iam/deployed-policies";
import { associations, type DocumentExists } from "./associations";
import { documentVersions } from "./document-versions";
import { instanceInformation } from "./instance-information";
import { Instances } from "./instances";
import { serviceSettings } from "./service-settings";

export type { Instance } from "./instances";

/** Systems Manager beyond moto, sessions aside: nodes, service settings and associations. */
export interface SsmRoom extends Room {
  readonly instances: Instances;
  readonly documentExists: DocumentExists;
}

/** Keeps the nodes of all accounts, and answers for service settings and associations. */
export function ssmRoom({ accounts, identities }: Core): SsmRoom {
  const instances = new Instances();
  const documentExists: DocumentExists = async (accountId, region, name) => {
    if (isAwsDocument(name)) return true;
    const { ssm } = await accounts.in(accountId, region);
    const describe = new DescribeDocumentCommand({ Name: name });
    return (await absentIf("InvalidDocument", () => ssm.send(describe))) !== undefined;
  };
  return {
    handlers: [
      serviceSettings(identities),
      associations(identities, documentExists),
      documentVersions({ accounts, identities }),
      instanceInformation(identities, instances),
    ],
    instances,
    documentExists,
  };
}

import {
  DescribeDocumentCommand,
  GetDocumentCommand,
  GetServiceSettingCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { DocumentVersions } from "../checks/preferences";
import { orNull } from "./seen";

/** The latest and the default version of a document; null: there is no such document. */
export const readDocument = (ssm: SSMClient, Name: string): Promise<DocumentVersions | null> =>
  orNull(["InvalidDocument"], async () => {
    const { Document } = await ssm.send(new DescribeDocumentCommand({ Name }));
    const [latest, byDefault] = [Document?.LatestVersion ?? "", Document?.DefaultVersion ?? ""];
    const contentOf = async (DocumentVersion: string) => {
      const { Content = "" } = await ssm.send(
        new GetDocumentCommand({ Name, DocumentVersion, DocumentFormat: "JSON" }),
      );
      return Content;
    };
    const content = await contentOf(latest);
    return {
      latest: { version: latest, content },
      default: { version: byDefault, content: byDefault === latest ? content : await contentOf(byDefault) },
    };
  });

/** The value of a service setting. @param SettingId its id or ARN */
export async function readServiceSetting(ssm: SSMClient, SettingId: string): Promise<string> {
  const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId }));
  return ServiceSetting?.SettingValue ?? "";
}

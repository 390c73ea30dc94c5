import { SsmServiceSetting } from "@cdktf/provider-aws/lib/ssm-service-setting";
import { Construct } from "constructs";
import { arns, type Place } from "../names";

/** Keeps everyone in this account and region from sharing an SSM document with the world. */
export class PublicSharingBlock extends Construct {
  constructor(scope: Construct, id: string, { place }: { readonly place: Place }) {
    super(scope, id);
    new SsmServiceSetting(this, "Default", {
      settingId: arns.serviceSetting(place, "/ssm/documents/console/public-sharing-permission"),
      settingValue: "Disable",
    });
  }
}

import { SsmServiceSetting } from "@cdktf/provider-aws/lib/ssm-service-setting";
import { Construct } from "constructs";
import { arns, type Place } from "../names";

/**
 * Blocks public sharing of SSM documents in one account and region, so that nobody can publish the preferences. The
 * prop `place` is that account and region.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html
 * @example
 * new PublicSharingBlock(this, "PublicSharing", { place });
 */
export class PublicSharingBlock extends Construct {
  constructor(scope: Construct, id: string, { place }: { readonly place: Place }) {
    super(scope, id);
    new SsmServiceSetting(this, "Default", {
      settingId: arns.serviceSetting(place, "/ssm/documents/console/public-sharing-permission"),
      settingValue: "Disable",
    });
  }
}

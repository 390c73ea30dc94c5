import { SsmAssociation } from "@cdktf/provider-aws/lib/ssm-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../../accounts/settings";

export interface InstanceAssociationProps {
  readonly name: string;
  /** Name of the document, whose default version is applied. */
  readonly document: string;
  readonly settings: Settings["prerequisites"];
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A document that State Manager applies to managed instances, again and again. */
export class InstanceAssociation extends Construct {
  /** AWS makes it up. */
  readonly associationId: string;

  constructor(
    scope: Construct,
    id: string,
    { name, document, settings, dependsOn = [] }: InstanceAssociationProps,
  ) {
    super(scope, id);
    const association = new SsmAssociation(this, "Default", {
      name: document,
      associationName: name,
      scheduleExpression: settings.schedule,
      applyOnlyAtCronInterval: settings.applyOnlyAtCronInterval,
      targets:
        settings.targets === "all"
          ? [{ key: "InstanceIds", values: ["*"] }]
          : settings.targets.map(({ tag, values }) => ({ key: `tag:${tag}`, values: [...values] })),
      maxConcurrency: settings.maxConcurrency,
      maxErrors: settings.maxErrors,
      complianceSeverity: settings.complianceSeverity,
      dependsOn: [...dependsOn],
    });
    this.associationId = association.associationId;
  }
}

import type { Construct } from "constructs";
import type { Account, Organization } from "../accounts/model/organization";
import { rolesOfInstances } from "../accounts/model/access";
import { BaseStack } from "./kit/base-stack";
import { AccessPolicy } from "./constructs/access-policy";
import { AccountEvents } from "./constructs/account-events";
import { InstanceProfile } from "./constructs/instance-profile";
import { ReportRole } from "./constructs/report-role";
import { SubscriptionRole } from "./constructs/subscription-role";
import { SessionTrail } from "./constructs/session-trail";
import { declareOrForget } from "./kit/declare-or-forget";
import { examined, examineKey } from "./existing/examine";
import { accountListenerOf } from "./events/account-listener";
import { forwardedFindings } from "./events/account-patterns";
import { accountForwardingOf } from "./events/forwarding";
import { watchedAccountOf } from "./events/watched-account";
import { homeOf, names, placeOf, stackIds } from "./names";
import { destinationsOf } from "./policies/destinations";
import { instancePolicy } from "./policies/instance-policy";
import { trailKeyPolicy } from "./policies/key-policy";
import { subscriptionsWithRole } from "./policies/log-subscription";
import { operatorPolicy, reviewerPolicy } from "./policies/people-policy";
import { reviewedIn } from "./policies/reviewed-buckets";
import { recordingsIn, reviewedRecordingsIn } from "./policies/recording-policy";
import { reportPolicy } from "./policies/report-policy";

/** What the stack of an account is made from. */
export interface AccountStackProps {
  readonly organization: Organization;
  readonly account: Account;
}

/** The reason for which findings on the statement `HoldSessions` are accepted. */
const ON_EVERY_RESOURCE =
  "ssm:UpdateInstanceInformation registers an instance, for which AWS's own policy names no resource either.";

/**
 * The stack of what an account has once, in its home region: policies for instances, operators and reviewers, the
 * roles of reports and log subscriptions, the trail, and the rule that forwards events of roles.
 * @example new AccountStack(app, { organization, account })
 */
export class AccountStack extends BaseStack {
  constructor(scope: Construct, { organization, account }: AccountStackProps) {
    const { access, tags, trail } = account.settings;
    super(scope, stackIds.account(account), { organization, account, region: account.homeRegion, tags });
    const place = homeOf(organization, account);
    const destinations = account.targets.map((target) => destinationsOf(organization, target));

    if (destinations.length > 0) {
      const instances = new AccessPolicy(this, "InstancePolicy", {
        name: names.instancePolicy(place),
        description: "What the SSM Agent needs to hold sessions and to record them",
        policy: instancePolicy(destinations),
        attachToRoles: rolesOfInstances(access),
        accepted: {
          CKV_AWS_290: ON_EVERY_RESOURCE,
          CKV_AWS_355: ON_EVERY_RESOURCE,
        },
      });
      this.output("instance_policy_arn", instances.arn);
      if (access.instanceProfile) {
        const { permissionsBoundaryArn } = access;
        new InstanceProfile(this, "InstanceProfile", {
          place,
          instancePolicy: instances,
          permissionsBoundaryArn,
        });
        this.output("instance_profile", names.instanceProfile(place));
      }
    }
    if (access.operatorPolicy && destinations.length > 0) {
      const operators = new AccessPolicy(this, "OperatorPolicy", {
        name: names.operatorPolicy(place),
        description: "For people who open sessions: recorded ones, and their own",
        policy: operatorPolicy(account, destinations, recordingsIn(organization, account)),
        accepted: {
          CKV_AWS_355: "ssm:GetConnectionStatus says whether an agent is connected, no more.",
        },
      });
      this.output("operator_policy_arn", operators.arn);
    }
    if (access.reviewerPolicy) {
      const reviewers = new AccessPolicy(this, "ReviewerPolicy", {
        name: names.reviewerPolicy(place),
        description: "For people who read the record of sessions",
        policy: reviewerPolicy(
          reviewedIn(organization, account, destinations),
          destinations,
          access.unmaskRoles,
          reviewedRecordingsIn(organization, account),
          organization.id,
        ),
        accepted: {
          CKV_AWS_355:
            "logs:GetQueryResults needs the id of a query, which only the caller who started the query knows.",
        },
      });
      this.output("reviewer_policy_arn", reviewers.arn);
    }
    const reported = reportPolicy(organization, account);
    // An account that has no servers and keeps no transcripts has nothing to report, and AWS refuses an empty policy.
    if (access.reporters.length > 0 && reported.Statement.length > 0) {
      const { reporters, permissionsBoundaryArn } = access;
      const report = new ReportRole(this, "ReportRole", {
        place,
        reporters,
        permissionsBoundaryArn,
        policy: reported,
      });
      this.output("report_role_arn", report.arn);
    }
    const subscriptions = subscriptionsWithRole(organization, account);
    if (subscriptions.length > 0) {
      const { permissionsBoundaryArn } = access;
      new SubscriptionRole(this, "SubscriptionRole", { place, subscriptions, permissionsBoundaryArn });
    }
    this.accountEvents(organization, account);
    // The trail is in the home region, so the settings of that region apply to it.
    const home = account.targets.find(({ region }) => region === account.homeRegion) ?? account;
    const { settings } = home;
    const wanted = trail === "create";
    declareOrForget(
      this,
      "Trail",
      { wanted, protect: settings.protect },
      (inner, id) => new SessionTrail(inner, id, { place, settings }),
    );
    if (wanted) {
      this.output("trail", names.trail(place));
      examineKey(this, "ExistingTrailKey", examined(place, account), {
        encryption: settings.encryption,
        policy: trailKeyPolicy(place),
        output: "required_trail_key_statements",
      });
    }
  }

  /**
   * Forwards events of the account's roles to their security channel and to the central channel, unless the security
   * channel is where AWS sends them.
   */
  private accountEvents(organization: Organization, account: Account): void {
    const listener = accountListenerOf(organization, account);
    if (listener === null || listener.forwardedFrom === null) return;
    const { access, tags } = account.settings;
    const { forwardedFrom: region, ignoredRoles } = listener;
    new AccountEvents(this, "AccountEvents", {
      place: placeOf(organization, { account, region }),
      to: listener.region,
      central: accountForwardingOf(organization, account),
      pattern: forwardedFindings(watchedAccountOf(organization, account), ignoredRoles),
      provider: this.provider("Global", { organization, account, region, tags }, "global"),
      permissionsBoundaryArn: access.permissionsBoundaryArn,
    });
  }
}

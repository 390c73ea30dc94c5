import { BOOTSTRAP_ROLES, names } from "../../stacks/names";
import { ADMINISTRATOR, actor, administratorOf, at, roleIn } from "../stacks/policies/helpers";
import {
  ARCHIVE,
  IDENTITY_POLICIES,
  NEWCOMER,
  PAYMENTS,
  PIPELINE_ACCOUNT,
  READERS,
  SANDBOX,
  STRANGER,
} from "./world";

/* Who the rows of the table are about, with the policies that the stacks give them. */

const { instance, operator, reviewerOf, report, replication } = IDENTITY_POLICIES;

export const anInstance = actor(roleIn(SANDBOX, "app-server"), instance);
export const anOperator = actor(roleIn(SANDBOX, "operator"), operator);
export const aReviewer = actor(READERS.sandbox, reviewerOf.sandbox);
export const reviewerOfArchive = actor(READERS.archive, reviewerOf.archive);
export const reviewerOfAll = actor(READERS.organization, reviewerOf.payments);
/** A reviewer whom the map does not name. */
export const unnamedReviewer = actor(roleIn(SANDBOX, "other-reviewer"), reviewerOf.sandbox);
/** Whoever makes reports, in the report role. */
export const aReporter = actor(roleIn(SANDBOX, names.report(at(SANDBOX))), report);
/** Administrators: of two member accounts, of the archive account, of an account outside of the map, of a stranger. */
export const member = administratorOf(SANDBOX);
export const otherMember = administratorOf(PAYMENTS);
export const owner = administratorOf(ARCHIVE);
export const newcomer = administratorOf(NEWCOMER);
export const stranger = administratorOf(STRANGER);
/** In the account of the pipeline: an administrator, the role that deploys with it, and the role that deploys it. */
export const ofPipeline = administratorOf(PIPELINE_ACCOUNT);
export const rollout = actor(roleIn(PIPELINE_ACCOUNT, BOOTSTRAP_ROLES.deploy), ADMINISTRATOR);
export const deployer = actor(roleIn(PIPELINE_ACCOUNT, "session-audit-deploy"), ADMINISTRATOR);
/** S3, in the role that replicates the archive. */
export const replicator = actor(roleIn(ARCHIVE, names.replicationRole(at(ARCHIVE))), replication);
/** The same after an administrator of the archive account has changed the policy of the role. */
export const mightyReplicator = actor(replicator.principal, ADMINISTRATOR);
/** Somebody whom a reader's role trusts acts as that role, whose policies an administrator of its account chooses. */
export const asReader = (role: string) => actor(role, ADMINISTRATOR);

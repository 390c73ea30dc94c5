import { LEFT_OUT_OF_EC2 } from "./left-out-ec2";
import { REASONS, type LeftOut } from "./left-out-reasons";

export type { LeftOut } from "./left-out-reasons";

/**
 * Every other call that changes something in a service of the table. A test fails if the installed AWS SDK packages
 * know a call that is neither here nor in the table.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    service: "ssm",
    calls: [
      ...[
        "SendCommand",
        "CancelCommand",
        "CreateAssociation*",
        "StartAssociationsOnce",
        "StartAccessRequest",
      ],
      ...["*AutomationExecution", "SendAutomationSignal", "StartChangeRequestExecution"],
      ...["*MaintenanceWindow*", "StartSession", "ResumeSession", "TerminateSession"],
    ],
    why: REASONS.access,
  },
  {
    service: "ssm",
    calls: [
      ...["*OpsItem", "*OpsItemRelatedItem", "*OpsMetadata", "*PatchBaseline*", "*ResourceDataSync"],
      ...["*Activation", "*CloudConnector", "*Inventory", "PutComplianceItems", "*ResourcePolicy"],
      ...["PutParameter", "DeleteParameter*", "*abelParameterVersion", "UpdateDocumentMetadata"],
      ...["UpdateAssociationStatus", "StartExecutionPreview"],
    ],
    why: REASONS.elsewhere,
  },
  {
    service: "ssm",
    calls: ["DeregisterManagedInstance"],
    why: "takes a node away from Systems Manager, so that nobody opens a session on it",
  },
  { service: "ssm-guiconnect", calls: ["StartConnection", "CancelConnection"], why: REASONS.access },
  {
    service: "logs",
    calls: [
      ...["CreateLogGroup", "CreateLogStream", "CreateLogAnomalyDetector", "CreateLookupTable"],
      "CreateImportTask",
    ],
    why: REASONS.new,
  },
  {
    service: "logs",
    calls: ["CreateExportTask", "*ScheduledQuery", "StartQuery", "StopQuery", "StartLiveTail"],
    why: "reads logs, for which the caller needs the permission",
  },
  {
    service: "logs",
    calls: [
      ...["*Delivery", "*DeliverySource", "*DeliveryDestination*", "UpdateDeliveryConfiguration"],
      ...["PutDestination*", "DeleteDestination", "*Integration", "*IndexPolicy", "*QueryDefinition"],
      ...["*LogAnomalyDetector", "UpdateAnomaly", "*LookupTable", "CancelExportTask", "CancelImportTask"],
      "*S3TableIntegration",
    ],
    why: REASONS.elsewhere,
  },
  {
    service: "logs",
    calls: ["TagLogGroup", "UntagLogGroup", "TagResource", "UntagResource"],
    why: REASONS.tags,
  },
  {
    service: "kms",
    calls: ["CreateAlias", "CreateKey", "CreateCustomKeyStore", "ReplicateKey"],
    why: REASONS.new,
  },
  {
    service: "kms",
    calls: [
      ...["Decapsulate", "Decrypt", "DeriveSharedSecret", "Encapsulate", "Encrypt", "Generate*", "ReEncrypt"],
      ...["Sign", "Verify", "VerifyMac"],
    ],
    why: REASONS.data,
  },
  {
    service: "kms",
    calls: [
      ...["CancelKeyDeletion", "ConnectCustomKeyStore", "EnableKey", "EnableKeyRotation"],
      "RotateKeyOnDemand",
    ],
    why: REASONS.more,
  },
  { service: "kms", calls: ["UpdateKeyDescription", "UpdatePrimaryRegion"], why: REASONS.elsewhere },
  { service: "kms", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "s3", calls: ["CreateBucket"], why: REASONS.new },
  {
    service: "s3",
    calls: ["CreateMultipartUpload", "UploadPart*", "AbortMultipartUpload"],
    why: "is a part of an upload, which only CompleteMultipartUpload turns into an object",
  },
  {
    service: "s3",
    calls: ["*ObjectAnnotation", "*ObjectTagging", "RestoreObject", "SelectObjectContent", "PutObjectAcl"],
    why: "does not change what an object contains, who reads it, or how long it stays",
  },
  {
    service: "s3",
    calls: [
      "CreateBucketMetadata*Configuration",
      "UpdateBucketMetadata*Configuration",
      ...["CreateSession", "RenameObject", "WriteGetObjectResponse"],
    ],
    why: REASONS.elsewhere,
  },
  { service: "cloudtrail", calls: ["Create*"], why: REASONS.new },
  {
    service: "cloudtrail",
    calls: [
      ...["*EventDataStore*", "*Channel", "*Dashboard", "*ResourcePolicy", "*Federation", "*Query"],
      ...["StartImport", "StopImport", "StartDashboardRefresh", "*OrganizationDelegatedAdmin"],
      ...["PutInsightSelectors", "PutEventConfiguration"],
    ],
    why: REASONS.elsewhere,
  },
  { service: "cloudtrail", calls: ["StartLogging"], why: REASONS.more },
  { service: "cloudtrail", calls: ["AddTags", "RemoveTags"], why: REASONS.tags },
  {
    service: "observabilityadmin",
    calls: ["*Telemetry*", "*DatasetIntegration", "*S3TableIntegration"],
    why: REASONS.elsewhere,
  },
  { service: "observabilityadmin", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "events", calls: ["Create*"], why: REASONS.new },
  {
    service: "events",
    calls: ["PutEvents", "PutPartnerEvents"],
    why: "sends events whose source cannot begin with aws., so that no rule matches them",
  },
  {
    service: "events",
    calls: ["StartReplay", "CancelReplay"],
    why: "repeats reports, and the guard ends no session twice",
  },
  {
    service: "events",
    calls: ["*EventSource", "*ApiDestination", "*Archive", "*Connection", "*Endpoint"],
    why: REASONS.elsewhere,
  },
  { service: "events", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "sns", calls: ["CreateTopic"], why: REASONS.new },
  {
    service: "sns",
    calls: ["Publish", "PublishBatch"],
    why: "the policy of a created topic refuses both to people and roles other than guards and reporters; an existing topic is its owner's",
  },
  { service: "sns", calls: ["ConfirmSubscription"], why: REASONS.data },
  {
    service: "sns",
    calls: ["*Platform*", "*Endpoint*", "*SMS*", "*PhoneNumber*"],
    why: REASONS.elsewhere,
  },
  { service: "sns", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "sqs", calls: ["CreateQueue"], why: REASONS.new },
  { service: "sqs", calls: ["SendMessage*", "ChangeMessageVisibility*"], why: REASONS.data },
  { service: "sqs", calls: ["CancelMessageMoveTask"], why: REASONS.more },
  { service: "sqs", calls: ["TagQueue", "UntagQueue"], why: REASONS.tags },
  { service: "monitoring", calls: ["DeleteAlarmMuteRule"], why: REASONS.more },
  {
    service: "monitoring",
    calls: [
      ...["*AnomalyDetector", "*Dashboard*", "*InsightRule*", "*MetricStream*", "*OTelEnrichment"],
      ...["*ResourceMetricsConfiguration", "*DatasetKmsKey"],
    ],
    why: REASONS.elsewhere,
  },
  { service: "monitoring", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "chatbot", calls: ["Create*", "Redeem*"], why: REASONS.new },
  {
    service: "chatbot",
    calls: [
      ...["*ChimeWebhookConfiguration", "*CustomAction", "*UserIdentity", "AssociateToConfiguration"],
      ...["DisassociateFromConfiguration", "UpdateAccountPreferences"],
    ],
    why: REASONS.elsewhere,
  },
  { service: "chatbot", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  {
    service: "lambda",
    calls: [
      ...[
        "*LayerVersion*",
        "*CapacityProvider",
        "CreateCodeSigningConfig",
        "UpdateCodeSigningConfig",
        "DeleteCodeSigningConfig",
        "*DurableExecution*",
      ],
      "DeleteEventSourceMapping",
    ],
    why: REASONS.elsewhere,
  },
  { service: "lambda", calls: ["PublishVersion"], why: REASONS.later },
  { service: "lambda", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  {
    service: "dynamodb",
    calls: ["CreateBackup", "CreateGlobalTable", "CreateTable", "ImportTable", "RestoreTable*"],
    why: REASONS.new,
  },
  { service: "dynamodb", calls: ["TransactGetItems", "ExportTableToPointInTime"], why: REASONS.data },
  {
    service: "dynamodb",
    calls: [
      ...["*KinesisStreamingDestination", "UpdateContributorInsights", "UpdateGlobalTable*"],
      ...["UpdateTableReplicaAutoScaling", "DeleteBackup", "CancelBulkOperation"],
    ],
    why: REASONS.elsewhere,
  },
  { service: "dynamodb", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  ...LEFT_OUT_OF_EC2,
  {
    service: "iam",
    calls: [
      ...[
        "*User",
        "PutUserPolicy",
        "DeleteUserPolicy",
        "*UserPermissionsBoundary",
        "*LoginProfile",
        "*AccessKey",
        "*MFADevice",
      ],
      ...["*SSHPublicKey", "*SigningCertificate", "*ServiceSpecificCredential", "ChangePassword"],
      ...["*Group", "PutGroupPolicy", "DeleteGroupPolicy", "*PasswordPolicy"],
    ],
    why: "is about users and groups: nothing records with them, and no user is exempt. If an exempt role or a reader's role trusts a user, whoever makes an access key of the user assumes the role",
  },
  {
    service: "iam",
    calls: [
      ...["*ServerCertificate", "*AccountAlias"],
      ...[
        "*DelegationRequest",
        "SendDelegationToken",
        "*OrganizationsRoot*",
        "*OutboundWebIdentityFederation",
      ],
      ...["PutAccountProperties", "SetSecurityTokenServicePreferences"],
    ],
    why: REASONS.elsewhere,
  },
  {
    service: "codebuild",
    calls: [
      ...["*Report", "*ReportGroup", "BatchPutTestCases", "BatchPutCodeCoverages", "*Fleet"],
      ...["*OAuthToken", "*SourceCredentials", "*ResourcePolicy", "InvalidateProjectCache", "DeleteWebhook"],
    ],
    why: REASONS.elsewhere,
  },
  {
    service: "codebuild",
    calls: ["Stop*", "BatchDeleteBuilds", "DeleteBuildBatch"],
    why: "ends a worker, whose items another worker takes, or deletes what is over",
  },
  { service: "states", calls: ["*Activity", "InvokeHTTPEndpoint", "TestState"], why: REASONS.elsewhere },
  { service: "states", calls: ["GetActivityTask"], why: REASONS.elsewhere },
  {
    service: "states",
    calls: ["SendTask*"],
    why: "needs the token of a task, which is in a message of the pipeline's queue, and deploys nothing",
  },
  { service: "states", calls: ["StopExecution"], why: "ends a rollout, which can be resumed" },
  {
    service: "states",
    calls: ["*StateMachineAlias", "*StateMachineVersion"],
    why: "does not change what an execution of the state machine itself does",
  },
  { service: "states", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
  { service: "iam", calls: ["Generate*"], why: REASONS.data },
  { service: "iam", calls: ["CreatePolicy"], why: REASONS.later },
  {
    service: "iam",
    calls: ["CreateSAMLProvider", "CreateOpenIDConnectProvider"],
    why: "makes something new, which no role trusts unless a provider of the same name was deleted before",
  },
  { service: "iam", calls: ["AcquireRole", "CreateServiceLinkedRole"], why: REASONS.new },
  {
    service: "account",
    calls: ["*PrimaryEmailUpdate", "*AlternateContact", "PutAccountName", "PutContactInformation"],
    why: REASONS.elsewhere,
  },
  { service: "account", calls: ["EnableRegion"], why: REASONS.new },
  {
    service: "organizations",
    calls: [
      ...["Create*", "AttachPolicy", "EnableAWSServiceAccess", "EnableAllFeatures", "EnablePolicyType"],
      ...["Invite*", "CancelHandshake", "DeclineHandshake"],
    ],
    why: REASONS.new,
  },
  {
    service: "organizations",
    calls: [
      ...["DeleteOrganization", "*OrganizationalUnit", "*ResourcePolicy", "*DelegatedAdministrator"],
      ...["DisableAWSServiceAccess", "*ResponsibilityTransfer"],
    ],
    // DeleteOrganization works only when no account but the management account is left.
    why: REASONS.elsewhere,
  },
  { service: "organizations", calls: ["TagResource", "UntagResource"], why: REASONS.tags },
];

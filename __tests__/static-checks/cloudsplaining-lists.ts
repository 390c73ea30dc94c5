/*
 * Actions by which Cloudsplaining judges policies, in lower case. A combination that contains another one is left out.
 * @see https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/shared/constants.py
 */

const each = (service: string, ...names: readonly string[]) => names.map((name) => `${service}:${name}`);

/** What a service runs with a role that the caller passes to it. */
const WITH_A_ROLE: readonly (readonly string[])[] = [
  ["apprunner:createservice"],
  each("bedrock-agentcore", "createcodeinterpreter", "startcodeinterpretersession", "invokecodeinterpreter"),
  ["cloudformation:createstack"],
  each("cloudformation", "createstackset", "createstackinstances"),
  ["cloudformation:updatestackset"],
  ...["startbuild", "startbuildbatch"].map((start) => each("codebuild", "createproject", start)),
  ["datapipeline:createpipeline"],
  ["ec2:requestspotinstances"],
  ["ec2:runinstances"],
  ...["createservice", "runtask", "starttask"].map((start) => each("ecs", "registertaskdefinition", start)),
  ["glue:createdevendpoint"],
  ...["createjob", "updatejob"].flatMap((job) =>
    ["startjobrun", "createtrigger"].map((start) => each("glue", job, start)),
  ),
  ...["invokefunction", "createeventsourcemapping", "addpermission"].map((start) =>
    each("lambda", "createfunction", start),
  ),
  ["sagemaker:createnotebookinstance"],
  ["sagemaker:createprocessingjob"],
  ["sagemaker:createtrainingjob"],
];

/** Combinations of actions with which a principal gets more permissions than it has. */
export const ESCALATIONS: readonly (readonly string[])[] = [
  ...each("iam", "createaccesskey", "createloginprofile", "updateloginprofile", "addusertogroup").map(
    (one) => [one],
  ),
  ...each("iam", "createpolicyversion", "setdefaultpolicyversion", "updateassumerolepolicy").map((one) => [
    one,
  ]),
  ...["user", "group", "role"].flatMap((who) => [[`iam:attach${who}policy`], [`iam:put${who}policy`]]),
  ...WITH_A_ROLE.map((actions) => ["iam:passrole", ...actions]),
  each("bedrock-agentcore", "startcodeinterpretersession", "invokecodeinterpreter"),
  each("cloudformation", "createchangeset", "executechangeset"),
  each("ec2", "createlaunchtemplateversion", "modifylaunchtemplate"),
  each("ec2", "modifyinstanceattribute", "stopinstances", "startinstances"),
  ["ec2-instance-connect:sendsshpublickey", "ec2:describeinstances"],
  each("ecs", "executecommand", "describetasks"),
  ["glue:updatedevendpoint"],
  ["lambda:updatefunctioncode"],
  ["sagemaker:createpresignednotebookinstanceurl"],
  each(
    "sagemaker",
    "createnotebookinstancelifecycleconfig",
    "stopnotebookinstance",
    "updatenotebookinstance",
    "startnotebookinstance",
  ),
];

/** Actions whose answer has credentials. checkov leaves out `ecr:GetAuthorizationToken`. */
export const CREDENTIALS: readonly string[] = [
  ...each("airflow", "createclitoken", "createweblogintoken"),
  ...["appsync:createapikey", "chime:createapikey", "cloud9:createenvironmenttoken"],
  ...["codeartifact:getauthorizationtoken", "codepipeline:pollforjobs", "cognito-idp:getsigningcertificate"],
  ...each(
    "cognito-identity",
    "getopenidtoken",
    "getopenidtokenfordeveloperidentity",
    "getcredentialsforidentity",
  ),
  ...each("connect", "getfederationtoken", "getfederationtokens"),
  ...["ec2:getpassworddata", "ecr-public:getauthorizationtoken"],
  ...["emr-containers:getmanagedendpointsessioncredentials", "finspace-api:getprogrammaticaccesscredentials"],
  ...each("gamelift", "requestuploadcredentials", "getinstanceaccess"),
  "grafana:createworkspaceapikey",
  ...each("iam", "createaccesskey", "createloginprofile", "updateaccesskey"),
  ...each("iam", "createservicespecificcredential", "resetservicespecificcredential"),
  "license-manager:getaccesstoken",
  ...each("lightsail", "getinstanceaccessdetails", "downloaddefaultkeypair", "createbucketaccesskey"),
  "lightsail:getrelationaldatabasemasteruserpassword",
  ...each("mediapackage", "rotatechannelcredentials", "rotateingestendpointcredentials"),
  ...["rds-db:connect", "redshift-serverless:getcredentials", "sso:getrolecredentials"],
  ...each("redshift", "getclustercredentials", "getclustercredentialswithiam"),
  ...each("sts", "assumerole", "assumerolewithsaml", "assumerolewithwebidentity"),
  ...each("sts", "getfederationtoken", "getsessiontoken"),
];

/** Actions that read, and that carry data away. */
export const EXFILTRATION: readonly string[] = [
  ...["s3:getobject", "secretsmanager:getsecretvalue"],
  ...each("ssm", "getparameter", "getparameters", "getparametersbypath"),
];
